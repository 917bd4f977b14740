package funding

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// brokenBank says what a broken constraint about the statement means to the user.
var brokenBank = map[string]*fault.Error{
	"bank_line_fingerprint_key":            errLinesKnown,
	"bank_file_fate_once":                  errFileGone,
	"bank_match_one_live":                  errLineTaken,
	"bank_match_bank_line_fkey":            errNoBankLine,
	"bank_match_part_one_live_entry":       errPartTaken,
	"bank_match_part_one_live_expenditure": errPartTaken,
	"bank_match_part_ledger_entry_fkey":    errPartGone,
	"bank_match_part_expenditure_fkey":     errPartGone,
	"bank_match_part_counts":               errPartGone,
	"bank_match_part_of_money":             errPartGone,
	"bank_match_part_year_open":            errYearClosed,
	"bank_match_year_open":                 errMatchClosed,
	"bank_match_undone_once":               errNotMatched,
	"bank_match_set_aside_reason_length":   fault.Field("reason", "The reason must be 2,000 characters or fewer"),
	"bank_match_undone_reason_length":      fault.Field("reason", "The reason must be 2,000 characters or fewer"),
}

// UploadBankFile looks at a bank's export. A file with problems is not kept. Faults: Forbidden, Invalid (the file as a
// whole cannot be read, or every line is known).
func (s *Service) UploadBankFile(ctx context.Context, by authz.Actor, cmd BankUpload) (p BankPreview, err error) {
	if !CanRecord(by) {
		return p, errMayNotKeepLedger
	}
	if p.Rows, p.Notices, p.Problems, err = readBank(cmd.Data, day.Of(s.now())); err != nil || len(p.Problems) > 0 {
		return p, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := p.markKnown(ctx, tx); err != nil {
			return err
		}
		if p.New == 0 {
			return errAllKnown
		}
		// What one looked at before and left is nobody's business any more.
		if _, err := tx.Exec(ctx, `UPDATE bank_file SET content = NULL, discarded_at = clock_timestamp()
			WHERE uploaded_by IS NOT DISTINCT FROM nullif($1::bigint, 0) AND content IS NOT NULL`, by.Account); err != nil {
			return fmt.Errorf("discard earlier bank files: %w", err)
		}
		p.ID, err = insertBankFile(ctx, tx, by, cmd)
		return err
	})
	return p, err
}

func (p *BankPreview) markKnown(ctx context.Context, db pg.DB) error {
	prints := make([][]byte, len(p.Rows))
	for i, r := range p.Rows {
		prints[i] = r.fingerprint[:]
	}
	rows, _ := db.Query(ctx, `SELECT l.fingerprint FROM bank_line l WHERE l.fingerprint = ANY($1)`, prints)
	known, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return fmt.Errorf("look which lines of a bank file are known: %w", err)
	}
	there := map[string]bool{}
	for _, k := range known {
		there[string(k)] = true
	}
	p.New = 0
	for i, r := range p.Rows {
		p.Rows[i].Known = there[string(r.fingerprint[:])]
		if !p.Rows[i].Known {
			p.New++
		}
	}
	return nil
}

// BankFile reads a file: what importing it would do, or what became of it. Faults: Forbidden, NotFound.
func (s *Service) BankFile(ctx context.Context, by authz.Actor, which id.BankFile) (p BankPreview, err error) {
	if !CanReadLedger(by) {
		return p, errMayNotReadLedger
	}
	f, content, err := selectBankFile(ctx, s.db, which, "")
	if err != nil {
		return p, err
	}
	p.BankFile = f
	if !f.Waits() {
		return p, nil
	}
	if p.Rows, p.Notices, p.Problems, err = readBank(content, day.Of(s.now())); err != nil {
		return p, err
	}
	return p, p.markKnown(ctx, s.db)
}

// BankFiles lists the files that were imported or wait, the latest first. Fault: Forbidden.
func (s *Service) BankFiles(ctx context.Context, by authz.Actor) ([]BankFile, error) {
	if !CanReadLedger(by) {
		return nil, errMayNotReadLedger
	}
	rows, _ := s.db.Query(ctx, selectFile+` WHERE f.discarded_at IS NULL ORDER BY f.id DESC LIMIT 50`)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[BankFile])
	if err != nil {
		return nil, fmt.Errorf("read the bank files: %w", err)
	}
	return list, nil
}

