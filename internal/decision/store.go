package decision

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Body is whose record it is. The partnership itself has no id.
type Body struct {
	ID   id.Organisation
	Slug string
	Name string
}

// draftColumns are what people enter, in the order of draftArgs.
var draftColumns = []string{"number_printed", "number_verified", "subject", "maker_title", "maker_post_id", "maker_name", "contact_title", "contact_post_id",
	"is_officer", "source_status", "source_url", "key_decision", "key_reason", "preamble", "limbs", "reasons", "financial", "consultation", "alternatives",
	"interests", "dispensation", "dispensation_by", "background", "signed_by", "later", "notice_on", "notice_precision", "due_on", "due_precision", "made_on",
	"made_precision", "published_on", "published_precision", "effective_on", "effective_precision", "implemented_on", "implemented_precision", "withdrawn_on",
	"withdrawn_precision", "restriction", "exempt_category", "public_interest", "urgency_route", "urgency_reason", "urgency_told", "urgency_agreed",
	"urgency_on", "urgency_precision", "call_in_applies", "call_in_waived", "call_in_waived_reason", "call_in_waived_by", "withdrawn_reason"}

// draftArgs are the arguments for draftColumns.
func draftArgs(d Draft) pgx.StrictNamedArgs {
	limbs := d.Limbs
	if limbs == nil {
		limbs = []Limb{}
	}
	later := make([]string, 0, len(d.Later))
	for _, p := range d.Later {
		later = append(later, string(p))
	}
	args := pgx.StrictNamedArgs{
		"number_printed": strings.TrimSpace(d.NumberPrinted), "number_verified": strings.TrimSpace(d.NumberVerified), "subject": d.Subject,
		"maker_title": d.MakerTitle, "maker_post_id": orNull(d.MakerPost), "maker_name": d.MakerName, "contact_title": d.ContactTitle,
		"contact_post_id": orNull(d.ContactPost), "is_officer": d.IsOfficer, "source_status": d.SourceStatus, "source_url": d.SourceURL,
		"key_decision": string(d.Key.Key), "key_reason": d.Key.Reason, "preamble": d.Preamble, "limbs": limbs, "reasons": d.Reasons, "financial": d.Financial,
		"consultation": d.Consultation, "alternatives": d.Alternatives, "interests": d.Interests, "dispensation": d.Dispensation,
		"dispensation_by": d.DispensationBy, "background": d.Background, "signed_by": d.SignedBy, "later": later,
		"restriction": string(orOpen(d.Restriction)), "exempt_category": d.Category, "public_interest": d.PublicInterest, "urgency_route": string(d.Route),
		"urgency_reason": d.Urgency.Reason, "urgency_told": d.Told, "urgency_agreed": d.Agreed, "call_in_applies": d.CallInApplies,
		"call_in_waived": d.CallInWaived, "call_in_waived_reason": d.CallInWaivedReason, "call_in_waived_by": d.CallInWaivedBy, "withdrawn_reason": d.WithdrawnReason,
	}
	for name, a := range map[string]day.Approx{"notice": d.NoticeOn, "due": d.DueOn, "made": d.MadeOn, "published": d.PublishedOn, "effective": d.EffectiveOn,
		"implemented": d.ImplementedOn, "withdrawn": d.WithdrawnOn, "urgency": d.Urgency.On} {
		args[name+"_on"], args[name+"_precision"] = a.Date, precision(a)
	}
	return args
}

func orNull[T ~int64](n T) *int64 {
	if n == 0 {
		return nil
	}
	v := int64(n)
	return &v
}

func orOpen(r Restriction) Restriction {
	if r == "" {
		return Open
	}
	return r
}

// precision is null where there is no day.
func precision(a day.Approx) *string {
	if a.IsZero() {
		return nil
	}
	p := string(a.Precision)
	return &p
}

func approx(on day.Date, p *string) day.Approx {
	if on.IsZero() || p == nil {
		return day.Approx{}
	}
	return day.Approx{Date: on, Precision: day.Precision(*p)}
}

