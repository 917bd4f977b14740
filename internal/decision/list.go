package decision

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Sort is the order of a list.
type Sort string

// The orders. A search by words knows the first three alone.
const (
	Usual      Sort = "" // the best match first in a search by words, and otherwise the newest
	Newest     Sort = "newest"
	Oldest     Sort = "oldest"
	ByNumber   Sort = "number"
	ByNumberUp Sort = "number-descending"
	BySubject  Sort = "subject"
)

// Sorts lists them.
func Sorts() []Sort { return []Sort{Usual, Newest, Oldest, ByNumber, ByNumberUp, BySubject} }

// Filter narrows the register; zero values mean any.
type Filter struct {
	Body        string // slug; PartnershipSlug for the partnership itself
	Stage       Stage
	Key         KeyState
	Year        int    // of the day that the record is listed under
	Maker       string // the decision maker's post, capitals aside
	Restriction Restriction
	Text        string // words, all of which the open text has
	Sort        Sort
	After       string // Page.Next of the page before
	Limit       int    // 50 unless given, 500 at most
}

// Line is a record in the register.
type Line struct {
	ID              id.Decision
	Body            Body
	Number          string
	Ref             string
	Stage           Stage
	WasMade         bool
	Key             KeyState
	Restriction     Restriction
	Subject         string
	Maker           string
	ListedOn        day.Date // made, or else due, or else of the notice, or else recorded
	NoticeOn        day.Approx
	DueOn           day.Approx
	MadeOn          day.Approx
	EffectiveOn     day.Approx
	Origin          Origin
	IsDemonstration bool
	ChangedAt       time.Time
}

// IsMade tells whether there is a decision: made, and not withdrawn since.
func (l Line) IsMade() bool { return Record{Stage: l.Stage, WasMade: l.WasMade}.IsMade() }

// Heading says in words whether a decision was made.
func (l Line) Heading() string { return Record{Stage: l.Stage, WasMade: l.WasMade}.Heading() }

// Page is a page of the register.
type Page struct {
	Lines []Line
	Next  string // for Filter.After; empty on the last page
	// Search says how words to search for were taken.
	Search Search
}

// source is where a list is read: the register as published, or as worked on. Both have the same columns.
type source struct {
	lines  string
	search string
	mark   string // before the words of a quarter
	bodies []id.Organisation
	all    bool // every body, and not bodies alone
}

const lineColumns = `organisation_id, number, ref, stage, was_made, key_decision, restriction, subject, maker_title, maker_key, sort_on, notice_on, notice_precision,
	due_on, due_precision, made_on, made_precision, effective_on, effective_precision, origin, is_demonstration, changed_at`

var publicSource = source{lines: "published.decision", search: "published.decision_search", mark: "p", all: true}

func deskSource(by authz.Actor) source {
	s := source{lines: `(SELECT decision_id AS id, ` + lineColumns + ` FROM decision_line WHERE NOT is_public)`,
		search: `(SELECT decision_id AS id, sort_on, words FROM decision_search WHERE NOT is_public)`, mark: "d", all: readsAll(by)}
	if !s.all {
		s.bodies = OwnBodies(by)
		if CanRead(by, 0) {
			s.bodies = append(s.bodies, 0)
		}
	}
	return s
}

// List reads a page of the register as it is worked on: what is not published too, of the bodies whose records the actor
// reads. Faults: Forbidden, Invalid (a cursor that is none), NotFound (the body).
func (s *Service) List(ctx context.Context, by authz.Actor, f Filter) (Page, error) {
	if !CanReadAny(by) {
		return Page{}, errMayNotRead
	}
	return selectPage(ctx, s.db, deskSource(by), f, day.Of(s.now()))
}

const (
	usualLimit = 50
	mostLines  = 500
)

// cursor is where a page ended.
type cursor struct {
	Value string `json:"v"`
	ID    int64  `json:"i"`
	Rank  int    `json:"r,omitempty"` // of a search by words, the best match first
	Close bool   `json:"c,omitempty"` // words were taken for others
}

var errCursor = fault.Field("after", "This page of the register can't be found. Begin at the first one.")

func (c cursor) String() string {
	b, _ := json.Marshal(c) // a string and a number always can be
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string, isDay bool) (c cursor, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &c) != nil || strings.ContainsRune(c.Value, 0) {
		return c, errCursor
	}
	if isDay {
		if _, err := day.Parse(c.Value); err != nil {
			return c, errCursor
		}
	}
	return c, nil
}

// orders say in SQL how a list is sorted: its expression, with the type of the cursor's value, and the direction.
var orders = map[Sort]struct {
	by   string
	cast string
	down bool
}{
	Usual: {"sort_on", "date", true}, Newest: {"sort_on", "date", true}, Oldest: {"sort_on", "date", false}, ByNumber: {"number", "text", false},
	ByNumberUp: {"number", "text", true}, BySubject: {"lower(left(subject, 200))", "text", false},
}

func (s Sort) isDay() bool { return s == Usual || s == Newest || s == Oldest }

// selectPage reads one line more than a page has, to know whether there is another.
func selectPage(ctx context.Context, db pg.DB, from source, f Filter, today day.Date) (Page, error) {
	words := strings.TrimSpace(f.Text) != ""
	if _, ok := orders[f.Sort]; !ok || words && !f.Sort.isDay() {
		f.Sort = Usual
	}
	if !words && f.Sort == Usual {
		f.Sort = Newest
	}
	if f.Limit <= 0 {
		f.Limit = usualLimit
	}
	f.Limit = min(f.Limit, mostLines)
	var body *Body
	if f.Body != "" {
		found, err := selectPublishedBody(ctx, db, f.Body, today)
		if err != nil {
			return Page{}, err
		}
		body = &found
	}
	read := selectFiltered
	if words {
		read = selectFound
	}
	rows, next, search, err := read(ctx, db, from, f, body)
	if err != nil {
		return Page{}, err
	}
	lines, err := withBodies(ctx, db, rows, today)
	return Page{Lines: lines, Next: next, Search: search}, err
}

