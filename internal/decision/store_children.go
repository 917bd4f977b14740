package decision

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Publication is one publication of a record: of a stage, or of a correction of it.
type Publication struct {
	Number    int
	Stage     Stage
	Reason    string // of a correction
	Withholds bool   // the earlier wording is kept from the public
	By        string
	At        time.Time
}

// Correction is one field that changed between two publications.
type Correction struct {
	ID           int64
	Publication  int
	Stage        Stage
	Reason       string
	PublishedAt  time.Time
	Field        string
	Before       json.RawMessage // nothing where it was empty, or is withheld
	After        json.RawMessage
	IsCorrection bool // false where it changed as the record moved to its next stage
	Withheld     bool
}

// Attachment is a file of a record.
type Attachment struct {
	ID        int64
	File      id.File
	Kind      FileKind
	Title     string
	Name      string
	MediaType string
	Size      int64
	IsExempt  bool
}

// FileKind says what an attached file is to the record.
type FileKind string

// The kinds of files.
const (
	FileRecord     FileKind = "record"
	FileReport     FileKind = "report"
	FileAppendix   FileKind = "appendix"
	FileBackground FileKind = "background paper"
	FileCallIn     FileKind = "call-in paper"
)

// FileKinds lists them.
func FileKinds() []FileKind {
	return []FileKind{FileRecord, FileReport, FileAppendix, FileBackground, FileCallIn}
}

// Authorised is a version, or one round of it, whose sign-off a record authorises.
type Authorised struct {
	ID            int64
	Version       id.Version
	DocumentSlug  string
	DocumentTitle string
	VersionNumber int
	Round         id.Round // none: the version whichever round
	RoundNumber   int
}

// Remark is what an import found and did not understand.
type Remark struct {
	Label string
	Body  string
}

func collect[T any](ctx context.Context, db pg.DB, which id.Decision, what, sql string) ([]T, error) {
	rows, _ := db.Query(ctx, sql, which)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("read %s of decision %d: %w", what, which, err)
	}
	return list, nil
}

type callInRow struct {
	ID                                        int64
	CalledOn, MeetingOn, OutcomeOn            day.Date
	CalledPrecision                           string
	MeetingPrecision, OutcomePrecision        *string
	CalledBy, Grounds, Meeting, Outcome, Note string
}

func selectCallIns(ctx context.Context, db pg.DB, which id.Decision) ([]CallIn, error) {
	rows, err := collect[callInRow](ctx, db, which, "call-ins", `
		SELECT id, called_on, called_precision, called_by, grounds, meeting, meeting_on, meeting_precision, outcome, outcome_on, outcome_precision, note
		FROM decision_call_in WHERE decision_id = $1 ORDER BY id`)
	list := make([]CallIn, 0, len(rows))
	for _, w := range rows {
		list = append(list, CallIn{ID: w.ID, CalledOn: approx(w.CalledOn, &w.CalledPrecision), CalledBy: w.CalledBy, Grounds: w.Grounds, Meeting: w.Meeting,
			MeetingOn: approx(w.MeetingOn, w.MeetingPrecision), Outcome: Outcome(w.Outcome), OutcomeOn: approx(w.OutcomeOn, w.OutcomePrecision), Note: w.Note})
	}
	return list, err
}

type deferralRow struct {
	ID                   int64
	DeferredOn, NewDueOn day.Date
	DeferredPrecision    string
	NewDuePrecision      *string
	Reason               string
}

func selectDeferrals(ctx context.Context, db pg.DB, which id.Decision) ([]Deferral, error) {
	rows, err := collect[deferralRow](ctx, db, which, "deferrals", `
		SELECT id, deferred_on, deferred_precision, new_due_on, new_due_precision, reason FROM decision_deferral WHERE decision_id = $1 ORDER BY id`)
	list := make([]Deferral, 0, len(rows))
	for _, w := range rows {
		list = append(list, Deferral{ID: w.ID, On: approx(w.DeferredOn, &w.DeferredPrecision), NewDue: approx(w.NewDueOn, w.NewDuePrecision), Reason: w.Reason})
	}
	return list, err
}

// selectRecord reads a record with what the rules look at.
func selectRecord(ctx context.Context, db pg.DB, which id.Decision, today day.Date) (r Record, w recordRow, err error) {
	if w, err = selectRow(ctx, db, which, today); err != nil {
		return r, w, err
	}
	r = w.record()
	if r.CallIns, err = selectCallIns(ctx, db, which); err != nil {
		return r, w, err
	}
	if r.Deferrals, err = selectDeferrals(ctx, db, which); err != nil {
		return r, w, err
	}
	if r.Overrides, err = collect[Override](ctx, db, which, "overrides", `
		SELECT o.stage, o.part, o.reason, coalesce(a.name, '') AS by, o.recorded_at AS at
		FROM decision_override o LEFT JOIN account a ON a.id = o.added_by WHERE o.decision_id = $1 ORDER BY o.id`); err != nil {
		return r, w, err
	}
	parts, err := collect[struct{ Part Part }](ctx, db, which, "exempt parts", `SELECT part FROM decision_exempt WHERE decision_id = $1 AND retracted_at IS NULL ORDER BY part`)
	for _, p := range parts {
		r.ExemptParts = append(r.ExemptParts, p.Part)
	}
	return r, w, err
}

func selectPublications(ctx context.Context, db pg.DB, which id.Decision) ([]Publication, error) {
	return collect[Publication](ctx, db, which, "publications", `
		SELECT p.number, p.stage, p.reason, p.withholds, coalesce(a.name, '') AS by, p.recorded_at AS at
		FROM decision_publication p LEFT JOIN account a ON a.id = p.published_by WHERE p.decision_id = $1 ORDER BY p.number`)
}

func selectCorrections(ctx context.Context, db pg.DB, which id.Decision) ([]Correction, error) {
	return collect[Correction](ctx, db, which, "corrections", `
		SELECT c.id, p.number AS publication, p.stage, p.reason, p.recorded_at AS published_at, c.field, c.before, c.after, c.is_correction, false AS withheld
		FROM decision_correction c JOIN decision_publication p ON p.id = c.publication_id WHERE c.decision_id = $1 ORDER BY c.id`)
}

func selectAttachments(ctx context.Context, db pg.DB, which id.Decision) ([]Attachment, error) {
	return collect[Attachment](ctx, db, which, "files", `
		SELECT d.id, d.file_id AS file, d.kind, f.title, f.name, c.media_type, c.size, d.is_exempt
		FROM decision_file d JOIN stored_file f ON f.id = d.file_id JOIN file_content c USING (digest)
		WHERE d.decision_id = $1 AND d.retracted_at IS NULL ORDER BY d.id`)
}

func selectAuthorised(ctx context.Context, db pg.DB, which id.Decision) ([]Authorised, error) {
	return collect[Authorised](ctx, db, which, "links", `
		SELECT a.id, a.version_id AS version, doc.slug AS document_slug, v.title AS document_title, v.number AS version_number,
		       coalesce(a.round_id, 0) AS round, coalesce(r.number, 0) AS round_number
		FROM decision_authorises a JOIN version v ON v.id = a.version_id JOIN document doc ON doc.id = v.document_id LEFT JOIN round r ON r.id = a.round_id
		WHERE a.decision_id = $1 AND a.retracted_at IS NULL ORDER BY a.id`)
}

func selectRemarks(ctx context.Context, db pg.DB, which id.Decision) ([]Remark, error) {
	return collect[Remark](ctx, db, which, "remarks", `SELECT label, body FROM decision_remark WHERE decision_id = $1 ORDER BY id`)
}
