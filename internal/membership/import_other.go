package membership

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

// RegisterContributions is the register of who gives what. Another capability keeps it.
const RegisterContributions Register = "contributions"

// OtherRegister is a register that another capability keeps. Its files go the same way as those of this one: previewed,
// confirmed as a whole or not at all, undone as a whole.
type OtherRegister interface {
	// ImportTable is the whole register with the columns of its import: imported again, it changes nothing.
	ImportTable(ctx context.Context, by authz.Actor) (sheet.Table, error)
	// WorkOutImport says what a file would do to the register as it is.
	WorkOutImport(ctx context.Context, db pg.DB, file sheet.Sheet, today day.Date) (OtherPlan, error)
	// LockImport holds still what the file is about until the transaction ends.
	LockImport(ctx context.Context, tx pgx.Tx, file sheet.Sheet) error
	// CarryOutImport does what was planned.
	CarryOutImport(ctx context.Context, tx pgx.Tx, by authz.Actor, plan json.RawMessage) ([]OtherChange, error)
	// ImportDone says row by row what an import did.
	ImportDone(done []OtherChange) ([]ImportLine, error)
	// TakeBackImport undoes what an import did.
	TakeBackImport(ctx context.Context, tx pgx.Tx, by authz.Actor, done []OtherChange, reason string) error
}

// OtherPlan is what a file would do to a register of another capability.
type OtherPlan struct {
	Plan     json.RawMessage // the same for the same file and the same register
	Lines    []ImportLine
	Problems []sheet.Problem
}

// OtherChange is one thing that an import did to a register of another capability.
type OtherChange struct {
	Row       int
	Subject   string
	SubjectID int64
	After     json.RawMessage
}

// others are the registers of other capabilities.
type others map[Register]OtherRegister

// Importing is the service that imports another capability's register as well.
func (s *Service) Importing(of Register, other OtherRegister) *Service {
	with := *s
	with.others = maps.Clone(s.others)
	if with.others == nil {
		with.others = others{}
	}
	with.others[of] = other
	return &with
}

// imports tells whether files can be imported into the register.
func (s *Service) imports(of Register) bool {
	return of == RegisterOrganisations || of == RegisterAgencies || s.others[of] != nil
}

func contributionColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "financial year", Required: true, Help: "From 1 April to 31 March.", Example: "2019/20"},
		{Name: "slug", Help: "Address of the page of the organisation that agreed to it. Empty: found by the name.", Example: "kent-police"},
		{Name: "name", Help: "A name that the organisation has or had. Not needed with its address.", Example: "Kent Police"},
		{Name: "form", Required: true, Help: "How it is given: cash or in kind.", Example: "cash"},
		{Name: "amount", Required: true, Help: "Pounds, or the value of what is given in kind.", Example: "1,234.50"},
		{Name: "valuation", Help: "How what is given in kind was valued. Empty for cash.", Example: ""},
		{Name: "estimated", Help: "Whether the value in kind is estimated: yes or no.", Example: "no"},
		{Name: "purpose", Required: true, Help: "What it is for.", Example: "Training"},
		{Name: "agreed", Kind: sheet.Day, Required: true, Help: "When it was agreed.", Example: "2019-06-01"},
		{Name: "precision", Help: "How much of that day is known: day, month, year or not before. Empty: the day.", Example: "month"},
		{Name: "source", Required: true, Help: "Where the agreement can be read. Public.", Example: "Minutes of the board, June 2019"},
		{Name: "note", Help: "A note. Public.", Example: ""},
		{Name: "total", Help: "What the payer gives in all, if only a part of it is for this partnership. With a split, the amount may be left empty.", Example: ""},
		{Name: "split", Help: "How that total is divided, by whole shares: Children's = 1 (ours); Adults' = 1.", Example: ""},
		{Name: "conditions", Help: "On what the payer makes it depend. Public.", Example: ""},
		{Name: "decision", Help: "Number of the decision that authorised it.", Example: ""},
		{Name: "recorded", Help: "Only in files from here; it is not read."},
		{Name: "agreed in the portal", Help: "Only in files from here. A row with yes is left alone."},
		{Name: "why adjusted", Help: "Only in files from here; it is not read."},
		{Name: "taken out", Help: "Only in files from here. A row with a day here is left alone."},
		{Name: "why taken out", Help: "Only in files from here; it is not read."},
		{Name: "demonstration data", Help: "Only in files from here; it is not read."},
	}
}

// workOutOther is workOut for a register of another capability.
func workOutOther(ctx context.Context, db pg.DB, o OtherRegister, file sheet.Sheet, today day.Date) (w workedOut, err error) {
	p, err := o.WorkOutImport(ctx, db, file, today)
	if err != nil {
		return w, err
	}
	sum := sha256.Sum256(p.Plan)
	w.other, w.lines, w.problems, w.digest = p.Plan, p.Lines, p.Problems, sum[:]
	return w, nil
}

func otherChanges(done []changeDone) []OtherChange {
	all := make([]OtherChange, len(done))
	for i, d := range done {
		all[i] = OtherChange{Row: d.RowNumber, Subject: d.Subject, SubjectID: d.SubjectID, After: json.RawMessage(d.After)}
	}
	return all
}

func changesDone(all []OtherChange) []changeDone {
	done := make([]changeDone, len(all))
	for i, c := range all {
		done[i] = changeDone{RowNumber: c.Row, Subject: c.Subject, SubjectID: c.SubjectID, After: string(c.After)}
	}
	return done
}

// linesOf says row by row what an import into a register did.
func (o others) linesOf(of Register, changes []changeDone) ([]ImportLine, error) {
	if other, ok := o[of]; ok {
		return other.ImportDone(otherChanges(changes))
	}
	return linesDone(changes)
}

// undoneBecause is the reason that stays with what an import did and that was taken back.
func undoneBecause[T ~int64](which T, reason string) string {
	return fmt.Sprintf("Import %d undone: %s", which, reason)
}
