package signoff

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Letters tells people, in the transaction of what happened. It is implemented in notify.
type Letters interface {
	RoundOpened(ctx context.Context, tx pgx.Tx, round id.Round) error
	ActDone(ctx context.Context, tx pgx.Tx, act id.Act) error
	RoundEnded(ctx context.Context, tx pgx.Tx, round id.Round) error
	RoundSetAside(ctx context.Context, tx pgx.Tx, round id.Round) error
	RecordedEntered(ctx context.Context, tx pgx.Tx, round id.Round) error
	RemarkPut(ctx context.Context, tx pgx.Tx, remark int64) error
	RemarkAnswered(ctx context.Context, tx pgx.Tx, remark int64) error
	ScrutinyFiled(ctx context.Context, tx pgx.Tx, scrutiny int64) error
}

// Passwords proves that the person at the keyboard is the signed-in one.
type Passwords interface {
	// VerifyPassword has the faults Unauthenticated (wrong) and Conflict (too many attempts).
	VerifyPassword(ctx context.Context, by authz.Actor, password string) error
}

// Service is the use cases of sign-off. Each exported method is one transaction.
type Service struct {
	db        pg.DB
	passwords Passwords
	letters   Letters
	now       func() time.Time
}

// New makes the service on the application's role.
func New(db pg.DB, passwords Passwords, letters Letters, now func() time.Time) *Service {
	return &Service{db: db, passwords: passwords, letters: letters, now: now}
}

// constraints says in words what the database refuses.
var constraints = map[string]*fault.Error{
	"act_one_per_seat":                    fault.New(fault.Conflict, "Your organisation has already acted in this round."),
	"act_one_seat_per_person":             fault.New(fault.Conflict, "You have already acted in this round. One person never acts for two partners in one round."),
	"act_statement_key":                   fault.New(fault.Conflict, "This statement has already been acted on."),
	"act_round_open":                      fault.New(fault.Conflict, "This round is no longer open."),
	"act_partner_of_today":                fault.New(fault.Forbidden, "Your organisation is no safeguarding partner today."),
	"act_account_active":                  fault.New(fault.Forbidden, "Your account is suspended."),
	"act_appointment_of_today":            fault.New(fault.Forbidden, "Your appointment gives no authority for this today."),
	"act_statement_fresh":                 fault.New(fault.Conflict, "The statement was issued more than ten minutes ago. Read it again and continue."),
	"statement_not_issued_ahead":          fault.New(fault.Conflict, "The clock of the portal runs ahead of its database. Nothing was signed. Tell the administrator."),
	"act_recorded_in_past":                fault.New(fault.Invalid, "A sign-off made elsewhere can't lie in the future."),
	"round_one_open":                      fault.New(fault.Conflict, "A round on this is already open."),
	"round_one_live":                      fault.New(fault.Conflict, "There is already a round on this that is open or complete."),
	"round_of_a_draft":                    fault.New(fault.Conflict, "This version is no longer a draft."),
	"round_of_a_proposed_year":            fault.New(fault.Conflict, "This financial year is not being proposed."),
	"round_content_of_year":               fault.New(fault.Conflict, "The lines or the budget have changed since you checked them. Check them again."),
	"round_content_of_version":            fault.New(fault.Conflict, "The text has changed since you checked it. Check it again."),
	"round_coverage_of_version":           fault.New(fault.Conflict, "The coverage of the guidance has changed since you checked it. Check it again."),
	"round_musts_covered":                 fault.New(fault.Conflict, "A must of the guidance is not covered. Say on the page of coverage which sections cover it."),
	"round_seats_each_kind":               fault.New(fault.Conflict, "On that day the areas concerned do not have a safeguarding partner of every kind. Complete the membership first."),
	"round_recorded_in_past":              fault.New(fault.Invalid, "A sign-off made elsewhere can't lie in the future."),
	"round_content_size":                  fault.New(fault.Invalid, "The whole text is longer than 16 MB. Shorten it before you open a round."),
	"act_office_length":                   fault.New(fault.Invalid, "The office must be 200 characters or fewer."),
	"act_officer_name_length":             fault.New(fault.Invalid, "The officer's name must be 200 characters or fewer."),
	"act_source_length":                   fault.New(fault.Invalid, "The source must be 2,000 characters or fewer."),
	"evidence_file_name_length":           fault.New(fault.Invalid, "The name of the file must be 200 characters or fewer."),
	"evidence_file_media_type_allowed":    fault.New(fault.Invalid, "The evidence must be a PDF, a PNG or a JPEG."),
	"evidence_file_size":                  fault.New(fault.Invalid, "The evidence must be 10 MB or smaller, and not empty."),
	"round_set_aside_reason_length":       fault.Field("reason", "The reason must be 4,000 characters or fewer"),
	"round_end_reason_length":             fault.Field("reason", "The reason must be 4,000 characters or fewer"),
	"round_ends_once":                     fault.New(fault.Conflict, "This round has already ended."),
	"round_outcome_from_acts":             fault.New(fault.Conflict, "The round can't end so: the acts say otherwise."),
	"recorded_confirmation_two_people":    fault.New(fault.Forbidden, "Another person than the one who entered the sign-offs must confirm them."),
	"recorded_confirmation_of_open_round": fault.New(fault.Conflict, "There is nothing to confirm any more."),
	"recorded_confirmation_of_all_seats":  fault.New(fault.Conflict, "The sign-off of a partner is still missing. Enter it first."),
	"recorded_confirmation_pkey":          fault.New(fault.Conflict, "The sign-offs are already confirmed."),
	"round_set_aside_unpublished":         fault.New(fault.Conflict, "Only a complete round that is not yet published can be set aside."),
	"round_set_aside_not_agreed":          fault.New(fault.Conflict, "An agreed year stands. It changes by adjustments alone."),
	"round_set_aside_pkey":                fault.New(fault.Conflict, "This round is already set aside."),
	"remark_on_open_round":                fault.New(fault.Conflict, "This round is no longer open."),
	"scrutiny_on_open_round":              fault.New(fault.Conflict, "A statement can be filed only while the round is open."),
	"scrutiny_by_scrutineer":              fault.New(fault.Forbidden, "Only the independent scrutineer files a statement of scrutiny."),
	"scrutiny_body_length":                fault.Field("scrutiny", "The statement must be 20,000 characters or fewer"),
	"remark_answer_pkey":                  fault.New(fault.Conflict, "This has already been answered."),
}

// translate turns a refusal of the database into a fault; anything else passes unchanged.
func translate(err error) error { return pg.Translate(err, constraints) }