type lineRow struct {
	ID, OrganisationID                                               int64
	Number, Ref, Stage                                               string
	WasMade                                                          bool
	KeyDecision, Restriction, Subject, MakerTitle, MakerKey          string
	SortOn, NoticeOn, DueOn, MadeOn, EffectiveOn                     day.Date
	NoticePrecision, DuePrecision, MadePrecision, EffectivePrecision *string
	Origin                                                           string
	IsDemonstration                                                  bool
	ChangedAt                                                        time.Time
	SortText                                                         string
}

func (w lineRow) sortValue(s Sort) string {
	if s.isDay() {
		return w.SortOn.String()
	}
	return w.SortText
}

func (w lineRow) line(b Body) Line {
	return Line{ID: id.Decision(w.ID), Body: b, Number: w.Number, Ref: w.Ref, Stage: Stage(w.Stage), WasMade: w.WasMade, Key: KeyState(w.KeyDecision),
		Restriction: Restriction(w.Restriction), Subject: w.Subject, Maker: w.MakerTitle, ListedOn: w.SortOn, NoticeOn: approx(w.NoticeOn, w.NoticePrecision),
		DueOn: approx(w.DueOn, w.DuePrecision), MadeOn: approx(w.MadeOn, w.MadePrecision), EffectiveOn: approx(w.EffectiveOn, w.EffectivePrecision),
		Origin: Origin(w.Origin), IsDemonstration: w.IsDemonstration, ChangedAt: w.ChangedAt}
}

// clauses are the filters as SQL, only those that are set.
func (f Filter) clauses(from source, body *Body, args pgx.StrictNamedArgs) []string {
	clauses := []string{"true"}
	add := func(clause, name string, value any) {
		clauses = append(clauses, clause)
		args[name] = value
	}
	if !from.all {
		add("organisation_id = ANY (@bodies::bigint[])", "bodies", from.bodies)
	}
	if body != nil {
		add("organisation_id = @body", "body", int64(body.ID))
	}
	if f.Stage != "" {
		add("stage = @stage", "stage", string(f.Stage))
	}
	if f.Key != "" {
		add("key_decision = @key", "key", string(f.Key))
	}
	if f.Restriction != "" {
		add("restriction = @restriction", "restriction", string(f.Restriction))
	}
	if f.Maker != "" {
		add("maker_key = lower(btrim(@maker))", "maker", f.Maker)
	}
	if first, ok := day.New(f.Year, time.January, 1); f.Year != 0 {
		if !ok {
			return append(clauses, "false")
		}
		args["from"], args["until"] = first, first.AddYears(1)
		clauses = append(clauses, "sort_on >= @from::date AND sort_on < @until::date")
	}
	return clauses
}

// selectFiltered reads a page without words to search for, along an index.
func selectFiltered(ctx context.Context, db pg.DB, from source, f Filter, body *Body) (rows []lineRow, next string, none Search, err error) {
	sql, args, err := f.sql(from, body)
	if err != nil {
		return nil, "", none, err
	}
	found, _ := db.Query(ctx, sql, args)
	if rows, err = pgx.CollectRows(found, pgx.RowToStructByName[lineRow]); err != nil {
		return nil, "", none, fmt.Errorf("read the register: %w", err)
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[len(rows)-1]
		next = cursor{Value: last.sortValue(f.Sort), ID: last.ID}.String()
	}
	return rows, next, none, nil
}

// sql is the statement that reads a page without words to search for. Fault: Invalid (a cursor that is none).
func (f Filter) sql(from source, body *Body) (string, pgx.StrictNamedArgs, error) {
	args := pgx.StrictNamedArgs{"limit": f.Limit + 1}
	clauses := f.clauses(from, body, args)
	o, sign, direction := orders[f.Sort], ">", ""
	if o.down {
		sign, direction = "<", " DESC"
	}
	if f.After != "" {
		c, err := readCursor(f.After, f.Sort.isDay())
		if err != nil {
			return "", nil, err
		}
		args["value"], args["id"] = c.Value, c.ID
		clauses = append(clauses, fmt.Sprintf("(%s, id) %s (@value::text::%s, @id::bigint)", o.by, sign, o.cast))
	}
	return `SELECT id, ` + lineColumns + `, (` + o.by + `)::text AS sort_text FROM ` + from.lines + ` l WHERE ` + strings.Join(clauses, " AND ") + `
		ORDER BY ` + o.by + direction + `, id` + direction + ` LIMIT @limit`, args, nil
}

// withBodies gives each line the body whose record it is, under today's name.
func withBodies(ctx context.Context, db pg.DB, rows []lineRow, today day.Date) ([]Line, error) {
	var ids []int64
	for _, w := range rows {
		if !slices.Contains(ids, w.OrganisationID) {
			ids = append(ids, w.OrganisationID)
		}
	}
	bodies, err := selectBodiesByID(ctx, db, ids, today)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(rows))
	for _, w := range rows {
		lines = append(lines, w.line(bodies[id.Organisation(w.OrganisationID)]))
	}
	return lines, nil
}
