package funding

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
)

// LedgerYears lists the funding years, the latest first. Fault: Forbidden.
func (s *Service) LedgerYears(ctx context.Context, by authz.Actor) ([]LedgerYear, error) {
	if !CanReadLedger(by) {
		return nil, errMayNotReadLedger
	}
	return selectLedgerYears(ctx, s.db)
}

// Ledger reads a year's lines, and how every body stands today. Faults: Forbidden, NotFound.
func (s *Service) Ledger(ctx context.Context, by authz.Actor, year day.FinancialYear) (Ledger, error) {
	if !CanReadLedger(by) {
		return Ledger{}, errMayNotReadLedger
	}
	return readLedger(ctx, s.db, year, day.Of(s.now()))
}

func readLedger(ctx context.Context, db pg.DB, year day.FinancialYear, today day.Date) (l Ledger, err error) {
	if l.LedgerYear, err = selectLedgerYear(ctx, db, year); err != nil {
		return l, err
	}
	if l.Entries, err = selectEntries(ctx, db, year); err != nil {
		return l, err
	}
	pledges, err := selectPledges(ctx, db, year)
	if err != nil {
		return l, err
	}
	r, err := readHeirs(ctx, db, pledges, l.Entries, today)
	l.Standings, l.Total = standings(pledges, l.Entries, r)
	return l, err
}

// readHeirs reads under which bodies of the day pledges and lines add up, and what these are called.
func readHeirs(ctx context.Context, db pg.DB, pledges []pledge, entries []LedgerEntry, on day.Date) (reading, error) {
	r := reading{on: on}
	successions, err := selectSuccessions(ctx, db, lineFilter{}, on)
	if err != nil {
		return r, err
	}
	r.heirs = heirsOf(successions)
	bodies := map[id.Organisation]bool{}
	for _, p := range pledges {
		bodies[r.heirs.of(p.Organisation)] = true
	}
	for _, e := range entries {
		bodies[r.heirs.of(e.Organisation)] = true
	}
	r.names, err = selectNames(ctx, db, lineFilter{}, slices.Sorted(maps.Keys(bodies)))
	return r, err
}

// LedgerEntry reads one line. Faults: Forbidden, NotFound.
func (s *Service) LedgerEntry(ctx context.Context, by authz.Actor, which id.LedgerEntry) (LedgerEntry, error) {
	if !CanReadLedger(by) {
		return LedgerEntry{}, errMayNotReadLedger
	}
	return selectEntry(ctx, s.db, which)
}

// RecordEntry adds a line to the ledger. Faults: Forbidden, Invalid (the organisation did not exist on that day, or the
// very same line is recorded already), Conflict (the year is closed).
func (s *Service) RecordEntry(ctx context.Context, by authz.Actor, cmd RecordEntryCommand) (made id.LedgerEntry, err error) {
	if !CanRecord(by) {
		return 0, errMayNotKeepLedger
	}
	if err := cmd.check(day.Of(s.now())); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		made, err = s.recordEntry(ctx, tx, by, cmd)
		return err
	})
	return made, err
}

func (s *Service) recordEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd RecordEntryCommand) (made id.LedgerEntry, err error) {
	// The lock makes the same form sent twice at once wait for itself, so that the second finds the first's line.
	if err := lockOpenYears(ctx, tx, cmd.Year); err != nil {
		return 0, err
	}
	body, err := selectBody(ctx, tx, cmd.Organisation)
	if err != nil {
		return 0, err
	}
	same, err := selectSameEntry(ctx, tx, body, cmd)
	if err != nil {
		return 0, err
	}
	if same {
		return 0, errSameEntry
	}
	if made, err = insertEntry(ctx, tx, by, body, cmd); err != nil {
		return 0, err
	}
	return made, audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionEntryRecorded, SubjectKind: subjectLedgerEntry, SubjectID: int64(made), After: stateCounted})
}

// ReverseEntry takes a line out by another one, whole and once. Both stay to be read, with the reason. Faults:
// Forbidden, NotFound, Invalid, Conflict (reversed already, matched with the bank, or the year is closed).
func (s *Service) ReverseEntry(ctx context.Context, by authz.Actor, cmd ReverseEntryCommand) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	if cmd.Reason == "" {
		return fault.Field("reason", "Enter why the line is reversed")
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		e, err := s.changeableEntry(ctx, tx, cmd.ID, 0)
		if err != nil {
			return err
		}
		if e.BankLine != 0 {
			return errEntryMatched
		}
		return s.reverseEntry(ctx, tx, by, cmd)
	})
}

// changeableEntry reads a line that may be reversed, with its year and another one held still.
func (s *Service) changeableEntry(ctx context.Context, tx pgx.Tx, which id.LedgerEntry, other day.FinancialYear) (LedgerEntry, error) {
	e, err := selectEntry(ctx, tx, which)
	if err != nil {
		return LedgerEntry{}, err
	}
	years := []day.FinancialYear{e.Year}
	if other != 0 && other != e.Year {
		years = append(years, other)
	}
	if err := lockOpenYears(ctx, tx, years...); err != nil {
		return LedgerEntry{}, err
	}
	if e, err = selectEntry(ctx, tx, which); err != nil { // as it is now that nobody else changes it
		return LedgerEntry{}, err
	}
	if !e.Counts() {
		return LedgerEntry{}, errEntryReversed
	}
	return e, nil
}

func (s *Service) reverseEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd ReverseEntryCommand) error {
	if err := insertEntryReversal(ctx, tx, by, cmd); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionEntryReversed, SubjectKind: subjectLedgerEntry, SubjectID: int64(cmd.ID),
		Before: stateCounted, After: stateReversed})
}

// MoveEntry assigns the money of a line to another year or organisation: the line is reversed, and a new one with the
// same money takes its place, in its match with the bank's statement too. Faults: Forbidden, NotFound, Invalid (the
// organisation did not exist on that day), Conflict (reversed already, or one of the years is closed).
func (s *Service) MoveEntry(ctx context.Context, by authz.Actor, cmd MoveEntryCommand) (made id.LedgerEntry, err error) {
	if !CanRecord(by) {
		return 0, errMayNotKeepLedger
	}
	if err := cmd.check(); err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		e, err := s.changeableEntry(ctx, tx, cmd.ID, cmd.Year)
		if err != nil {
			return err
		}
		body, err := selectBody(ctx, tx, cmd.Organisation)
		if err != nil {
			return err
		}
		if body == e.Organisation && cmd.Year == e.Year {
			return errEntryStays
		}
		var match LineMatch
		if e.BankLine != 0 {
			if match, err = s.undoLiveMatch(ctx, tx, by, e.BankLine, cmd.Reason); err != nil {
				return err
			}
		}
		if err := s.reverseEntry(ctx, tx, by, ReverseEntryCommand{ID: cmd.ID, Reason: cmd.Reason}); err != nil {
			return err
		}
		if made, err = insertMovedEntry(ctx, tx, by, body, cmd); err != nil {
			return err
		}
		if e.BankLine != 0 {
			if err := s.matchParts(ctx, tx, by, e.BankLine, match.with(cmd.ID, made)); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Event{At: s.now(), By: by, Action: actionEntryMoved, SubjectKind: subjectLedgerEntry, SubjectID: int64(made), After: stateCounted})
	})
	return made, err
}

// Received adds up what a year's ledger took in, receipts less refunds.
func (l Ledger) Received() money.Pence { return l.Total.Received }
