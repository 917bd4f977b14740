package decision

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// Letters tells the people whom a record concerns, in the transaction of the deed. They name a record and its days; no
// letter repeats its text. *notify.Writer writes them.
type Letters interface {
	// DecisionPublished is asked after every publication; a corrected one tells only whom nobody told yet of an urgency.
	DecisionPublished(ctx context.Context, tx pgx.Tx, which id.Decision, corrected bool) error
	DecisionCalledIn(ctx context.Context, tx pgx.Tx, which id.Decision) error
	DecisionCallInEnded(ctx context.Context, tx pgx.Tx, which id.Decision) error
}

// NoLetters tells nobody: for history, and where letters are no matter.
type NoLetters struct{}

var _ Letters = NoLetters{}

// DecisionPublished tells nobody.
func (NoLetters) DecisionPublished(context.Context, pgx.Tx, id.Decision, bool) error { return nil }

// DecisionCalledIn tells nobody.
func (NoLetters) DecisionCalledIn(context.Context, pgx.Tx, id.Decision) error { return nil }

// DecisionCallInEnded tells nobody.
func (NoLetters) DecisionCallInEnded(context.Context, pgx.Tx, id.Decision) error { return nil }

// Telling gives the service with letters to write. Without it nobody is told.
func (s *Service) Telling(letters Letters) *Service {
	told := *s
	told.letters = letters
	return &told
}

// telling is a letter about a record.
type telling func(ctx context.Context, tx pgx.Tx, which id.Decision) error

// tellPublication has the letters of a publication written. Published history is taken over silently.
func (s *Service) tellPublication(ctx context.Context, tx pgx.Tx, r Record, earlier []Publication, action string) error {
	if r.Origin == Imported && len(earlier) == 0 {
		return nil
	}
	if err := s.letters.DecisionPublished(ctx, tx, r.ID, action == actionCorrected); err != nil {
		return fmt.Errorf("write letters of the publication of decision %d: %w", r.ID, err)
	}
	return nil
}

// remindedOf are the deadlines at which somebody has something to do or to know.
var remindedOf = []DeadlineKind{NoticeRuns, DecisionDue, TakesEffect, CallInMeeting}

// reminderDays is how long before a deadline people are reminded of it.
const reminderDays = 7

// ToRemindOf lists the deadlines of the coming week of which people are reminded. Fault: Forbidden.
func (s *Service) ToRemindOf(ctx context.Context, by authz.Actor) ([]Deadline, error) {
	today := day.Of(s.now())
	list, err := s.Calendar(ctx, by, today, today.Add(reminderDays))
	return slices.DeleteFunc(list, func(d Deadline) bool { return !slices.Contains(remindedOf, d.Kind) }), err
}
