package funding

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
)

// BankLines lists lines of the statement, the latest first, and tells whether more follow. Faults: Forbidden, NotFound
// (the line of the filter).
func (s *Service) BankLines(ctx context.Context, by authz.Actor, f BankFilter) (list []BankLine, more bool, err error) {
	if !CanReadLedger(by) {
		return nil, false, errMayNotReadLedger
	}
	limit := f.Limit
	if limit > 0 {
		f.Limit++
	}
	if list, err = selectBankLines(ctx, s.db, f); err != nil {
		return nil, false, err
	}
	if limit > 0 && len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// Suggested finds for each line what it likely is, the likeliest first. Fault: Forbidden.
func (s *Service) Suggested(ctx context.Context, by authz.Actor, lines []BankLine) (map[id.BankLine][]Suggestion, error) {
	if !CanReadLedger(by) {
		return nil, errMayNotReadLedger
	}
	all, err := readCandidates(ctx, s.db, day.Of(s.now()))
	if err != nil {
		return nil, err
	}
	found := map[id.BankLine][]Suggestion{}
	for _, l := range lines {
		if l.State == LineUnmatched {
			found[l.ID] = suggest(l, all)
		}
	}
	return found, nil
}

// BankLine reads one line of the statement with its matches, and with what it could be. Faults: Forbidden, NotFound.
func (s *Service) BankLine(ctx context.Context, by authz.Actor, which id.BankLine) (d LineDetail, err error) {
	if !CanReadLedger(by) {
		return d, errMayNotReadLedger
	}
	if d, err = selectBankLine(ctx, s.db, which); err != nil {
		return d, err
	}
	matches, err := selectMatches(ctx, s.db, which)
	if err != nil {
		return d, err
	}
	for i, m := range matches {
		if m.UndoneAt == nil {
			d.Match = &matches[i]
		} else {
			d.Undone = append(d.Undone, m)
		}
	}
	if d.Match != nil {
		return d, nil
	}
	all, err := readCandidates(ctx, s.db, day.Of(s.now()))
	if err != nil {
		return d, err
	}
	d.Suggestions = suggest(d.BankLine, all)
	for _, c := range all {
		if c.exists() {
			d.Candidates = append(d.Candidates, c.MatchPart)
		}
	}
	return d, nil
}

// MatchLine says which lines of the ledger and of spending a line of the statement is. Their sum is the line's. Faults:
// Forbidden, NotFound, Invalid (another sum), Conflict (somebody else was first, or a year is closed).
func (s *Service) MatchLine(ctx context.Context, by authz.Actor, cmd MatchCommand) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	if len(cmd.Entries)+len(cmd.Spending) == 0 {
		return errNothingThere
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		return s.matchParts(ctx, tx, by, cmd.Line, matchParts{cmd.Entries, cmd.Spending})
	})
}

func (s *Service) matchParts(ctx context.Context, tx pgx.Tx, by authz.Actor, line id.BankLine, parts matchParts) error {
	slices.Sort(parts.entries) // in one order everywhere, so that no two wait for each other
	slices.Sort(parts.spending)
	parts.entries, parts.spending = slices.Compact(parts.entries), slices.Compact(parts.spending)
	chosen, err := selectParts(ctx, tx, parts)
	if err != nil {
		return err
	}
	if len(chosen) != len(parts.entries)+len(parts.spending) {
		return errPartGone
	}
	var years []day.FinancialYear
	var total money.Pence
	for _, p := range chosen {
		total += p.Pence
		if !slices.Contains(years, p.Year) {
			years = append(years, p.Year)
		}
	}
	if err := lockOpenYears(ctx, tx, years...); err != nil {
		return err
	}
	l, err := s.freeLine(ctx, tx, line)
	if err != nil {
		return err
	}
	if total != l.Pence {
		return fault.Field("part", sumWords(total, l.Pence))
	}
	match, err := insertMatch(ctx, tx, by, line, "")
	if err != nil {
		return err
	}
	if err := insertMatchParts(ctx, tx, match, parts); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionLineMatched, SubjectKind: subjectBankLine, SubjectID: int64(line),
		Before: string(LineUnmatched), After: string(LineMatched)})
}

func sumWords(total, line money.Pence) string {
	return "What you chose comes to " + total.Words() + ", the line of the statement is " + line.Words() + ". The difference is " + (line - total).Words()
}

// freeLine reads a line of the statement that nobody dealt with. Faults: NotFound, Conflict (it says who was first).
func (s *Service) freeLine(ctx context.Context, tx pgx.Tx, which id.BankLine) (BankLine, error) {
	l, err := selectBankLine(ctx, tx, which)
	if err != nil {
		return BankLine{}, err
	}
	if l.State == LineUnmatched {
		return l.BankLine, nil
	}
	matches, err := selectMatches(ctx, tx, which)
	if err != nil {
		return BankLine{}, err
	}
	for _, m := range matches {
		if m.UndoneAt == nil && m.MadeBy != "" {
			did := "matched"
			if m.SetAside != "" {
				did = "set aside"
			}
			return BankLine{}, fault.New(fault.Conflict, m.MadeBy+" has "+did+" this line already.")
		}
	}
	return BankLine{}, errLineTaken
}

