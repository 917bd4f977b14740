package funding

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
)

// Suggestion is what a line of the statement likely is: a line of the ledger or of spending, or money of a body that is
// still to be recorded.
type Suggestion struct {
	MatchPart
	Slug string   // of the body, where the money is still to be recorded
	Why  []string // in words
	rank int
}

// IsRecorded tells whether a line for the money exists, so that the two need only be matched.
func (s Suggestion) IsRecorded() bool { return s.Entry != 0 || s.Spend != 0 }

// candidate is what a line of the statement could be.
type candidate struct {
	MatchPart
	slug  string
	names []string // of the payer at all times, and of whom it took over from or gave way to
}

func (c candidate) exists() bool { return c.Entry != 0 || c.Spend != 0 }

const (
	suggestions  = 5
	leastLetters = 4  // of a reference or name that is looked for: fewer stand in anything
	cutAt        = 10 // letters of a name that a bank may have cut
	nearDays     = 10
)

// suggest ranks what a line could be, the likeliest first. A line for the money suits if its amount is the line's;
// what is still to be recorded, if reference or payer are named. An amount alone says nothing of who paid.
func suggest(l BankLine, all []candidate) []Suggestion {
	said := letters(l.Description + " " + l.Reference)
	var found []Suggestion
	for _, c := range all {
		if (c.Pence > 0) != (l.Pence > 0) {
			continue
		}
		s := Suggestion{MatchPart: c.MatchPart, Slug: c.slug}
		named := false
		if r := letters(c.Reference); len(r) >= leastLetters && strings.Contains(said, r) {
			s.because("the reference "+c.Reference, 4)
			named = true
		}
		if i := slices.IndexFunc(c.names, func(name string) bool { return namesPayer(l, name) }); i >= 0 {
			s.because("the name "+c.names[i], 2)
			named = true
		}
		if c.Pence == l.Pence {
			s.because("the amount", 3)
		}
		if c.exists() {
			if c.Pence != l.Pence {
				continue
			}
			if !c.DatedOn.Before(l.DatedOn.Add(-nearDays)) && !c.DatedOn.After(l.DatedOn.Add(nearDays)) {
				s.because("the date", 1)
			}
			s.rank++ // rather match what is there than record it again
		} else if !named {
			continue
		}
		found = append(found, s)
	}
	slices.SortStableFunc(found, func(a, b Suggestion) int { return cmp.Compare(b.rank, a.rank) })
	return found[:min(len(found), suggestions)]
}

func (s *Suggestion) because(why string, weight int) {
	s.Why = append(s.Why, why)
	s.rank += weight
}

// namesPayer tells whether a line of the statement names a payer: in whole, all its longer words, or as far as the bank kept
// it.
func namesPayer(l BankLine, name string) bool {
	want := letters(name)
	if len(want) < leastLetters {
		return false
	}
	for _, text := range []string{l.Description, l.Reference} {
		have := letters(text)
		if strings.Contains(have, want) || len(have) >= cutAt && strings.HasPrefix(want, have) {
			return true
		}
	}
	words := strings.FieldsFunc(strings.ToLower(l.Description+" "+l.Reference), func(r rune) bool { return !unicode.IsLetter(r) })
	needed := slices.DeleteFunc(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) }),
		func(w string) bool { return len(w) < leastLetters })
	return len(needed) > 1 && !slices.ContainsFunc(needed, func(w string) bool { return !slices.Contains(words, w) })
}

// letters are the letters and figures of a text alone, whatever their case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// readCandidates reads what lines of the statement could be: lines of money of open years that are not matched, unpaid
// invoices, and what was agreed and has not come.
func readCandidates(ctx context.Context, db pg.DB, today day.Date) ([]candidate, error) {
	const open = ` AND NOT EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = `
	rows, _ := db.Query(ctx, entryAsPart+`, e.organisation_id AS organisation FROM ledger_entry e WHERE`+entryCounts+open+`e.financial_year)
			AND NOT EXISTS (SELECT FROM bank_match_part p WHERE p.ledger_entry_id = e.id AND p.undone_at IS NULL)
		UNION ALL`+spendAsPart+`, 0::bigint FROM expenditure x WHERE`+spendCounts+open+`x.financial_year)
			AND NOT EXISTS (SELECT FROM bank_match_part p WHERE p.expenditure_id = x.id AND p.undone_at IS NULL)
		ORDER BY dated_on DESC, entry DESC, spend DESC`)
	type partRow struct {
		MatchPart
		Organisation id.Organisation
	}
	recorded, err := pgx.CollectRows(rows, pgx.RowToStructByName[partRow])
	if err != nil {
		return nil, fmt.Errorf("read the lines that are not matched: %w", err)
	}
	known, err := readPayerNames(ctx, db, today)
	if err != nil {
		return nil, err
	}
	var all []candidate
	for _, p := range recorded {
		c := candidate{MatchPart: p.MatchPart, names: known.of(p.Organisation)}
		if p.Spend != 0 {
			c.names = []string{p.Who}
		}
		all = append(all, c)
	}
	years, err := selectLedgerYears(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, y := range years {
		if y.Closed() {
			continue
		}
		l, err := readLedger(ctx, db, y.Year, today)
		if err != nil {
			return nil, err
		}
		all = append(all, expected(l, known)...)
	}
	return all, nil
}

// expected is money that a year waits for.
func expected(l Ledger, known payerNames) []candidate {
	var all []candidate
	for _, s := range l.Standings {
		wait := func(pence money.Pence, reference string, dated day.Date) {
			all = append(all, candidate{MatchPart: MatchPart{Year: l.Year, Who: s.Name, What: string(Receipt), Pence: pence, Reference: reference, DatedOn: dated},
				slug: s.Slug, names: known.of(s.ID)})
		}
		for _, u := range s.Unpaid {
			wait(u.Open, u.Reference, u.DueOn)
		}
		if len(s.Unpaid) == 0 && s.Outstanding() > 0 {
			wait(s.Outstanding(), "", day.Date{})
		}
	}
	return all
}

// payerNames are the names of all times by the body of today.
type payerNames struct {
	heirs heirs
	names map[id.Organisation][]string
}

func (p payerNames) of(body id.Organisation) []string { return p.names[p.heirs.of(body)] }

func readPayerNames(ctx context.Context, db pg.DB, today day.Date) (payerNames, error) {
	p := payerNames{names: map[id.Organisation][]string{}}
	successions, err := selectSuccessions(ctx, db, lineFilter{}, today)
	if err != nil {
		return p, err
	}
	p.heirs = heirsOf(successions)
	rows, _ := db.Query(ctx, `
		SELECT n.organisation_id AS id, '' AS slug, n.name FROM organisation_name n WHERE n.retracted_at IS NULL AND (
			EXISTS (SELECT FROM contribution c WHERE c.organisation_id = n.organisation_id) OR EXISTS (SELECT FROM ledger_entry e WHERE e.organisation_id = n.organisation_id)
			OR EXISTS (SELECT FROM organisation_succession s WHERE s.retracted_at IS NULL AND n.organisation_id IN (s.predecessor_id, s.successor_id)))
		ORDER BY n.organisation_id, n.starts_on NULLS FIRST`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Body])
	if err != nil {
		return p, fmt.Errorf("read the names of payers: %w", err)
	}
	for _, b := range list {
		heir := p.heirs.of(b.ID)
		p.names[heir] = append(p.names[heir], b.Name)
	}
	return p, nil
}
