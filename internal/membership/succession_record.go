package membership

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Successions lists the successions that are recorded, the latest day first, those reversed included. Fault: Forbidden.
func (s *Service) Successions(ctx context.Context, by authz.Actor) ([]SuccessionRecord, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectSuccessions(ctx, s.db, 0)
}

// Succession reads one succession with what its recording changed. Faults: Forbidden, NotFound.
func (s *Service) Succession(ctx context.Context, by authz.Actor, which id.Succession) (SuccessionRecord, error) {
	if !CanEdit(by) {
		return SuccessionRecord{}, errMayNotEdit
	}
	return selectSuccession(ctx, s.db, which)
}

// BodyCalled is an organisation that was found under some words.
type BodyCalled struct {
	Words string
	Slug  string
	Name  string // of today
}

// BodiesCalled finds organisations by the address of their page, or by a name that they have or had. Fault: Forbidden.
func (s *Service) BodiesCalled(ctx context.Context, by authz.Actor, words []string) ([]BodyCalled, error) {
	if !CanEdit(by) {
		return nil, errMayNotEdit
	}
	return selectBodiesCalled(ctx, s.db, words)
}

// errOnlyPlanned ends the transaction of a plan, so that nothing of it stays.
var errOnlyPlanned = errors.New("only planned")

// PlanSuccession tells what RecordSuccession would do, and does nothing. Faults: as RecordSuccession.
func (s *Service) PlanSuccession(ctx context.Context, by authz.Actor, cmd SucceedCommand) (plan SuccessionPlan, err error) {
	if !CanEdit(by) {
		return SuccessionPlan{}, errMayNotEdit
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		made, err := succeed(ctx, tx, by, at, cmd)
		if err != nil {
			return err
		}
		if plan.Record, err = selectSuccession(ctx, tx, made); err != nil {
			return err
		}
		if plan.Rounds, err = selectRoundsConcerned(ctx, tx, made); err != nil {
			return err
		}
		return errOnlyPlanned
	})
	if errors.Is(err, errOnlyPlanned) {
		return plan, nil
	}
	return SuccessionPlan{}, err
}

// RecordSuccession says what became of bodies on a day, and does what follows from it. It changes no act, seat,
// statement or version. Faults: Forbidden, NotFound, Invalid, Conflict (a body has another place already).
func (s *Service) RecordSuccession(ctx context.Context, by authz.Actor, cmd SucceedCommand) (made id.Succession, err error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if made, err = succeed(ctx, tx, by, at, cmd); err != nil {
			return err
		}
		return s.letters.SuccessionRecorded(ctx, tx, made)
	})
	return made, err
}

// succession is one that is being recorded.
type succession struct {
	id     id.Succession
	cmd    SucceedCommand
	before []id.Organisation
	after  []id.Organisation
}

func succeed(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, cmd SucceedCommand) (id.Succession, error) {
	cmd.Predecessors, cmd.Successors = eachOnce(cmd.Predecessors), eachOnce(cmd.Successors)
	if err := cmd.check(); err != nil {
		return 0, err
	}
	x := succession{cmd: cmd}
	steps := []func() error{
		func() error { return x.begin(ctx, tx, by, at) },
		func() error { return x.rename(ctx, tx) },
		func() error { return x.takePlaceAsPartner(ctx, tx) },
		func() error { return x.takePlaceAsAgency(ctx, tx) },
		func() error { return x.end(ctx, tx) },
		func() error { return x.record(ctx, tx, by, at) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return 0, onTheDay(err)
		}
	}
	return x.id, nil
}

func eachOnce(slugs []string) []string { return slices.Compact(slices.Sorted(slices.Values(slugs))) }

// onTheDay puts what is wrong with the days of a record beside the one day that the form asks for.
func onTheDay(err error) error {
	refusal, ok := errors.AsType[*fault.Error](err)
	if ok && (refusal.Field == "ends" || refusal.Field == "starts") {
		return fault.Field("on", refusal.Message).Because(err)
	}
	return err
}

// begin locks the bodies, the new one included, and writes the succession down.
func (x *succession) begin(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time) error {
	// All at once and in one order, so that two successions of the same bodies wait for each other.
	_, err := lockBodiesCalled(ctx, tx, slices.Concat(x.cmd.Predecessors, x.cmd.Successors))
	if err != nil {
		return err
	}
	if x.before, err = lockBodiesCalled(ctx, tx, x.cmd.Predecessors); err != nil {
		return err
	}
	if x.after, err = lockBodiesCalled(ctx, tx, x.cmd.Successors); err != nil {
		return err
	}
	var begun id.Organisation
	if x.cmd.Begins != nil {
		if begun, err = beginBody(ctx, tx, *x.cmd.Begins, x.cmd.On); err != nil {
			return err
		}
		x.after = append(x.after, begun)
		if err := recordOrganisation(ctx, tx, by, at, actionAdded, begun); err != nil {
			return err
		}
	}
	if x.id, err = insertSuccession(ctx, tx, by, x.cmd, x.before, x.after); err != nil {
		return err
	}
	if begun != 0 {
		return insertChangeMade(ctx, tx, x.id, ChangedBody, int64(begun))
	}
	return nil
}

