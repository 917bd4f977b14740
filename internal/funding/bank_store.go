package funding

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

const bankLineColumns = `
	l.id, l.bank_file_id AS file, l.dated_on, l.pence, l.description, l.reference,
	CASE WHEN m.id IS NULL THEN 'unmatched' WHEN m.set_aside_reason IS NULL THEN 'matched' ELSE 'set aside' END AS state`

const bankLineTables = `bank_line l LEFT JOIN bank_match m ON m.bank_line_id = l.id AND m.undone_at IS NULL`

func selectBankLines(ctx context.Context, db pg.DB, f BankFilter) ([]BankLine, error) {
	args, clauses, limit := pgx.StrictNamedArgs{}, []string{"true"}, ""
	switch f.State {
	case LineUnmatched:
		clauses = append(clauses, "m.id IS NULL")
	case LineMatched:
		clauses = append(clauses, "m.id IS NOT NULL AND m.set_aside_reason IS NULL")
	case LineSetAside:
		clauses = append(clauses, "m.set_aside_reason IS NOT NULL")
	}
	if f.File != 0 {
		args["file"] = f.File
		clauses = append(clauses, "l.bank_file_id = @file")
	}
	if f.After != 0 {
		args["after"] = f.After
		clauses = append(clauses, "(l.dated_on, l.id) < (SELECT a.dated_on, a.id FROM bank_line a WHERE a.id = @after)")
	}
	if f.Limit > 0 {
		args["limit"], limit = f.Limit, " LIMIT @limit"
	}
	rows, _ := db.Query(ctx, `SELECT `+bankLineColumns+` FROM `+bankLineTables+` WHERE `+strings.Join(clauses, " AND ")+` ORDER BY l.dated_on DESC, l.id DESC`+limit, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[BankLine])
	if err != nil {
		return nil, fmt.Errorf("read the lines of the statement: %w", err)
	}
	return list, nil
}

func selectBankLine(ctx context.Context, db pg.DB, which id.BankLine) (LineDetail, error) {
	rows, _ := db.Query(ctx, `SELECT `+bankLineColumns+`, f.name AS file_name FROM `+bankLineTables+` JOIN bank_file f ON f.id = l.bank_file_id WHERE l.id = @id`,
		pgx.StrictNamedArgs{"id": which})
	type detailRow struct {
		BankLine
		FileName string
	}
	d, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[detailRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return LineDetail{}, errNoBankLine
	}
	if err != nil {
		return LineDetail{}, fmt.Errorf("read line %d of the statement: %w", which, err)
	}
	return LineDetail{BankLine: d.BankLine, FileName: d.FileName}, nil
}

// entryAsPart and spendAsPart give lines of money as the bank sees them.
const (
	entryAsPart = `
		SELECT e.id AS entry, 0::bigint AS spend, e.financial_year AS year, coalesce(organisation_name_on(e.organisation_id, e.dated_on), '') AS who, e.kind AS what,
		       CASE e.kind WHEN 'receipt' THEN e.pence ELSE -e.pence END AS pence, e.dated_on, e.reference`
	spendAsPart = `
		SELECT 0::bigint AS entry, x.id AS spend, x.financial_year AS year, x.supplier AS who, x.kind AS what,
		       CASE x.kind WHEN 'payment' THEN -x.pence ELSE x.pence END AS pence, x.dated_on, x.reference`
	entryCounts = ` e.reverses_id IS NULL AND e.kind IN ('receipt', 'refund') AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)`
	spendCounts = ` x.reverses_id IS NULL AND NOT EXISTS (SELECT FROM expenditure r WHERE r.reverses_id = x.id)`
)

