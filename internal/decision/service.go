package decision

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// PartnershipSlug stands in addresses for the partnership itself, where a body's slug stands for a body.
const PartnershipSlug = "partnership"

// Service has the use cases of the register for signed-in people.
type Service struct {
	db      pg.DB
	letters Letters
	now     func() time.Time
}

// New makes the service. It tells nobody: see Telling.
func New(db pg.DB, now func() time.Time) *Service {
	return &Service{db: db, letters: NoLetters{}, now: now}
}

// The deeds that the audit keeps.
const (
	actionEntered    = "decision.entered"
	actionImported   = "decision.imported"
	actionChanged    = "decision.changed"
	actionMoved      = "decision.moved"
	actionDeferred   = "decision.deferred"
	actionCalledIn   = "decision.called-in"
	actionCallInOver = "decision.call-in-ended"
	actionOverrode   = "decision.overridden"
	actionPublished  = "decision.published"
	actionCorrected  = "decision.corrected"
	actionRetracted  = "decision.retracted"
	actionExempted   = "decision.exempt-text-changed"
	actionExemptRead = "decision.exempt-text-read"
	actionAttached   = "decision.file-attached"
	actionDetached   = "decision.file-removed"
	actionAuthorised = "decision.authorised"
	actionUnlinked   = "decision.link-removed"
	actionRules      = "decision-rules.changed"
)

const (
	subjectDecision = "decision"
	subjectRules    = "decision-rules"
)

var errOneRule = fault.New(fault.Conflict, "There is a rule about this for that time already. Take it out first, or begin the new one later.")

// broken says what the guards of the database mean to people.
var broken = map[string]*fault.Error{
	"decision_number_key":                       fault.Field("number-printed", "This body already has a record with this number."),
	"decision_ref_key":                          fault.Field("number-printed", "This body already has a record whose number looks the same in an address."),
	"decision_line_ref_key":                     fault.Field("number-printed", "This body already has a published record with this number."),
	"decision_subject_length":                   fault.Field("subject", "Enter a subject of 500 characters or fewer."),
	"decision_words_length":                     fault.New(fault.Invalid, "A number, post or name is too long."),
	"decision_texts_length":                     fault.New(fault.Invalid, "A text is too long."),
	"decision_source_url_form":                  fault.Field("source-url", "Enter an address that begins with https:// or http://."),
	"decision_urgency_of_key_decisions":         fault.Field("route", "Only a key decision has a route of urgency."),
	"decision_made_days_only_if_made":           fault.New(fault.Invalid, "The decision has not been made: leave out the days of a decision made."),
	"decision_later_only_if_proposed":           fault.New(fault.Invalid, "Only a proposed record can leave a part to be added."),
	"decision_withdrawn_for_reason":             fault.Field("withdrawn-reason", "Say why the record was withdrawn."),
	"decision_open_without_exempt":              fault.Field("restriction", "An open record has nothing exempt: take the exempt text and files out first, or restrict the record."),
	"decision_moves":                            fault.New(fault.Conflict, "The record is not at a stage from which this follows."),
	"decision_retracted_unpublished":            fault.New(fault.Conflict, "What was published stays: correct the record or withdraw it."),
	"decision_publication_without_exempt":       fault.New(fault.Invalid, "The open text repeats an exempt passage. Take it out of the open text first."),
	"decision_publication_corrected_for_reason": fault.Field("reason", "Say why what was published is corrected."),
	"decision_publication_whole":                fault.New(fault.Invalid, "The record still needs something at this stage."),
	"decision_stage_whole":                      fault.New(fault.Invalid, "The record still needs something at this stage."),
	"decision_organisation_fkey":                errNoBody,
	"decision_organisation_counts":              errNoBody,
	"decision_maker_post_fkey":                  fault.Field("maker", "There is no such post."),
	"decision_contact_post_fkey":                fault.Field("contact", "There is no such post."),
	"decision_authorises_once":                  fault.New(fault.Conflict, "The record is linked to this already."),
	"decision_authorises_version_fkey":          fault.New(fault.NotFound, "There is no such version."),
	"decision_authorises_round_fkey":            fault.New(fault.NotFound, "There is no such round."),
	"decision_authorises_round_of_version":      fault.New(fault.Invalid, "The round is of another version."),
	"retracted_final":                           fault.New(fault.Conflict, "This was taken out already."),
	"decision_requirement_one_a_day":            errOneRule, "decision_period_one_a_day": errOneRule, "decision_mask_one_a_day": errOneRule,
	"bank_holiday_one_a_day": fault.Field("on", "This day is recorded as a bank holiday already."),
}

func translated(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, pg.Translate(err, broken))
}

// noted records a deed on a record, in its transaction.
func noted(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, action string, which id.Decision, before, after Stage) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: action, SubjectKind: subjectDecision, SubjectID: int64(which),
		Before: string(before), After: string(after)})
}
