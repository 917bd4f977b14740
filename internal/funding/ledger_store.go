package funding

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// brokenLedger says what a broken constraint of the ledger, of spending or of a closing means to the user.
var brokenLedger = map[string]*fault.Error{
	"ledger_entry_year_open":            errYearClosed,
	"ledger_entry_reversed_once":        errEntryReversed,
	"ledger_entry_moved_once":           errEntryReversed,
	"ledger_entry_reverses_an_entry":    errNoEntry,
	"ledger_entry_reversed_unmatched":   errEntryMatched,
	"ledger_entry_organisation_existed": fault.Field("organisation", "This organisation did not exist on the day of the line. Choose its predecessor or successor"),
	"ledger_entry_reference_length":     fault.Field("reference", "The reference must be 100 characters or fewer"),
	"ledger_entry_received_as_length":   fault.Field("received-as", "The name on the statement must be 500 characters or fewer"),
	"ledger_entry_note_length":          fault.Field("note", "The note must be 2,000 characters or fewer"),
	"ledger_entry_reason_length":        fault.Field("reason", "The reason must be 2,000 characters or fewer"),
	"expenditure_year_open":             errYearClosed,
	"expenditure_reversed_once":         errSpendReversed,
	"expenditure_reverses_an_entry":     errNoSpend,
	"expenditure_reversed_unmatched":    errSpendMatched,
	"expenditure_category_fkey":         errSpendCategory,
	"expenditure_supplier_length":       fault.Field("supplier", "Enter who was paid, in 200 characters or fewer"),
	"expenditure_description_length":    fault.Field("description", "Enter what was paid for, in 500 characters or fewer"),
	"expenditure_reference_length":      fault.Field("reference", "The reference must be 100 characters or fewer"),
	"expenditure_reason_length":         fault.Field("reason", "The reason must be 2,000 characters or fewer"),
}

const selectYearLine = `
	SELECT y.financial_year AS year, funding_opening(y.financial_year) AS opening, y.agreed_at IS NOT NULL AS is_agreed, y.released_at IS NOT NULL AS is_released,
	       c.recorded_at AS closed_at, y.is_demonstration
	FROM funding_year y LEFT JOIN funding_closing c USING (financial_year)`

func selectLedgerYears(ctx context.Context, db pg.DB) ([]LedgerYear, error) {
	rows, _ := db.Query(ctx, selectYearLine+` ORDER BY y.financial_year DESC`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[LedgerYear])
	if err != nil {
		return nil, fmt.Errorf("read the funding years: %w", err)
	}
	return list, nil
}

func selectLedgerYear(ctx context.Context, db pg.DB, year day.FinancialYear) (LedgerYear, error) {
	rows, _ := db.Query(ctx, selectYearLine+` WHERE y.financial_year = @year`, pgx.StrictNamedArgs{"year": year})
	y, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[LedgerYear])
	if errors.Is(err, pgx.ErrNoRows) {
		return LedgerYear{}, errNoLedgerYear
	}
	if err != nil {
		return LedgerYear{}, fmt.Errorf("read funding year %s: %w", year, err)
	}
	return y, nil
}

// lockOpenYears holds years still, the earliest first, if all of them take lines.
func lockOpenYears(ctx context.Context, tx pgx.Tx, years ...day.FinancialYear) error {
	rows, _ := tx.Query(ctx, `SELECT y.financial_year FROM funding_year y WHERE y.financial_year = ANY(@years) ORDER BY y.financial_year FOR NO KEY UPDATE`,
		pgx.StrictNamedArgs{"years": years})
	there, err := pgx.CollectRows(rows, pgx.RowTo[day.FinancialYear])
	if err != nil {
		return fmt.Errorf("lock funding years %v: %w", years, err)
	}
	if len(there) != len(years) {
		return errChooseYear
	}
	var closed bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM funding_closing WHERE financial_year = ANY($1))`, years).Scan(&closed); err != nil {
		return fmt.Errorf("look whether funding years %v are closed: %w", years, err)
	}
	if closed {
		return errYearClosed
	}
	return nil
}

const selectEntryLine = `
	SELECT e.id, e.financial_year AS year, e.organisation_id AS organisation, o.slug, coalesce(organisation_name_on(o.id, e.dated_on), o.slug) AS name, e.kind, e.pence,
	       e.dated_on, e.due_on, e.reference, e.received_as, e.note, e.is_demonstration, e.recorded_at, coalesce(a.name, '') AS recorded_by,
	       EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = e.financial_year) AS year_closed,
	       r.recorded_at AS reversed_at, coalesce(r.reason, '') AS reversed_reason, coalesce(e.moved_from_id, 0) AS moved_from,
	       e.reason AS moved_reason, coalesce(n.id, 0) AS moved_to, coalesce(m.bank_line_id, 0) AS bank_line
	FROM ledger_entry e JOIN organisation o ON o.id = e.organisation_id LEFT JOIN account a ON a.id = e.recorded_by
	LEFT JOIN ledger_entry r ON r.reverses_id = e.id LEFT JOIN ledger_entry n ON n.moved_from_id = e.id
	LEFT JOIN bank_match_part p ON p.ledger_entry_id = e.id AND p.undone_at IS NULL LEFT JOIN bank_match m ON m.id = p.bank_match_id
	WHERE e.reverses_id IS NULL`

func selectEntries(ctx context.Context, db pg.DB, year day.FinancialYear) ([]LedgerEntry, error) {
	rows, _ := db.Query(ctx, selectEntryLine+` AND e.financial_year = @year ORDER BY e.dated_on DESC, e.id DESC`, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[LedgerEntry])
	if err != nil {
		return nil, fmt.Errorf("read the ledger of %s: %w", year, err)
	}
	return list, nil
}

func selectEntry(ctx context.Context, db pg.DB, which id.LedgerEntry) (LedgerEntry, error) {
	rows, _ := db.Query(ctx, selectEntryLine+` AND e.id = @id`, pgx.StrictNamedArgs{"id": which})
	e, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[LedgerEntry])
	if errors.Is(err, pgx.ErrNoRows) {
		return LedgerEntry{}, errNoEntry
	}
	if err != nil {
		return LedgerEntry{}, fmt.Errorf("read line %d of the ledger: %w", which, err)
	}
	return e, nil
}

// selectPledges gives what was agreed in cash for a year and counts.
func selectPledges(ctx context.Context, db pg.DB, year day.FinancialYear) ([]pledge, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.organisation_id AS organisation, coalesce(organisation_name_on(c.organisation_id, c.agreed_on), '') AS name, c.pence
		FROM contribution c WHERE c.financial_year = @year AND c.form = 'cash' AND c.reverses_id IS NULL
		  AND NOT EXISTS (SELECT FROM contribution r WHERE r.reverses_id = c.id) ORDER BY c.id`, pgx.StrictNamedArgs{"year": year})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[pledge])
	if err != nil {
		return nil, fmt.Errorf("read what was agreed in cash for %s: %w", year, err)
	}
	return list, nil
}