// at makes the names of arguments of column names.
func at(columns []string) string { return "@" + strings.Join(columns, ", @") }

// recordRow is a row of decision with its body.
type recordRow struct {
	ID, OrganisationID                                                                       int64
	Slug, Name                                                                               string
	Origin, Stage                                                                            string
	WasMade                                                                                  bool
	Ref, NumberPrinted, NumberVerified, Subject, MakerTitle, MakerName, ContactTitle         string
	MakerPostID, ContactPostID                                                               *int64
	IsOfficer                                                                                bool
	SourceStatus, SourceURL, KeyDecision, KeyReason, Preamble                                string
	Limbs                                                                                    []Limb
	Reasons, Financial, Consultation, Alternatives, Interests, Dispensation                  string
	DispensationBy, Background, SignedBy                                                     string
	Later                                                                                    []string
	NoticeOn, DueOn, MadeOn, PublishedOn, EffectiveOn, ImplementedOn, WithdrawnOn, UrgencyOn day.Date
	NoticePrecision, DuePrecision, MadePrecision, PublishedPrecision, EffectivePrecision     *string
	ImplementedPrecision, WithdrawnPrecision, UrgencyPrecision                               *string
	Restriction                                                                              string
	ExemptCategory                                                                           int
	PublicInterest, UrgencyRoute, UrgencyReason, UrgencyTold, UrgencyAgreed                  string
	CallInApplies, CallInWaived                                                              bool
	CallInWaivedReason, CallInWaivedBy, WithdrawnReason                                      string
	IsDemonstration                                                                          bool
	Revision                                                                                 int
	RecordedAt, KnownFrom                                                                    time.Time
	RetractedReason                                                                          *string
}

func (w recordRow) record() Record {
	r := Record{ID: id.Decision(w.ID), Organisation: id.Organisation(w.OrganisationID), Stage: Stage(w.Stage), Origin: Origin(w.Origin), WasMade: w.WasMade}
	r.Identity = Identity{NumberPrinted: w.NumberPrinted, NumberVerified: w.NumberVerified, Subject: w.Subject, MakerTitle: w.MakerTitle, MakerName: w.MakerName,
		ContactTitle: w.ContactTitle, IsOfficer: w.IsOfficer, SourceStatus: w.SourceStatus, SourceURL: w.SourceURL}
	if w.MakerPostID != nil {
		r.MakerPost = id.Post(*w.MakerPostID)
	}
	if w.ContactPostID != nil {
		r.ContactPost = id.Post(*w.ContactPostID)
	}
	r.Key = Key{KeyState(w.KeyDecision), w.KeyReason}
	r.Text = Text{Preamble: w.Preamble, Limbs: w.Limbs, Reasons: w.Reasons, Financial: w.Financial, Consultation: w.Consultation, Alternatives: w.Alternatives,
		Interests: w.Interests, Dispensation: w.Dispensation, DispensationBy: w.DispensationBy, Background: w.Background, SignedBy: w.SignedBy}
	for _, p := range w.Later {
		r.Later = append(r.Later, Part(p))
	}
	r.Dates = Dates{NoticeOn: approx(w.NoticeOn, w.NoticePrecision), DueOn: approx(w.DueOn, w.DuePrecision), MadeOn: approx(w.MadeOn, w.MadePrecision),
		PublishedOn: approx(w.PublishedOn, w.PublishedPrecision), EffectiveOn: approx(w.EffectiveOn, w.EffectivePrecision),
		ImplementedOn: approx(w.ImplementedOn, w.ImplementedPrecision), WithdrawnOn: approx(w.WithdrawnOn, w.WithdrawnPrecision)}
	r.Openness = Openness{Restriction(w.Restriction), w.ExemptCategory, w.PublicInterest}
	r.Urgency = Urgency{Route: Route(w.UrgencyRoute), Reason: w.UrgencyReason, Told: w.UrgencyTold, Agreed: w.UrgencyAgreed,
		On: approx(w.UrgencyOn, w.UrgencyPrecision), CallInApplies: w.CallInApplies, CallInWaived: w.CallInWaived,
		CallInWaivedReason: w.CallInWaivedReason, CallInWaivedBy: w.CallInWaivedBy}
	r.WithdrawnReason = w.WithdrawnReason
	return r
}

