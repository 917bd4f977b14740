package decision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// selectFound searches by words quarter by quarter, beginning where the list begins, and stops when the page is full.
// Each word and each filter carries its quarter in the index, so that a word of old records costs no more than one of
// new ones, and a word of every record no more than a quarter of them.
func selectFound(ctx context.Context, db pg.DB, from source, f Filter, body *Body) ([]lineRow, error) {
	lexemes, quarters, err := selectWordsAndQuarters(ctx, db, from, f.Text)
	if err != nil || len(lexemes) == 0 {
		return nil, err
	}
	args := pgx.StrictNamedArgs{"limit": f.Limit + 1}
	past, direction := "true", " DESC"
	if f.Sort == Oldest {
		direction = ""
		slices.Reverse(quarters)
	}
	if f.After != "" {
		c, err := readCursor(f.After, true)
		if err != nil {
			return nil, err
		}
		args["value"], args["id"] = day.Must(c.Value), c.ID
		past = "(s.sort_on, s.id) < (@value::date, @id::bigint)"
		if f.Sort == Oldest {
			past = "(s.sort_on, s.id) > (@value::date, @id::bigint)"
		}
		at := quarterOf(day.Must(c.Value))
		quarters = slices.DeleteFunc(quarters, func(q quarter) bool { return f.Sort == Oldest && q < at || f.Sort == Newest && q > at })
	}
	if f.Year != 0 {
		quarters = slices.DeleteFunc(quarters, func(q quarter) bool { return q.year() != f.Year })
	}
	queries := make([]string, 0, len(quarters))
	for _, q := range quarters {
		queries = append(queries, f.query(from.mark+q.String(), lexemes, from, body))
	}
	args["queries"] = queries
	rows, _ := db.Query(ctx, `
		WITH hits AS MATERIALIZED (
			SELECT h.id, h.sort_on FROM unnest(@queries::text[]) y (query), LATERAL (
				SELECT s.id, s.sort_on FROM `+from.search+` s WHERE s.words @@ y.query::tsquery AND `+past+`
				ORDER BY s.sort_on`+direction+`, s.id`+direction+` LIMIT @limit) h
			LIMIT @limit)
		SELECT l.id, l.organisation_id, l.number, l.ref, l.stage, l.was_made, l.key_decision, l.restriction, l.subject, l.maker_title, l.maker_key, l.sort_on,
		       l.notice_on, l.notice_precision, l.due_on, l.due_precision, l.made_on, l.made_precision, l.effective_on, l.effective_precision, l.origin,
		       l.is_demonstration, l.changed_at, '' AS sort_text
		FROM hits JOIN `+from.lines+` l ON l.id = hits.id ORDER BY l.sort_on`+direction+`, l.id`+direction, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[lineRow])
	if err != nil {
		return nil, fmt.Errorf("search the register: %w", err)
	}
	return list, nil
}

// quarter counts the quarters of the calendar.
type quarter int

func quarterOf(d day.Date) quarter { return quarter(4*d.Year() + (int(d.Month())-1)/3) }

func (q quarter) year() int { return int(q) / 4 }

// String is the quarter as the index has it: 2019q2.
func (q quarter) String() string { return fmt.Sprintf("%04dq%d", q.year(), int(q)%4+1) }

// selectWordsAndQuarters makes words of what somebody typed, as the index has them, and finds the quarters there are,
// the latest first.
func selectWordsAndQuarters(ctx context.Context, db pg.DB, from source, text string) (lexemes []string, quarters []quarter, err error) {
	var first, last day.Date
	err = db.QueryRow(ctx, `SELECT tsvector_to_array(to_tsvector('english', left(@text, 500))), (SELECT min(sort_on) FROM `+from.lines+` l), (SELECT max(sort_on) FROM `+from.lines+` m)`,
		pgx.StrictNamedArgs{"text": text}).Scan(&lexemes, &first, &last)
	if err != nil {
		return nil, nil, fmt.Errorf("read words to search for: %w", err)
	}
	if first.IsZero() {
		return nil, nil, nil
	}
	for q := quarterOf(last); q >= quarterOf(first); q-- {
		quarters = append(quarters, q)
	}
	return lexemes, quarters, nil
}

// query asks for the words and the filters in one quarter, as text of a tsquery.
func (f Filter) query(mark string, lexemes []string, from source, body *Body) string {
	terms := make([]string, 0, len(lexemes)+6)
	for _, l := range lexemes {
		terms = append(terms, quoted(mark+":"+l))
	}
	add := func(set bool, term string) {
		if set {
			terms = append(terms, quoted(mark+"="+term))
		}
	}
	if body != nil {
		add(true, fmt.Sprintf("b%d", body.ID))
	}
	add(f.Stage != "", "s"+string(f.Stage))
	add(f.Key != "", "k"+string(f.Key))
	add(f.Restriction != "", "r"+string(f.Restriction))
	add(f.Maker != "", "m"+strings.ToLower(strings.TrimSpace(f.Maker)))
	if !from.all {
		either := []string{quoted(mark + "=b-")} // of no body, where the actor has none
		for _, b := range from.bodies {
			either = append(either, quoted(fmt.Sprintf("%s=b%d", mark, b)))
		}
		terms = append(terms, "("+strings.Join(either, " | ")+")")
	}
	return strings.Join(terms, " & ")
}

// quoted is a word of a tsquery as it stands, whatever is in it.
func quoted(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(word) + "'"
}

// publishedNameOf gives the name of organisation o on a day from what is published.
const publishedNameOf = `
	coalesce((SELECT m.name FROM published.organisation_name m WHERE m.organisation_id = o.id
	 ORDER BY (m.during @> @today::date) DESC, (coalesce(m.starts_on, '-infinity') <= @today::date) DESC,
	          CASE WHEN coalesce(m.starts_on, '-infinity') <= @today::date THEN m.starts_on END DESC NULLS LAST, m.starts_on ASC NULLS FIRST
	 LIMIT 1), o.slug)`

const everyBody = `
	SELECT o.id, o.slug, ` + publishedNameOf + ` AS name FROM published.organisation o
	UNION ALL SELECT 0, '` + PartnershipSlug + `', coalesce((SELECT p.name FROM published.partnership p), '')`

// selectPublishedBody finds a body by its slug among those that anybody may know. Fault: NotFound.
func selectPublishedBody(ctx context.Context, db pg.DB, slug string, today day.Date) (Body, error) {
	// An organisation of the partnership's own slug would hide behind it.
	rows, _ := db.Query(ctx, `SELECT id, slug, name FROM (`+everyBody+`) b WHERE slug = @slug ORDER BY id LIMIT 1`, pgx.StrictNamedArgs{"slug": slug, "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return Body{}, fmt.Errorf("read body %q: %w", slug, err)
	}
	if len(list) == 0 {
		return Body{}, errNoBody
	}
	return list[0], nil
}

func selectBodiesByID(ctx context.Context, db pg.DB, ids []int64, today day.Date) (map[id.Organisation]Body, error) {
	rows, _ := db.Query(ctx, `SELECT id, slug, name FROM (`+everyBody+`) b WHERE id = ANY (@ids::bigint[])`, pgx.StrictNamedArgs{"ids": ids, "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return nil, fmt.Errorf("read the bodies of records: %w", err)
	}
	bodies := make(map[id.Organisation]Body, len(list))
	for _, b := range list {
		bodies[b.ID] = b
	}
	return bodies, nil
}