// beginBody adds the body that begins with a succession; its fields are those of the form of the succession.
func beginBody(ctx context.Context, tx pgx.Tx, cmd AddCommand, on day.Date) (id.Organisation, error) {
	cmd.From = on
	made, err := func() (id.Organisation, error) {
		if err := cmd.check(); err != nil {
			return 0, err
		}
		made, err := insertOrganisation(ctx, tx, cmd)
		if err != nil {
			return 0, err
		}
		return made, insertName(ctx, tx, made, cmd.Name, on)
	}()
	if refusal, ok := errors.AsType[*fault.Error](err); ok && slices.Contains([]string{"name", "slug", "kind"}, refusal.Field) {
		return 0, fault.Field("begins-"+refusal.Field, refusal.Message).Because(err)
	}
	return made, err
}

func (x *succession) rename(ctx context.Context, tx pgx.Tx) error {
	if x.cmd.Kind != Renaming {
		return nil
	}
	o, err := selectOrganisation(ctx, tx, x.cmd.Predecessors[0], x.cmd.On)
	if err != nil {
		return err
	}
	open, err := RenameCommand{Slug: o.Slug, Name: x.cmd.NewName, From: x.cmd.On}.closes(o.Names)
	if refusal, ok := errors.AsType[*fault.Error](err); ok && refusal.Field == "name" {
		return fault.Field("new-name", refusal.Message)
	}
	if err != nil {
		return err
	}
	if open.Name != "" {
		if err := endRows(ctx, tx, x.id, endNames, []id.Organisation{o.ID}, x.cmd.On); err != nil {
			return err
		}
	}
	return insertNameMade(ctx, tx, x.id, o.ID, x.cmd.NewName, x.cmd.On)
}

// ends tells whether the predecessors stop being what the successors become.
func (x *succession) ends(placeTaken bool) bool {
	return x.cmd.Kind != Renaming && (x.cmd.End || placeTaken)
}

func (x *succession) takePlaceAsPartner(ctx context.Context, tx pgx.Tx) error {
	if !x.ends(x.cmd.Partner) {
		return nil
	}
	if err := refuseLater(ctx, tx, "safeguarding_partner", x.before, x.cmd.On); err != nil {
		return err
	}
	if err := endRows(ctx, tx, x.id, endPartners, x.before, x.cmd.On); err != nil {
		return err
	}
	if !x.cmd.Partner {
		return nil
	}
	place, err := selectPartnerPlace(ctx, tx, x.id, x.cmd.On)
	if err != nil || place.Kind == "" {
		return err
	}
	for _, body := range x.after {
		if err := takePartnerPlace(ctx, tx, x.id, body, place, x.cmd.On); err != nil {
			return err
		}
	}
	return nil
}

func (x *succession) takePlaceAsAgency(ctx context.Context, tx pgx.Tx) error {
	if !x.ends(x.cmd.Agency) {
		return nil
	}
	if err := refuseLater(ctx, tx, "agency_membership", x.before, x.cmd.On); err != nil {
		return err
	}
	if err := endRows(ctx, tx, x.id, endAgencies, x.before, x.cmd.On); err != nil {
		return err
	}
	if !x.cmd.Agency {
		return nil
	}
	for _, body := range x.after {
		if err := takeAgencyPlace(ctx, tx, x.id, body, x.cmd.On); err != nil {
			return err
		}
	}
	return nil
}

func (x *succession) end(ctx context.Context, tx pgx.Tx) error {
	if x.cmd.Kind == Renaming {
		return nil
	}
	if x.cmd.Posts {
		for _, what := range []ending{endHolders, endPosts} {
			if err := endRows(ctx, tx, x.id, what, x.before, x.cmd.On); err != nil {
				return err
			}
		}
	}
	if !x.cmd.End {
		return nil
	}
	return endRows(ctx, tx, x.id, endBodies, x.before, x.cmd.On)
}

// record keeps the deeds for the audit, and checks now what is otherwise checked at the commit.
func (x *succession) record(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time) error {
	if err := checkNow(ctx, tx); err != nil {
		return err
	}
	r, err := selectSuccession(ctx, tx, x.id)
	if err != nil {
		return err
	}
	for _, c := range r.Changes {
		if c.Kind != ChangedPartner {
			continue
		}
		action := actionPartnerEnded
		if c.Made {
			action = actionPartnerBegan
		}
		e := audit.Event{At: at, By: by, Action: action, SubjectKind: subjectPartner, SubjectID: c.Row, Partner: id.Partner(c.Row)}
		if err := audit.Record(ctx, tx, e); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionSucceeded, SubjectKind: subjectSuccession, SubjectID: int64(x.id), After: string(x.cmd.Kind)})
}