// selectParts reads the lines of money that count among those named.
func selectParts(ctx context.Context, db pg.DB, p matchParts) ([]MatchPart, error) {
	rows, _ := db.Query(ctx, entryAsPart+` FROM ledger_entry e WHERE e.id = ANY(@entries) AND`+entryCounts+`
		UNION ALL`+spendAsPart+` FROM expenditure x WHERE x.id = ANY(@spending) AND`+spendCounts,
		pgx.StrictNamedArgs{"entries": p.entries, "spending": p.spending})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[MatchPart])
	if err != nil {
		return nil, fmt.Errorf("read the lines of a match: %w", err)
	}
	return list, nil
}

func selectMatches(ctx context.Context, db pg.DB, line id.BankLine) ([]LineMatch, error) {
	rows, _ := db.Query(ctx, `
		SELECT m.id, coalesce(m.set_aside_reason, '') AS set_aside, m.made_at, coalesce(a.name, '') AS made_by, m.undone_at, coalesce(u.name, '') AS undone_by,
		       coalesce(m.undone_reason, '') AS undone_reason,
		       EXISTS (SELECT FROM bank_match_part p LEFT JOIN ledger_entry e ON e.id = p.ledger_entry_id LEFT JOIN expenditure x ON x.id = p.expenditure_id
		               JOIN funding_closing c ON c.financial_year = coalesce(e.financial_year, x.financial_year) WHERE p.bank_match_id = m.id) AS year_closed
		FROM bank_match m LEFT JOIN account a ON a.id = m.made_by LEFT JOIN account u ON u.id = m.undone_by
		WHERE m.bank_line_id = @line ORDER BY m.id DESC`, pgx.StrictNamedArgs{"line": line})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[LineMatch])
	if err != nil {
		return nil, fmt.Errorf("read the matches of line %d of the statement: %w", line, err)
	}
	for i := range list {
		rows, _ := db.Query(ctx, entryAsPart+` FROM bank_match_part p JOIN ledger_entry e ON e.id = p.ledger_entry_id WHERE p.bank_match_id = @match
			UNION ALL`+spendAsPart+` FROM bank_match_part p JOIN expenditure x ON x.id = p.expenditure_id WHERE p.bank_match_id = @match
			ORDER BY entry, spend`, pgx.StrictNamedArgs{"match": list[i].ID})
		if list[i].Parts, err = pgx.CollectRows(rows, pgx.RowToStructByName[MatchPart]); err != nil {
			return nil, fmt.Errorf("read the parts of match %d: %w", list[i].ID, err)
		}
	}
	return list, nil
}

func insertMatch(ctx context.Context, tx pgx.Tx, by authz.Actor, line id.BankLine, setAside string) (id.BankMatch, error) {
	var made id.BankMatch
	err := tx.QueryRow(ctx, `INSERT INTO bank_match (bank_line_id, set_aside_reason, made_by) VALUES ($1, nullif($2, ''), nullif($3::bigint, 0)) RETURNING id`,
		line, setAside, by.Account).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("match line %d of the statement: %w", line, pg.Translate(err, brokenBank))
	}
	return made, nil
}

func insertMatchParts(ctx context.Context, tx pgx.Tx, match id.BankMatch, p matchParts) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO bank_match_part (bank_match_id, ledger_entry_id, expenditure_id)
		SELECT @match::bigint, e, NULL FROM unnest(@entries::bigint[]) e UNION ALL SELECT @match::bigint, NULL, x FROM unnest(@spending::bigint[]) x`,
		pgx.StrictNamedArgs{"match": match, "entries": p.entries, "spending": p.spending})
	if err != nil {
		return fmt.Errorf("add the parts of match %d: %w", match, pg.Translate(err, brokenBank))
	}
	return nil
}

func updateMatchUndone(ctx context.Context, tx pgx.Tx, by authz.Actor, match id.BankMatch, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE bank_match SET undone_at = clock_timestamp(), undone_by = nullif($2::bigint, 0), undone_reason = $3 WHERE id = $1`,
		match, by.Account, reason)
	if err != nil {
		return fmt.Errorf("undo match %d: %w", match, pg.Translate(err, brokenBank))
	}
	return nil
}