// RecordReceived records the money of a line of the statement in the ledger and matches the two. The command's kind,
// amount, day and name on the statement are the line's. Faults as of RecordEntry and MatchLine.
func (s *Service) RecordReceived(ctx context.Context, by authz.Actor, line id.BankLine, cmd RecordEntryCommand) (made id.LedgerEntry, err error) {
	if !CanRecord(by) {
		return 0, errMayNotKeepLedger
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		l, err := s.freeLine(ctx, tx, line)
		if err != nil {
			return err
		}
		cmd.Kind, cmd.Pence, cmd.DatedOn, cmd.ReceivedAs = Receipt, l.Pence, l.DatedOn, l.Said()
		if l.Pence < 0 {
			cmd.Kind, cmd.Pence = Refund, -l.Pence
		}
		if cmd.ReceivedAs == cmd.Reference {
			cmd.ReceivedAs = ""
		}
		if err := cmd.check(day.Of(s.now())); err != nil {
			return err
		}
		if made, err = s.recordEntry(ctx, tx, by, cmd); err != nil {
			return err
		}
		return s.matchParts(ctx, tx, by, line, matchParts{entries: []id.LedgerEntry{made}})
	})
	return made, err
}

// RecordSpent records the money of a line of the statement as spending and matches the two. The command's kind, amount
// and day are the line's. Faults as of Spend and MatchLine.
func (s *Service) RecordSpent(ctx context.Context, by authz.Actor, line id.BankLine, cmd SpendCommand) (made id.Expenditure, err error) {
	if !CanRecord(by) {
		return 0, errMayNotKeepLedger
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		l, err := s.freeLine(ctx, tx, line)
		if err != nil {
			return err
		}
		cmd.Kind, cmd.Pence, cmd.DatedOn = Payment, -l.Pence, l.DatedOn
		if l.Pence > 0 {
			cmd.Kind, cmd.Pence = MoneyBack, l.Pence
		}
		if err := cmd.check(day.Of(s.now())); err != nil {
			return err
		}
		if made, err = s.spend(ctx, tx, by, cmd); err != nil {
			return err
		}
		return s.matchParts(ctx, tx, by, line, matchParts{spending: []id.Expenditure{made}})
	})
	return made, err
}

// SetAside says that a line of the statement is nothing of the fund, with the reason. Faults: Forbidden, NotFound,
// Invalid, Conflict (somebody else was first).
func (s *Service) SetAside(ctx context.Context, by authz.Actor, line id.BankLine, reason string) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	if reason == "" {
		return fault.Field("reason", "Enter why the line is nothing of the fund")
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if _, err := s.freeLine(ctx, tx, line); err != nil {
			return err
		}
		if _, err := insertMatch(ctx, tx, by, line, reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionLineSetAside, SubjectKind: subjectBankLine, SubjectID: int64(line),
			Before: string(LineUnmatched), After: string(LineSetAside)})
	})
}

// UndoMatch frees a line of the statement again, with the reason. Faults: Forbidden, NotFound, Invalid, Conflict (it is
// not matched any more, or a year of the match is closed).
func (s *Service) UndoMatch(ctx context.Context, by authz.Actor, line id.BankLine, reason string) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	if reason == "" {
		return fault.Field("reason", "Enter why the match is undone")
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		_, err := s.undoLiveMatch(ctx, tx, by, line, reason)
		return err
	})
}

func (s *Service) undoLiveMatch(ctx context.Context, tx pgx.Tx, by authz.Actor, line id.BankLine, reason string) (LineMatch, error) {
	if _, err := selectBankLine(ctx, tx, line); err != nil {
		return LineMatch{}, err
	}
	matches, err := selectMatches(ctx, tx, line)
	if err != nil {
		return LineMatch{}, err
	}
	i := slices.IndexFunc(matches, func(m LineMatch) bool { return m.UndoneAt == nil })
	switch {
	case i < 0:
		return LineMatch{}, errNotMatched
	case matches[i].YearClosed:
		return LineMatch{}, errMatchClosed
	}
	m := matches[i]
	var years []day.FinancialYear
	for _, p := range m.Parts {
		if !slices.Contains(years, p.Year) {
			years = append(years, p.Year)
		}
	}
	if err := lockOpenYears(ctx, tx, years...); err != nil {
		return LineMatch{}, err
	}
	if err := updateMatchUndone(ctx, tx, by, m.ID, reason); err != nil {
		return LineMatch{}, err
	}
	before := LineMatched
	if m.SetAside != "" {
		before = LineSetAside
	}
	return m, audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionLineUndone, SubjectKind: subjectBankLine, SubjectID: int64(line),
		Before: string(before), After: string(LineUnmatched)})
}