// ImportBankFile adds the lines of a file that are not known yet, all or none. Faults: Forbidden, NotFound, Conflict
// (imported or discarded already, or some of its lines came in with another file meanwhile).
func (s *Service) ImportBankFile(ctx context.Context, by authz.Actor, which id.BankFile) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		f, content, err := selectBankFile(ctx, tx, which, "FOR NO KEY UPDATE OF f")
		if err != nil {
			return err
		}
		if !f.Waits() {
			return errFileGone
		}
		var p BankPreview
		if p.Rows, _, p.Problems, err = readBank(content, day.Of(at)); err != nil {
			return err
		}
		if err := p.markKnown(ctx, tx); err != nil {
			return err
		}
		if len(p.Problems) > 0 || p.New == 0 {
			return errLinesKnown
		}
		if err := insertBankLines(ctx, tx, which, p.Rows); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE bank_file SET content = NULL, imported_at = clock_timestamp(), imported_by = nullif($2::bigint, 0) WHERE id = $1`,
			which, by.Account); err != nil {
			return fmt.Errorf("mark bank file %d imported: %w", which, pg.Translate(err, brokenBank))
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionBankImported, SubjectKind: subjectBankFile, SubjectID: int64(which), Before: stateWaiting, After: stateImported})
	})
}

// DiscardBankFile forgets a file that was only looked at. Faults: Forbidden, NotFound, Conflict.
func (s *Service) DiscardBankFile(ctx context.Context, by authz.Actor, which id.BankFile) error {
	if !CanRecord(by) {
		return errMayNotKeepLedger
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		f, _, err := selectBankFile(ctx, tx, which, "FOR NO KEY UPDATE OF f")
		if err != nil {
			return err
		}
		if !f.Waits() {
			return errFileGone
		}
		if _, err := tx.Exec(ctx, `UPDATE bank_file SET content = NULL, discarded_at = clock_timestamp() WHERE id = $1`, which); err != nil {
			return fmt.Errorf("discard bank file %d: %w", which, err)
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionBankDiscarded, SubjectKind: subjectBankFile, SubjectID: int64(which), Before: stateWaiting, After: stateDiscarded})
	})
}

const selectFile = `
	SELECT f.id, f.name, f.uploaded_at, coalesce(u.name, '') AS uploaded_by, f.imported_at, coalesce(i.name, '') AS imported_by, f.discarded_at,
	       (SELECT count(*) FROM bank_line l WHERE l.bank_file_id = f.id) AS lines
	FROM bank_file f LEFT JOIN account u ON u.id = f.uploaded_by LEFT JOIN account i ON i.id = f.imported_by`

func selectBankFile(ctx context.Context, db pg.DB, which id.BankFile, lock string) (BankFile, []byte, error) {
	rows, _ := db.Query(ctx, selectFile+` WHERE f.id = @id `+lock, pgx.StrictNamedArgs{"id": which})
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[BankFile])
	if errors.Is(err, pgx.ErrNoRows) {
		return BankFile{}, nil, errNoBankFile
	}
	if err != nil {
		return BankFile{}, nil, fmt.Errorf("read bank file %d: %w", which, err)
	}
	var content []byte
	if err := db.QueryRow(ctx, `SELECT content FROM bank_file WHERE id = $1`, which).Scan(&content); err != nil {
		return BankFile{}, nil, fmt.Errorf("read what bank file %d holds: %w", which, err)
	}
	return f, content, nil
}

func insertBankFile(ctx context.Context, tx pgx.Tx, by authz.Actor, c BankUpload) (id.BankFile, error) {
	name := path.Base(strings.ReplaceAll(c.FileName, `\`, "/"))
	if r := []rune(name); len(r) > 255 {
		name = string(r[:255])
	}
	digest := sha256.Sum256(c.Data)
	var made id.BankFile
	err := tx.QueryRow(ctx, `INSERT INTO bank_file (name, digest, content, uploaded_by) VALUES ($1, $2, $3, nullif($4::bigint, 0)) RETURNING id`,
		name, digest[:], c.Data, by.Account).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a bank file: %w", pg.Translate(err, brokenBank))
	}
	return made, nil
}

func insertBankLines(ctx context.Context, tx pgx.Tx, file id.BankFile, rows []BankRow) error {
	batch := &pgx.Batch{}
	for _, r := range rows {
		if r.Known {
			continue
		}
		var balance *int64
		if r.HasBalance {
			b := int64(r.Balance)
			balance = &b
		}
		batch.Queue(`INSERT INTO bank_line (bank_file_id, line, dated_on, pence, description, reference, balance_pence, fingerprint)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, file, r.Line, r.DatedOn, r.Pence, r.Description, r.Reference, balance, r.fingerprint[:])
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("insert the lines of bank file %d: %w", file, pg.Translate(err, brokenBank))
	}
	return nil
}
