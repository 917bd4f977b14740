package decision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
)

// The ranks of what is found, the best first: the number itself, all words in the subject, all words somewhere.
const (
	ofNumber = iota
	ofSubject
	ofText
)

// Signs between the quarter and the word in the index: words of the open text, those of the subject, numbers in their
// forms, and what a list is narrowed by.
const (
	inText    = ":"
	inSubject = "~"
	inNumbers = "#"
	inFilters = "="
)

// look is one look into the index: one rank in some quarters.
type look struct {
	rank  int
	query string // a tsquery
	past  bool   // only what comes after the cursor
}

// foundRow is a line with the look that found it.
type foundRow struct {
	lineRow
	Look int
}

// selectFound searches by words quarter by quarter, beginning where the list begins, and stops when the page is full.
// Each word and each filter carries its quarter in the index, so that a word of old records costs no more than one of
// new ones, and a word of every record no more than a quarter of them. The best match first means rank by rank: that
// needs no look at all hits. What follows the page is in next.
func selectFound(ctx context.Context, db pg.DB, from source, f Filter, body *Body) (rows []lineRow, next string, found Search, err error) {
	var after *cursor
	if f.After != "" {
		c, err := readCursor(f.After, true)
		if err != nil {
			return nil, "", found, err
		}
		after = &c
	}
	w, err := selectWanted(ctx, db, from, f, body)
	if err != nil || w.none() {
		found.NoWords = err == nil && len(w.quarters) > 0
		return nil, "", found, err
	}
	if after == nil || !after.Close {
		if rows, next, err = w.selectRows(ctx, db, after); err != nil || len(rows) > 0 || after != nil {
			return rows, next, found, err
		}
	}
	if found, err = w.widen(ctx, db); err != nil || len(found.Close) == 0 {
		return nil, "", found, err
	}
	rows, next, err = w.selectRows(ctx, db, after)
	return rows, next, found, err
}

// looks are the looks into the index in the order of the list, from the cursor on.
func (w wanted) looks(after *cursor) (list []look) {
	ranks := []int{ofText}
	if w.Sort == Usual {
		ranks = []int{ofNumber, ofSubject, ofText}
	}
	for _, rank := range ranks {
		if after != nil && rank < after.Rank {
			continue
		}
		here, quarters := after != nil && rank == after.Rank, w.quarters
		if here {
			at := quarterOf(day.Must(after.Value))
			quarters = slices.DeleteFunc(slices.Clone(quarters), func(q quarter) bool { return w.passed(q, at) })
		}
		spans := spansOf(quarters)
		if rank == ofNumber { // few records have it
			spans = [][]quarter{quarters}
		}
		for _, span := range spans {
			if query := w.query(span, func(mark string) string { return w.term(rank, mark) }); query != "" {
				list = append(list, look{rank, query, here})
			}
		}
	}
	return list
}

// longestSpan is how many quarters one look takes at most: a word of every record of theirs must not cost too much.
const longestSpan = 4

// spansOf parts quarters: the first by themselves, where a frequent word fills the page, and then longer and longer spans.
func spansOf(quarters []quarter) (spans [][]quarter) {
	for n, taken := 1, 0; len(quarters) > 0; n = min(max(taken, 1), longestSpan) {
		n = min(n, len(quarters))
		spans, quarters = append(spans, quarters[:n]), quarters[n:]
		taken += n
	}
	return spans
}

// query asks for the same in each quarter of a span. It is empty where there is nothing to ask.
func (w wanted) query(span []quarter, term func(mark string) string) string {
	either := make([]string, 0, len(span))
	for _, q := range span {
		if t := term(w.from.mark + q.String()); t != "" {
			either = append(either, "("+t+")")
		}
	}
	return strings.Join(either, " | ")
}

// passed tells whether a quarter comes before that of the cursor.
func (w wanted) passed(q, at quarter) bool {
	return w.Sort == Oldest && q < at || w.Sort != Oldest && q > at
}

// selectRows takes the looks until the page is full.
func (w wanted) selectRows(ctx context.Context, db pg.DB, after *cursor) (rows []lineRow, next string, err error) {
	looks := w.looks(after)
	list, err := w.selectLooks(ctx, db, looks, after)
	if err != nil {
		return nil, "", err
	}
	for _, r := range list {
		rows = append(rows, r.lineRow)
	}
	if len(rows) > w.Limit {
		rows = rows[:w.Limit]
		last := list[w.Limit-1]
		next = cursor{Value: last.SortOn.String(), ID: last.ID, Rank: looks[last.Look-1].rank, Close: w.close}.String()
	}
	return rows, next, nil
}

func (w wanted) selectLooks(ctx context.Context, db pg.DB, looks []look, after *cursor) ([]foundRow, error) {
	sql, args := w.sql(looks, after)
	rows, _ := db.Query(ctx, sql, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[foundRow])
	if err != nil {
		return nil, fmt.Errorf("search the register: %w", err)
	}
	return list, nil
}