func selectBody(ctx context.Context, db pg.DB, slug string) (id.Organisation, error) {
	var body id.Organisation
	err := db.QueryRow(ctx, `SELECT id FROM organisation WHERE slug = $1 AND retracted_at IS NULL`, slug).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, errEntryBody
	}
	if err != nil {
		return 0, fmt.Errorf("read organisation %q: %w", slug, err)
	}
	return body, nil
}

// selectSameEntry tells whether a line that counts says the very same.
func selectSameEntry(ctx context.Context, tx pgx.Tx, body id.Organisation, c RecordEntryCommand) (bool, error) {
	var yes bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM ledger_entry e
			WHERE e.organisation_id = @body AND e.financial_year = @year AND e.kind = @kind AND e.pence = @pence AND e.dated_on = @dated
			  AND e.reference = @reference AND e.reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id))`,
		pgx.StrictNamedArgs{"body": body, "year": c.Year, "kind": c.Kind, "pence": c.Pence, "dated": c.DatedOn, "reference": c.Reference}).Scan(&yes)
	if err != nil {
		return false, fmt.Errorf("look for the same line of organisation %d: %w", body, err)
	}
	return yes, nil
}

func insertEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, body id.Organisation, c RecordEntryCommand) (id.LedgerEntry, error) {
	var made id.LedgerEntry
	err := tx.QueryRow(ctx, `
		INSERT INTO ledger_entry (financial_year, organisation_id, kind, pence, dated_on, due_on, reference, received_as, note, is_demonstration, recorded_by)
		VALUES (@year, @body, @kind, @pence, @dated, @due, @reference, @received_as, @note, @demonstration, nullif(@by::bigint, 0)) RETURNING id`,
		pgx.StrictNamedArgs{"year": c.Year, "body": body, "kind": c.Kind, "pence": c.Pence, "dated": c.DatedOn, "due": c.DueOn, "reference": c.Reference,
			"received_as": c.ReceivedAs, "note": c.Note, "demonstration": c.Demonstration, "by": by.Account}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a line of the ledger: %w", pg.Translate(err, brokenLedger))
	}
	return made, nil
}

func insertEntryReversal(ctx context.Context, tx pgx.Tx, by authz.Actor, c ReverseEntryCommand) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO ledger_entry (financial_year, organisation_id, kind, pence, dated_on, due_on, reference, received_as, note, is_demonstration, recorded_by, reverses_id, reason)
		SELECT financial_year, organisation_id, kind, pence, dated_on, due_on, reference, received_as, note, is_demonstration, nullif(@by::bigint, 0), id, @reason
		FROM ledger_entry WHERE id = @id`, pgx.StrictNamedArgs{"id": c.ID, "reason": c.Reason, "by": by.Account})
	if err != nil {
		return fmt.Errorf("reverse line %d of the ledger: %w", c.ID, pg.Translate(err, brokenLedger))
	}
	return nil
}

func insertMovedEntry(ctx context.Context, tx pgx.Tx, by authz.Actor, body id.Organisation, c MoveEntryCommand) (id.LedgerEntry, error) {
	var made id.LedgerEntry
	err := tx.QueryRow(ctx, `
		INSERT INTO ledger_entry (financial_year, organisation_id, kind, pence, dated_on, due_on, reference, received_as, note, is_demonstration, recorded_by, moved_from_id, reason)
		SELECT @year, @body, kind, pence, dated_on, due_on, reference, received_as, note, is_demonstration, nullif(@by::bigint, 0), id, @reason
		FROM ledger_entry WHERE id = @id RETURNING id`,
		pgx.StrictNamedArgs{"id": c.ID, "year": c.Year, "body": body, "reason": c.Reason, "by": by.Account}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("assign line %d of the ledger anew: %w", c.ID, pg.Translate(err, brokenLedger))
	}
	return made, nil
}
