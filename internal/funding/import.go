package funding

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/money"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/sheet"
)

var _ membership.OtherRegister = (*Service)(nil)

// imported is a line as a row of a file has it, in the words in which it is kept with the import.
type imported struct {
	Row       int               `json:"row"`
	Body      id.Organisation   `json:"body"`
	Slug      string            `json:"slug"`
	Year      day.FinancialYear `json:"year"`
	Form      Form              `json:"form"`
	Pence     money.Pence       `json:"pence"`
	Valuation string            `json:"valuation"`
	Estimated bool              `json:"estimated"`
	Purpose   string            `json:"purpose"`
	Note      string            `json:"note"`
	AgreedOn  day.Date          `json:"agreed_on"`
	Precision day.Precision     `json:"precision"`
	Source    string            `json:"source"`
	Terms     importedTerms     `json:"terms,omitzero" db:"-"`
}

// importedTerms are the terms that a row states.
type importedTerms struct {
	Total      money.Pence `json:"total,omitzero"`
	Parts      []Part      `json:"parts,omitempty"`
	Conditions string      `json:"conditions,omitzero"`
	Decision   string      `json:"decision,omitzero"`
}

func (i imported) command() RecordCommand {
	return RecordCommand{Year: i.Year, Organisation: i.Slug, Form: i.Form, Pence: i.Pence, Valuation: i.Valuation, Estimated: i.Estimated, Purpose: i.Purpose,
		Note: i.Note, Agreed: day.Approx{Date: i.AgreedOn, Precision: i.Precision}, Source: i.Source,
		Terms: Terms{Total: i.Terms.Total, Parts: i.Terms.Parts, Conditions: i.Terms.Conditions, DecisionNumber: i.Terms.Decision}}
}

// key is what tells lines apart: two with the same key say the same.
func (i imported) key() string {
	return fmt.Sprintf("%s %d %s %d %s %s\x00%s\x00%s", i.Slug, i.Year, i.Form, i.Pence, i.AgreedOn, i.Precision, plainText(i.Purpose), plainText(i.Source))
}

func (i imported) words() string {
	words := i.Pence.Words() + " " + formWords(i.Form) + " for " + i.Year.String()
	if len(i.Terms.Parts) > 0 {
		words += ", our part of " + i.Terms.Total.Words()
	}
	return words
}

func formWords(f Form) string {
	if f == Cash {
		return "in cash"
	}
	return "in kind"
}

// ImportTable is every recorded contribution with the columns of its import, what was taken out included: imported
// again, it changes nothing. Fault: Forbidden.
func (s *Service) ImportTable(ctx context.Context, by authz.Actor) (sheet.Table, error) {
	list, err := s.Contributions(ctx, by, Filter{})
	return TableOf(list), err
}

