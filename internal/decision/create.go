package decision

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// CreateCommand begins a record of a body: a notice, or a proposed record where no notice is needed.
type CreateCommand struct {
	Body          string // slug; PartnershipSlug for the partnership itself
	Stage         Stage  // Notice or Proposed
	Draft         Draft  // at least a subject
	Demonstration bool
}

// Create begins a record. Faults: Forbidden, NotFound (the body), Invalid.
func (s *Service) Create(ctx context.Context, by authz.Actor, cmd CreateCommand) (made id.Decision, err error) {
	if !cmd.Stage.Before() {
		return 0, fault.Field("stage", "Begin with a notice or a proposed record. A decision made elsewhere is imported.")
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		made, err = s.create(ctx, tx, by, cmd, Entered, nil)
		return err
	})
	return made, err
}

// ImportCommand is one record of published history, taken over as stated.
type ImportCommand struct {
	CreateCommand // any stage
	CallIns       []CallIn
	Remarks       []Remark // whatever was not understood, under the label that it had
}

// ImportResult is what became of one imported record.
type ImportResult struct {
	ID       id.Decision
	Findings []Finding // flagged, not refused
}

// Import takes over published records, all or none. What disagrees with itself or the rules is accepted and flagged.
// A fault's field begins with the number of its record, counted from 1: "3.number-printed". Faults: Forbidden, NotFound,
// Invalid.
func (s *Service) Import(ctx context.Context, by authz.Actor, list []ImportCommand) (made []ImportResult, err error) {
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		made, err = s.ImportIn(ctx, tx, by, list)
		return err
	})
	return made, err
}

// ImportIn is Import in the transaction of something larger.
func (s *Service) ImportIn(ctx context.Context, tx pgx.Tx, by authz.Actor, list []ImportCommand) ([]ImportResult, error) {
	today := day.Of(s.now())
	made := make([]ImportResult, 0, len(list))
	for i, cmd := range list {
		which, err := s.create(ctx, tx, by, cmd.CreateCommand, Imported, &cmd)
		if err != nil {
			return nil, numbered(i+1, err)
		}
		r, _, err := selectRecord(ctx, tx, which, today)
		if err != nil {
			return nil, err
		}
		rules, err := selectRules(ctx, tx, r.Organisation, rulesDay(r, today))
		if err != nil {
			return nil, err
		}
		made = append(made, ImportResult{which, rules.Check(r)})
	}
	return made, nil
}

// numbered says of which record a fault is.
func numbered(n int, err error) error {
	f, ok := faultOf(err)
	if !ok {
		return fmt.Errorf("import record %d: %w", n, err)
	}
	c := *f
	c.Field = strings.TrimSuffix(fmt.Sprintf("%d.%s", n, f.Field), ".")
	return &c
}

// create inserts a record with its first children.
func (s *Service) create(ctx context.Context, tx pgx.Tx, by authz.Actor, cmd CreateCommand, origin Origin, history *ImportCommand) (id.Decision, error) {
	at := s.now()
	body, err := selectBody(ctx, tx, cmd.Body, day.Of(at))
	if err != nil {
		return 0, err
	}
	if !CanEdit(by, body.ID) {
		return 0, errMayNotEdit
	}
	r := Record{Organisation: body.ID, Stage: cmd.Stage, Origin: origin, Draft: cmd.Draft}
	r.WasMade = !r.Stage.Before() && (r.Stage != Withdrawn || !r.MadeOn.IsZero())
	if !r.Stage.Known() {
		return 0, fault.Field("stage", "Choose a stage.")
	}
	if !said(r.Subject) {
		return 0, fault.Field(string(PartSubject), "Enter the subject.")
	}
	letter(r.Limbs)
	rules, err := selectRules(ctx, tx, body.ID, rulesDay(r, day.Of(at)))
	if err != nil {
		return 0, err
	}
	if err := blocking(rules.Check(r)); err != nil {
		return 0, err
	}
	which, err := insertDecision(ctx, tx, r, cmd.Demonstration, by.Account)
	if err != nil {
		return 0, err
	}
	if history != nil {
		for _, c := range history.CallIns {
			if err := insertCallIn(ctx, tx, which, c, by.Account); err != nil {
				return 0, err
			}
		}
		for _, m := range history.Remarks {
			if err := insertRemark(ctx, tx, which, m, by.Account); err != nil {
				return 0, err
			}
		}
		return which, noted(ctx, tx, by, at, actionImported, which, "", r.Stage)
	}
	return which, noted(ctx, tx, by, at, actionEntered, which, "", r.Stage)
}

// letter gives the limbs their letters in order where they have none.
func letter(limbs []Limb) {
	for i := range limbs {
		if limbs[i].Letter == "" {
			limbs[i].Letter = Letter(i)
		}
	}
}
