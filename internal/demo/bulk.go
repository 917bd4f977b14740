package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
)

// Bulk says how much realistic data to add for measurements. Each count is of one kind of record.
type Bulk struct {
	Agencies  int // relevant agencies
	Decisions int // records of decision
	Versions  int // published versions of documents, each signed by every safeguarding partner
	Years     int // over how many years agencies begin, are renamed and end, and decisions are made
	Today     day.Date
}

// MostAgencies is how many agencies one run adds at most.
const MostAgencies = 100_000

var errBulkSize = errors.New("say how much: at most 100,000 agencies, 1,000,000 decisions and 10,000 versions, over 1 to 100 years")

// agencyKind is a kind of agency: how its bodies are called, and under which paragraph of the Schedule they fall.
type agencyKind struct {
	name      string
	kind      string
	paragraph int
}

var agencyKinds = []agencyKind{
	{"Primary School", "education", 4}, {"Church of England Primary School", "education", 4}, {"Catholic Primary School", "education", 4},
	{"Community Infant School", "education", 4}, {"Junior School", "education", 4}, {"Grammar School", "education", 4}, {"High School", "education", 4},
	{"Academy", "education", 1}, {"Primary Academy", "education", 1}, {"Sixth Form Academy", "education", 2}, {"Nursery School", "education", 5},
	{"Pupil Referral Unit", "education", 6}, {"Preparatory School", "education", 7}, {"Special School", "education", 8}, {"College", "education", 10},
	{"Pre-school", "education", 13}, {"Day Nursery", "education", 13}, {"Childminding", "education", 13}, {"Children’s Centre", "education", 14},
	{"Fostering", "voluntary", 20}, {"Children’s Home", "voluntary", 21}, {"Family Centre", "voluntary", 22}, {"Youth Club", "voluntary", 33},
	{"Parish Church", "voluntary", 34}, {"Football Club", "voluntary", 35}, {"Swimming Club", "voluntary", 35}, {"Leisure Trust", "voluntary", 35},
	{"Health Trust", "health", 16}, {"Community Health Service", "health", 24}, {"Youth Justice Service", "criminal justice", 27},
}

var (
	placeStarts = strings.Fields("Ash Beech Bell Black Bourne Bridge Brook Castle Chapel Clare Cliff Court Cran Dart Deal East Elm Farn Field Ford Fox Green Grove Hart Hawk Hazel Heath High Hill Holly Horse King Lark Leigh Lime Long Maple Marsh Mead Mill Moor New North Oak Old Orchard Park Pen Pine Quarry Red River Rose Sand South Stone Sutton Thorn Wal West White Willow Wood")
	placeEnds   = strings.Fields("bourne bridge bury combe dean den field ford gate ham hill hurst ley mead minster more stead stone ton wick wood worth")
)

// history is one agency with all that happened to it.
type history struct {
	slug      string
	kind      agencyKind
	names     []string
	nameFrom  []day.Date // of each name
	begins    day.Date
	ends      day.Date // none: it lasts
	rebased   day.Date // first day on another basis; none: never
	invitee   bool
	uncategor bool
}

// histories makes agencies that are the same for the same numbers, so that measurements can be compared.
func histories(b Bulk) []history {
	r := rand.New(rand.NewPCG(2019, uint64(b.Agencies)*1000+uint64(b.Years)))
	days := b.Years * 365
	list := make([]history, b.Agencies)
	for i := range list {
		place := placeStarts[r.IntN(len(placeStarts))] + placeEnds[r.IntN(len(placeEnds))]
		kind := agencyKinds[r.IntN(len(agencyKinds))]
		h := history{kind: kind, begins: b.Today.Add(-r.IntN(days)), invitee: r.IntN(20) == 0, uncategor: r.IntN(50) == 0}
		h.names, h.nameFrom = []string{place + " " + kind.name}, []day.Date{h.begins.Add(-365)}
		lasts := h.begins.DaysUntil(b.Today)
		for range r.IntN(4) { // renames
			from := h.nameFrom[len(h.nameFrom)-1].Add(30 + r.IntN(lasts/2+400))
			if from.After(b.Today) {
				break
			}
			word := []string{"The ", "Saint Mary’s ", "New ", "United "}[r.IntN(4)]
			h.names, h.nameFrom = append(h.names, word+place+" "+kind.name), append(h.nameFrom, from)
		}
		if lasts > 60 && r.IntN(6) == 0 {
			h.ends = h.begins.Add(30 + r.IntN(lasts-30))
		} else if lasts > 60 && r.IntN(12) == 0 {
			h.rebased = h.begins.Add(30 + r.IntN(lasts-30))
		}
		h.slug = fmt.Sprintf("seed-%d-%s", i+1, strings.NewReplacer(" ", "-", "’", "").Replace(strings.ToLower(place+" "+kind.name)))
		list[i] = h
	}
	return list
}

// LoadBulk adds the data to a database, in the caller's transaction. All of it is marked as demonstration data.
func LoadBulk(ctx context.Context, tx pgx.Tx, b Bulk) error {
	if min(b.Agencies, b.Decisions, b.Versions) < 0 || max(b.Agencies, b.Decisions, b.Versions) == 0 || b.Agencies > MostAgencies || b.Decisions > MostDecisions ||
		b.Versions > MostVersions || b.Years < 1 || b.Years > 100 {
		return errBulkSize
	}
	if b.Agencies > 0 {
		if err := loadBulkAgencies(ctx, tx, b); err != nil {
			return err
		}
	}
	if b.Decisions > 0 {
		if err := loadDecisions(ctx, tx, b); err != nil {
			return err
		}
	}
	if b.Versions > 0 {
		return loadVersions(ctx, tx, b)
	}
	return nil
}

