package decision

import (
	"context"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// PublishCommand publishes a record as it stands: its stage for the first time, or a correction of what was published.
type PublishCommand struct {
	ID       id.Decision
	Revision int
	Reason   string // of a correction: needed, and public
	Withhold bool   // keep the earlier wording of what changes from the public, since it should not have been published
}

// Publish freezes the open content of a record and shows it to the public. What changed since the stage was published
// is kept as corrections with before and after. It gives the number of the publication. Faults: NotFound, Forbidden,
// Conflict (changed since), Invalid (the stage needs something; a correction without reason;
// open text that repeats an exempt passage).
func (s *Service) Publish(ctx context.Context, by authz.Actor, cmd PublishCommand) (number int, err error) {
	at := s.now()
	today := day.Of(at)
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		r, err := lockedFor(ctx, tx, by, cmd.ID, cmd.Revision, today)
		if err != nil {
			return err
		}
		if !CanPublish(by) {
			return errMayNotPublish
		}
		rules, err := selectRules(ctx, tx, r.Organisation, rulesDay(r, today))
		if err != nil {
			return err
		}
		earlier, err := selectPublications(ctx, tx, cmd.ID)
		if err != nil {
			return err
		}
		action, err := publishable(rules, r, earlier, cmd)
		if err != nil {
			return err
		}
		if number, err = insertPublication(ctx, tx, cmd, rules.Content(r), by.Account); err != nil {
			return err
		}
		if err := s.tellPublication(ctx, tx, r, earlier, action); err != nil {
			return err
		}
		return noted(ctx, tx, by, at, action, cmd.ID, r.Stage, r.Stage)
	})
	return number, err
}

// publishable says whether publishing is the first of the stage or a correction, and refuses what is not whole.
func publishable(rules Rules, r Record, earlier []Publication, cmd PublishCommand) (action string, err error) {
	if missing := rules.Missing(r, r.Stage); len(missing) > 0 && r.Origin == Entered {
		return "", fault.Field(string(missing[0].Part), missing[0].Words)
	}
	if len(earlier) == 0 || earlier[len(earlier)-1].Stage != r.Stage {
		return actionPublished, nil
	}
	if !said(cmd.Reason) {
		return "", broken["decision_publication_corrected_for_reason"]
	}
	return actionCorrected, nil
}