// selectRecords reads records with their bodies, under the names of a day.
var selectRecords = `
	SELECT d.id, coalesce(d.organisation_id, 0) AS organisation_id, coalesce(o.slug, '` + PartnershipSlug + `') AS slug,
	       coalesce(organisation_name_on(d.organisation_id, @today::date), (SELECT p.name FROM partnership p), '') AS name,
	       d.origin, d.stage, d.was_made, d.ref, d.is_demonstration, d.revision, d.recorded_at, d.known_from, d.retracted_reason, d.` + strings.Join(draftColumns, ", d.") + `
	FROM decision d LEFT JOIN organisation o ON o.id = d.organisation_id`

// selectRow reads a record and its body. Fault: NotFound.
func selectRow(ctx context.Context, db pg.DB, which id.Decision, today day.Date) (recordRow, error) {
	rows, _ := db.Query(ctx, selectRecords+` WHERE d.id = @id AND d.retracted_at IS NULL`, pgx.StrictNamedArgs{"id": which, "today": today})
	w, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[recordRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return recordRow{}, errNoDecision
	}
	if err != nil {
		return recordRow{}, fmt.Errorf("read decision %d: %w", which, err)
	}
	return w, nil
}

// lockDecision locks the row before anything about the record is decided.
func lockDecision(ctx context.Context, tx pgx.Tx, which id.Decision) error {
	if _, err := tx.Exec(ctx, `SELECT FROM decision WHERE id = $1 FOR UPDATE`, which); err != nil {
		return fmt.Errorf("lock decision %d: %w", which, err)
	}
	return nil
}

func insertDecision(ctx context.Context, tx pgx.Tx, r Record, demonstration bool, by id.Account) (id.Decision, error) {
	args := draftArgs(r.Draft)
	args["organisation_id"], args["origin"], args["stage"], args["is_demonstration"] = orNull(r.Organisation), string(r.Origin), string(r.Stage), demonstration
	args["created_by"], args["changed_by"] = orNull(by), orNull(by)
	columns := append([]string{"organisation_id", "origin", "stage", "is_demonstration", "created_by", "changed_by"}, draftColumns...)
	var made id.Decision
	err := tx.QueryRow(ctx, `INSERT INTO decision (`+strings.Join(columns, ", ")+`) VALUES (`+at(columns)+`) RETURNING id`, args).Scan(&made)
	return made, translated("insert decision", err)
}

func updateDecision(ctx context.Context, tx pgx.Tx, r Record, by id.Account) error {
	args := draftArgs(r.Draft)
	args["id"], args["stage"], args["changed_by"] = r.ID, string(r.Stage), orNull(by)
	columns := append([]string{"stage", "changed_by"}, draftColumns...)
	_, err := tx.Exec(ctx, `UPDATE decision SET (`+strings.Join(columns, ", ")+`) = (`+at(columns)+`) WHERE id = @id`, args)
	return translated(fmt.Sprintf("update decision %d", r.ID), err)
}

// selectBody finds a body by its slug. Fault: NotFound.
func selectBody(ctx context.Context, db pg.DB, slug string, today day.Date) (Body, error) {
	sql := `SELECT id, slug, organisation_name_on(id, @today::date) AS name FROM organisation WHERE slug = @slug AND retracted_at IS NULL`
	if slug == PartnershipSlug {
		sql = `SELECT 0::bigint AS id, @slug AS slug, coalesce((SELECT name FROM partnership WHERE @today::date IS NOT NULL), '') AS name`
	}
	rows, _ := db.Query(ctx, sql, pgx.StrictNamedArgs{"slug": slug, "today": today})
	b, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Body])
	if errors.Is(err, pgx.ErrNoRows) {
		return Body{}, errNoBody
	}
	if err != nil {
		return Body{}, fmt.Errorf("read body %q: %w", slug, err)
	}
	return b, nil
}