func loadBulkAgencies(ctx context.Context, tx pgx.Tx, b Bulk) error {
	var taken bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM organisation WHERE slug LIKE 'seed-1-%')`).Scan(&taken); err != nil {
		return fmt.Errorf("look for earlier bulk data: %w", err)
	}
	if taken {
		return errors.New("the database has bulk agencies already; use another database or PORTAL_DATA_DIR")
	}
	list := histories(b)
	ids, err := insertBodies(ctx, tx, list)
	if err != nil {
		return err
	}
	if err := insertBulkNames(ctx, tx, list, ids); err != nil {
		return err
	}
	if err := insertTerms(ctx, tx, list, ids); err != nil {
		return err
	}
	return insertBulkReaders(ctx, tx, ids, b.Today)
}

func insertBodies(ctx context.Context, tx pgx.Tx, list []history) (map[string]int64, error) {
	var slugs, kinds []string
	for _, h := range list {
		slugs, kinds = append(slugs, h.slug), append(kinds, h.kind.kind)
	}
	rows, _ := tx.Query(ctx, `
		INSERT INTO organisation (slug, kind, is_demonstration) SELECT s, k, true FROM unnest(@slugs::text[], @kinds::text[]) AS x (s, k) RETURNING slug, id`,
		pgx.StrictNamedArgs{"slugs": slugs, "kinds": kinds})
	ids := map[string]int64{}
	var slug string
	var id int64
	if _, err := pgx.ForEachRow(rows, []any{&slug, &id}, func() error { ids[slug] = id; return nil }); err != nil {
		return nil, fmt.Errorf("insert bulk organisations: %w", err)
	}
	return ids, nil
}

// insertBulkNames gives each body its first name, then renames it as business support would: the last day is set on one
// name and the next begins. So the tables of the past fill as they would in real use.
func insertBulkNames(ctx context.Context, tx pgx.Tx, list []history, ids map[string]int64) error {
	for turn := 0; ; turn++ {
		var of []int64
		var names []string
		var from []day.Date
		for _, h := range list {
			if turn < len(h.names) {
				of, names, from = append(of, ids[h.slug]), append(names, h.names[turn]), append(from, h.nameFrom[turn])
			}
		}
		if len(of) == 0 {
			return nil
		}
		args := pgx.StrictNamedArgs{"of": of, "from": from}
		if turn > 0 {
			if _, err := tx.Exec(ctx, `
				UPDATE organisation_name n SET ends_on = x.f - 1 FROM unnest(@of::bigint[], @from::date[]) AS x (o, f)
				WHERE n.organisation_id = x.o AND n.ends_on IS NULL`, args); err != nil {
				return fmt.Errorf("end bulk names: %w", err)
			}
		}
		args["names"] = names
		if _, err := tx.Exec(ctx, `
			INSERT INTO organisation_name (organisation_id, name, starts_on) SELECT o, n, f FROM unnest(@of::bigint[], @names::text[], @from::date[]) AS x (o, n, f)`, args); err != nil {
			return fmt.Errorf("insert bulk names: %w", err)
		}
	}
}

// insertTerms makes the bodies relevant agencies, some of them on two bases one after the other.
func insertTerms(ctx context.Context, tx pgx.Tx, list []history, ids map[string]int64) error {
	type term struct {
		of       int64
		basis    string
		from, to day.Date
		category int
	}
	var terms []term
	for _, h := range list {
		t := term{of: ids[h.slug], basis: "chosen", from: h.begins, to: h.ends, category: h.kind.paragraph}
		if h.invitee {
			t.basis, t.category = "invitee", 0
		} else if h.uncategor {
			t.category = 0
		}
		if !h.rebased.IsZero() {
			first := t
			first.basis, first.category, first.to = "invitee", 0, h.rebased.Add(-1)
			terms = append(terms, first)
			t.from = h.rebased
		}
		terms = append(terms, t)
	}
	var of []int64
	var bases []string
	var from, to []day.Date
	var categories []int
	for _, t := range terms {
		of, bases, from, to, categories = append(of, t.of), append(bases, t.basis), append(from, t.from), append(to, t.to), append(categories, t.category)
	}
	_, err := tx.Exec(ctx, `
		WITH x AS (SELECT * FROM unnest(@of::bigint[], @bases::text[], @from::date[], @to::date[], @categories::integer[]) AS x (o, b, f, t, c)),
		made AS (INSERT INTO agency_membership (organisation_id, basis, reason, is_demonstration, starts_on, ends_on)
			SELECT o, b, CASE WHEN b = 'chosen' THEN 'It works with children in the area' ELSE '' END, true, f, t FROM x RETURNING id, organisation_id, starts_on)
		INSERT INTO agency_membership_category (membership_id, paragraph) SELECT m.id, x.c FROM made m JOIN x ON x.o = m.organisation_id AND x.f = m.starts_on WHERE x.c > 0`,
		pgx.StrictNamedArgs{"of": of, "bases": bases, "from": from, "to": to, "categories": categories})
	if err != nil {
		return fmt.Errorf("insert bulk agencies: %w", err)
	}
	return nil
}

// insertBulkReaders gives every second agency a reader.
func insertBulkReaders(ctx context.Context, tx pgx.Tx, ids map[string]int64, today day.Date) error {
	of := make([]int64, 0, len(ids))
	for _, id := range ids {
		if id%2 == 0 {
			of = append(of, id)
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO agency_reader (organisation_id, name, email, post, capacity, starts_on)
		SELECT o, 'Reader ' || o, 'reader-' || o || '@seed.example', 'Headteacher', 'leader', @from::date FROM unnest(@of::bigint[]) o`,
		pgx.StrictNamedArgs{"of": of, "from": today.Add(-100)})
	if err != nil {
		return fmt.Errorf("insert bulk readers: %w", err)
	}
	return nil
}