func (w wanted) sql(looks []look, after *cursor) (string, pgx.StrictNamedArgs) {
	args := pgx.StrictNamedArgs{"limit": w.Limit + 1}
	queries, pasts := make([]string, len(looks)), make([]bool, len(looks))
	for i, l := range looks {
		queries[i], pasts[i] = l.query, l.past
	}
	args["queries"] = queries
	sign, direction, past := "<", " DESC", ""
	if w.Sort == Oldest {
		sign, direction = ">", ""
	}
	if after != nil {
		args["value"], args["id"], args["pasts"] = day.Must(after.Value), after.ID, pasts
		past = ` AND (NOT (@pasts::boolean[])[y.n] OR (s.sort_on, s.id) ` + sign + ` (@value::date, @id::bigint))`
	}
	return `
		WITH hits AS MATERIALIZED (
			SELECT y.n, h.id FROM unnest(@queries::text[]) WITH ORDINALITY y (query, n), LATERAL (
				SELECT s.id, s.sort_on FROM ` + w.from.search + ` s WHERE s.words @@ y.query::tsquery` + past + `
				ORDER BY s.sort_on` + direction + `, s.id` + direction + ` LIMIT @limit) h
			LIMIT @limit)
		SELECT l.id, l.organisation_id, l.number, l.ref, l.stage, l.was_made, l.key_decision, l.restriction, l.subject, l.maker_title, l.maker_key, l.sort_on,
		       l.notice_on, l.notice_precision, l.due_on, l.due_precision, l.made_on, l.made_precision, l.effective_on, l.effective_precision, l.origin,
		       l.is_demonstration, l.changed_at, '' AS sort_text, hits.n AS look
		FROM hits JOIN ` + w.from.lines + ` l ON l.id = hits.id ORDER BY hits.n, l.sort_on` + direction + `, l.id` + direction, args
}

// term is what is asked for at one rank in one quarter, as text of a tsquery. What a better rank has is left to that. It
// is empty where nothing can have that rank.
func (w wanted) term(rank int, mark string) string {
	number, subject, text := "", w.all(mark, inSubject), w.all(mark, inText)
	if w.number != "" {
		number = quoted(mark + inNumbers + w.number)
	}
	var terms []string
	switch {
	case rank == ofNumber:
		terms = []string{number}
	case text == "" && w.Sort != Usual:
		terms = []string{number}
	case text == "":
		return ""
	case w.Sort != Usual && number != "":
		terms = []string{"(" + number + " | (" + text + "))"}
	case w.Sort != Usual:
		terms = []string{text}
	case rank == ofSubject:
		terms = []string{subject}
	default:
		terms = []string{text, "!(" + subject + ")"}
	}
	if terms[0] == "" {
		return ""
	}
	if w.Sort == Usual && rank != ofNumber && number != "" {
		terms = append(terms, "!"+number)
	}
	return strings.Join(append(terms, w.filters(mark)...), " & ")
}

// all asks for every word, each in one of its spellings.
func (w wanted) all(mark, sign string) string {
	terms := make([]string, 0, len(w.words))
	for _, spellings := range w.words {
		either := make([]string, 0, len(spellings))
		for _, s := range spellings {
			either = append(either, quoted(mark+sign+s))
		}
		terms = append(terms, "("+strings.Join(either, " | ")+")")
	}
	return strings.Join(terms, " & ")
}

// filters ask for what the list is narrowed by, and for the bodies whose records the actor reads.
func (w wanted) filters(mark string) (terms []string) {
	add := func(set bool, term string) {
		if set {
			terms = append(terms, quoted(mark+inFilters+term))
		}
	}
	if w.body != nil {
		add(true, fmt.Sprintf("b%d", w.body.ID))
	}
	add(w.Stage != "", "s"+string(w.Stage))
	add(w.Key != "", "k"+string(w.Key))
	add(w.Restriction != "", "r"+string(w.Restriction))
	add(w.Maker != "", "m"+strings.ToLower(strings.TrimSpace(w.Maker)))
	if !w.from.all {
		either := []string{quoted(mark + inFilters + "b-")} // of no body, where the actor has none
		for _, b := range w.from.bodies {
			either = append(either, quoted(fmt.Sprintf("%s%sb%d", mark, inFilters, b)))
		}
		terms = append(terms, "("+strings.Join(either, " | ")+")")
	}
	return terms
}

// quoted is a word of a tsquery as it stands, whatever is in it.
func quoted(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(word) + "'"
}

// quarter counts the quarters of the calendar.
type quarter int

func quarterOf(d day.Date) quarter { return quarter(4*d.Year() + (int(d.Month())-1)/3) }

func (q quarter) year() int { return int(q) / 4 }

// String is the quarter as the index has it: 2019q2.
func (q quarter) String() string { return fmt.Sprintf("%04dq%d", q.year(), int(q)%4+1) }

// quarters are those from a first to a last day, in the order of the list.
func (f Filter) quarters(first, last day.Date) (list []quarter) {
	if first.IsZero() {
		return nil
	}
	for q := quarterOf(last); q >= quarterOf(first); q-- {
		if f.Year == 0 || q.year() == f.Year {
			list = append(list, q)
		}
	}
	if f.Sort == Oldest {
		slices.Reverse(list)
	}
	return list
}
