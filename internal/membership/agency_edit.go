package membership

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// AgencyChange corrects what is said of an agency's time: its categories and the reason for choosing it.
type AgencyChange struct {
	Slug       string
	Agency     id.Agency
	Categories []int
	Reason     string
	Why        string // why categories are taken back; kept with them
}

// BasisChange ends an agency's time and begins another on another basis the day after.
type BasisChange struct {
	Agency id.Agency // the time that ends
	AgencyCommand
}

func checkBasisAndCategories(basis Basis, categories []int) error {
	switch {
	case basis == Invitee && len(categories) > 0:
		return fault.Field("categories", "An invitee falls under no category of the Schedule. Untick them, or choose another basis")
	case basis != Invitee && len(categories) == 0:
		return fault.Field("categories", "Choose at least one category of the Schedule, or choose invitee")
	}
	return nil
}

// ChangeAgency corrects the categories and the reason of an agency's time; what was said before stays on record. Faults:
// Forbidden, NotFound, Invalid.
func (s *Service) ChangeAgency(ctx context.Context, by authz.Actor, cmd AgencyChange) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		t, err := lockAgencyTerm(ctx, tx, cmd.Slug, cmd.Agency)
		if err != nil {
			return err
		}
		basis, held, err := selectBasis(ctx, tx, cmd.Agency)
		if err != nil {
			return err
		}
		if err := checkBasisAndCategories(basis, cmd.Categories); err != nil {
			return err
		}
		if err := checkCategoriesFrom(ctx, tx, without(cmd.Categories, held), t.StartsOn); err != nil {
			return err
		}
		if gone := without(held, cmd.Categories); len(gone) > 0 {
			if cmd.Why == "" {
				return fault.Field("why", "Enter why categories are taken back")
			}
			if err := retractCategories(ctx, tx, cmd.Agency, gone, cmd.Why); err != nil {
				return err
			}
		}
		if err := insertCategories(ctx, tx, cmd.Agency, without(cmd.Categories, held)); err != nil {
			return err
		}
		if err := updateAgencyReason(ctx, tx, cmd.Agency, cmd.Reason); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionAgencyChanged, SubjectKind: subjectAgency, SubjectID: int64(cmd.Agency)})
	})
}

// ChangeBasis ends an agency's time on the day before the given one and begins another on that day. Faults: Forbidden,
// NotFound, Invalid, Conflict (it is an agency already on some of the later days).
func (s *Service) ChangeBasis(ctx context.Context, by authz.Actor, cmd BasisChange) (made id.Agency, err error) {
	if !CanEdit(by) {
		return 0, errMayNotEdit
	}
	if err := cmd.check(); err != nil {
		return 0, err
	}
	at := s.now()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := lockOrganisation(ctx, tx, cmd.Slug, day.Of(at))
		if err != nil {
			return err
		}
		t, err := lockAgencyTerm(ctx, tx, cmd.Slug, cmd.Agency)
		if err != nil {
			return err
		}
		if !cmd.From.After(t.StartsOn) {
			return fault.Field("starts", "The first day must be after "+t.StartsOn.Long()+", when the present basis began")
		}
		if !t.EndsOn.IsZero() && cmd.From.Add(-1).After(t.EndsOn) {
			return fault.Field("starts", "Its time as relevant agency ended on "+t.EndsOn.Long()+". Make it a relevant agency again instead")
		}
		if err := checkCategoriesFrom(ctx, tx, cmd.Categories, cmd.From); err != nil {
			return err
		}
		if err := updateAgencyEnd(ctx, tx, cmd.Agency, cmd.From.Add(-1)); err != nil {
			return err
		}
		if made, err = insertAgency(ctx, tx, o.ID, cmd.AgencyCommand); err != nil {
			return err
		}
		for action, which := range map[string]id.Agency{actionAgencyEnded: cmd.Agency, actionAgencyNamed: made} {
			if err := audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectAgency, SubjectID: int64(which)}); err != nil {
				return err
			}
		}
		return nil
	})
	return made, err
}

// without lists what is in one list and not in another, each once.
func without(list, other []int) []int {
	left := []int{}
	for _, x := range list {
		if !slices.Contains(other, x) && !slices.Contains(left, x) {
			left = append(left, x)
		}
	}
	return left
}

// checkCategoriesFrom refuses categories that ended before a term begins.
func checkCategoriesFrom(ctx context.Context, tx pgx.Tx, chosen []int, from day.Date) error {
	all, err := selectCategories(ctx, tx)
	if err != nil {
		return err
	}
	return checkCategories(all, chosen, from)
}

func selectBasis(ctx context.Context, tx pgx.Tx, which id.Agency) (basis Basis, held []int, err error) {
	err = tx.QueryRow(ctx, `
		SELECT basis, ARRAY(SELECT mc.paragraph FROM agency_membership_category mc WHERE mc.membership_id = m.id AND mc.retracted_at IS NULL)
		FROM agency_membership m WHERE m.id = @id`, pgx.StrictNamedArgs{"id": which}).Scan(&basis, &held)
	if err != nil {
		return "", nil, fmt.Errorf("read the categories of agency %d: %w", which, err)
	}
	return basis, held, nil
}

func insertCategories(ctx context.Context, tx pgx.Tx, which id.Agency, paragraphs []int) error {
	_, err := tx.Exec(ctx, `INSERT INTO agency_membership_category (membership_id, paragraph) SELECT DISTINCT @agency::bigint, unnest(@paragraphs::integer[])`,
		pgx.StrictNamedArgs{"agency": which, "paragraphs": paragraphs})
	if err != nil {
		return fmt.Errorf("insert the categories of agency %d: %w", which, translate(err))
	}
	return nil
}

func retractCategories(ctx context.Context, tx pgx.Tx, which id.Agency, paragraphs []int, why string) error {
	_, err := tx.Exec(ctx, `
		UPDATE agency_membership_category SET retracted_reason = @why WHERE membership_id = @agency AND paragraph = ANY (@paragraphs::integer[]) AND retracted_at IS NULL`,
		pgx.StrictNamedArgs{"agency": which, "paragraphs": paragraphs, "why": why})
	if err != nil {
		return fmt.Errorf("retract categories of agency %d: %w", which, translate(err))
	}
	return nil
}

func updateAgencyReason(ctx context.Context, tx pgx.Tx, which id.Agency, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE agency_membership SET reason = @reason WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "reason": reason})
	if err != nil {
		return fmt.Errorf("change the reason of agency %d: %w", which, translate(err))
	}
	return nil
}