// TableOf writes contributions with the columns of their import.
func TableOf(list []Contribution) sheet.Table {
	t := sheet.Template("Contributions", membership.ImportColumns(membership.RegisterContributions))
	for _, c := range list {
		taken := ""
		if !c.Counts() {
			taken = day.Of(*c.TakenOutAt).String()
		}
		cells := map[string]string{"financial year": c.Year.String(), "slug": c.Slug, "name": c.Name, "form": string(c.Form), "amount": c.Pence.Decimal(),
			"valuation": c.Valuation, "estimated": yesNo(c.IsEstimated), "purpose": c.Purpose, "agreed": c.AgreedOn.String(), "precision": string(c.AgreedPrecision),
			"source": c.Source, "note": c.Note, "recorded": day.Of(c.RecordedAt).String(), "taken out": taken, "why taken out": c.Reason,
			"demonstration data": yesNo(c.IsDemonstration), "split": SplitText(c.Parts), "conditions": c.Conditions, "decision": c.DecisionNumber,
			"why adjusted": c.AdjustmentReason, "agreed in the portal": yesNo(c.WasSigned || c.AdjustmentReason != "")}
		if len(c.Parts) > 0 {
			cells["total"] = c.Total.Decimal()
		}
		row := make([]string, len(t.Header))
		for i, h := range t.Header {
			row[i] = cells[h]
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// WorkOutImport says what a file would do: a row that says what is recorded already does nothing, the others add a line.
func (s *Service) WorkOutImport(ctx context.Context, db pg.DB, file sheet.Sheet, today day.Date) (p membership.OtherPlan, err error) {
	r := rowReader{file: file, today: today}
	slugs, names := r.slugsAndNames()
	if r.bodies, err = selectBodies(ctx, db, slugs, names); err != nil {
		return p, err
	}
	var bodies []id.Organisation
	for _, b := range r.bodies {
		bodies = append(bodies, b.ID)
	}
	known, err := selectKnown(ctx, db, bodies)
	if err != nil {
		return p, err
	}
	if r.planned, err = selectPlanned(ctx, db); err != nil {
		return p, err
	}
	added, first := []imported{}, map[string]int{}
	for _, row := range file.Rows {
		line := membership.ImportLine{Row: row.Number, Slug: row.Get("slug"), Name: row.Get("name"), Effect: membership.ImportUnchanged}
		if left := leftAlone(row); left != "" {
			line.Details = []string{left}
			p.Lines = append(p.Lines, line)
			continue
		}
		i, ok := r.read(row)
		line.Slug, line.Name = i.Slug, r.nameOf(i.Slug)
		switch {
		case !ok:
		case known[i.key()]:
			line.Details = []string{"Recorded already"}
		case first[i.key()] != 0:
			r.fail("", fmt.Sprintf("It says the same as row %d. If there are two, say in the purpose how they differ", first[i.key()]))
		default:
			first[i.key()] = row.Number
			line.Effect, line.Details = membership.ImportAdds, []string{i.words()}
			added = append(added, i)
		}
		p.Lines = append(p.Lines, line)
	}
	p.Problems = r.problems
	p.Plan, err = json.Marshal(added)
	return p, err
}

// leftAlone says why a row of an export is not imported; "" if it is.
func leftAlone(row sheet.Row) string {
	switch {
	case row.Get("taken out") != "":
		return "Left alone: it was taken out"
	case row.Get("agreed in the portal") == "yes":
		return "Left alone: it was agreed in the portal"
	}
	return ""
}

// LockImport holds the organisations of a file still, in one order, so that nobody records the same line meanwhile.
func (s *Service) LockImport(ctx context.Context, tx pgx.Tx, file sheet.Sheet) error {
	r := rowReader{file: file}
	slugs, names := r.slugsAndNames()
	return lockBodies(ctx, tx, slugs, names)
}

// CarryOutImport adds what was planned. Fault: Forbidden.
func (s *Service) CarryOutImport(ctx context.Context, tx pgx.Tx, by authz.Actor, plan json.RawMessage) ([]membership.OtherChange, error) {
	if !CanRecord(by) {
		return nil, errMayNotRecord
	}
	var added []imported
	if err := json.Unmarshal(plan, &added); err != nil {
		return nil, fmt.Errorf("read the plan of an import: %w", err)
	}
	at := s.now()
	var done []membership.OtherChange
	for _, i := range added {
		made, err := insertContribution(ctx, tx, i.Body, i.command())
		if err != nil {
			return nil, err
		}
		if err := audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionRecorded, SubjectKind: subject, SubjectID: int64(made), After: stateCounted}); err != nil {
			return nil, err
		}
		after, err := json.Marshal(i)
		if err != nil {
			return nil, fmt.Errorf("write a line of an import: %w", err)
		}
		done = append(done, membership.OtherChange{Row: i.Row, Subject: subject, SubjectID: int64(made), After: after})
	}
	return done, nil
}

// ImportDone says row by row what an import added.
func (s *Service) ImportDone(done []membership.OtherChange) ([]membership.ImportLine, error) {
	var lines []membership.ImportLine
	for _, c := range done {
		var i imported
		if err := json.Unmarshal(c.After, &i); err != nil {
			return nil, fmt.Errorf("read what an import did to contribution %d: %w", c.SubjectID, err)
		}
		lines = append(lines, membership.ImportLine{Row: c.Row, Slug: i.Slug, Name: i.Slug, Effect: membership.ImportAdds, Details: []string{i.words()}})
	}
	return lines, nil
}

// TakeBackImport takes out every line of an import that still counts. What was corrected since stays as it is. Fault:
// Forbidden.
func (s *Service) TakeBackImport(ctx context.Context, tx pgx.Tx, by authz.Actor, done []membership.OtherChange, reason string) error {
	if !CanRecord(by) {
		return errMayNotRecord
	}
	at := s.now()
	for _, c := range done {
		line, err := selectContribution(ctx, tx, id.Contribution(c.SubjectID))
		if err != nil {
			return err
		}
		if !line.Counts() {
			continue
		}
		if err := insertReversal(ctx, tx, ReverseCommand{ID: line.ID, Reason: reason}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionReversed, SubjectKind: subject, SubjectID: c.SubjectID,
			Before: stateCounted, After: stateTakenOut}); err != nil {
			return err
		}
	}
	return nil
}

// slugsAndNames are the organisations that the file names, each once: by address, or where there is none by name.
func (r *rowReader) slugsAndNames() (slugs, names []string) {
	for _, row := range r.file.Rows {
		if slug := row.Get("slug"); slug != "" {
			slugs = append(slugs, slug)
		} else {
			names = append(names, plainName(row.Get("name")))
		}
	}
	slices.Sort(slugs)
	slices.Sort(names)
	return slices.Compact(slugs), slices.Compact(names)
}

func plainName(name string) string { return strings.ToLower(plainText(name)) }

// plainText is a text whatever the space between its words.
func plainText(text string) string { return strings.Join(strings.Fields(text), " ") }
