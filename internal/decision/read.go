package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Full is a record as the desk shows it, with all that hangs on it but its exempt passages.
type Full struct {
	Record
	Body            Body
	Ref             string
	Revision        int
	IsDemonstration bool
	RecordedAt      time.Time
	ChangedAt       time.Time
	Computed        Computed
	Content         Content // what a publication now would show
	Needs           []Need  // of its own stage
	Next            []NextStage
	Findings        []Finding
	Publications    []Publication
	Corrections     []Correction // what changed between publications, the oldest first
	Unpublished     []Change     // what a publication now would change
	Files           []Attachment
	Authorises      []Authorised
	Remarks         []Remark
	CanEdit         bool
	CanPublish      bool
	CanReadExempt   bool
}

// NextStage is a stage to which a record can move, with what that asks for.
type NextStage struct {
	Stage Stage
	Needs []Need
}

// Change is a field whose present wording is not published.
type Change struct {
	Field  string
	Before json.RawMessage // as published; nothing if it was empty
	After  json.RawMessage
}

// IsPublished tells whether the record's present stage has been published.
func (f Full) IsPublished() bool {
	return len(f.Publications) > 0 && f.Publications[len(f.Publications)-1].Stage == f.Stage
}

// Find finds the identifier of a record by its body's slug and its reference, for somebody who may read it. Faults:
// NotFound, Forbidden.
func (s *Service) Find(ctx context.Context, by authz.Actor, bodySlug, ref string) (id.Decision, error) {
	if !CanReadAny(by) {
		return 0, errMayNotRead
	}
	body, err := selectBody(ctx, s.db, bodySlug, day.Of(s.now()))
	if err != nil {
		return 0, err
	}
	if !CanRead(by, body.ID) {
		return 0, errNoDecision
	}
	var which id.Decision
	err = s.db.QueryRow(ctx, `SELECT id FROM decision WHERE coalesce(organisation_id, 0) = $1 AND ref = $2 AND retracted_at IS NULL`, int64(body.ID), ref).Scan(&which)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, errNoDecision
	}
	if err != nil {
		return 0, fmt.Errorf("find decision %s %s: %w", bodySlug, ref, err)
	}
	return which, nil
}

// Read reads a record for the desk. Faults: NotFound, Forbidden.
func (s *Service) Read(ctx context.Context, by authz.Actor, which id.Decision) (Full, error) {
	if !CanReadAny(by) {
		return Full{}, errMayNotRead
	}
	today := day.Of(s.now())
	r, w, err := selectRecord(ctx, s.db, which, today)
	if err != nil {
		return Full{}, err
	}
	if !CanRead(by, r.Organisation) {
		return Full{}, errNoDecision
	}
	rules, err := selectRules(ctx, s.db, r.Organisation, rulesDay(r, today))
	if err != nil {
		return Full{}, err
	}
	f := Full{Record: r, Body: Body{r.Organisation, w.Slug, w.Name}, Ref: w.Ref, Revision: w.Revision, IsDemonstration: w.IsDemonstration,
		RecordedAt: w.RecordedAt, ChangedAt: w.KnownFrom, Computed: rules.Compute(r), Content: rules.Content(r), Needs: rules.Needs(r, r.Stage), Findings: rules.Check(r),
		CanEdit: CanEdit(by, r.Organisation), CanPublish: CanPublish(by) && CanEdit(by, r.Organisation), CanReadExempt: CanReadExempt(by, r.Organisation)}
	for _, stage := range r.Stage.Next() {
		f.Next = append(f.Next, NextStage{stage, rules.Needs(r, stage)})
	}
	return f, readRest(ctx, s.db, &f, rules)
}

// readRest reads what hangs on a record and is no part of the rules.
func readRest(ctx context.Context, db pg.DB, f *Full, rules Rules) (err error) {
	if f.Publications, err = selectPublications(ctx, db, f.ID); err != nil {
		return err
	}
	if f.Corrections, err = selectCorrections(ctx, db, f.ID); err != nil {
		return err
	}
	if f.Files, err = selectAttachments(ctx, db, f.ID); err != nil {
		return err
	}
	if f.Authorises, err = selectAuthorised(ctx, db, f.ID); err != nil {
		return err
	}
	if f.Remarks, err = selectRemarks(ctx, db, f.ID); err != nil {
		return err
	}
	if len(f.Publications) == 0 {
		return nil
	}
	f.Unpublished, err = selectUnpublished(ctx, db, f.Record, rules)
	return err
}

// selectUnpublished compares a published record with what a publication now would say.
func selectUnpublished(ctx context.Context, db pg.DB, r Record, rules Rules) ([]Change, error) {
	var published json.RawMessage
	err := db.QueryRow(ctx, `SELECT content FROM decision_publication WHERE decision_id = $1 ORDER BY number DESC LIMIT 1`, r.ID).Scan(&published)
	if err != nil {
		return nil, fmt.Errorf("read what is published of decision %d: %w", r.ID, err)
	}
	return changes(published, rules.Content(r))
}

// changes compares published content with what would be published now, as the database does for corrections.
func changes(published json.RawMessage, now Content) ([]Change, error) {
	written, err := json.Marshal(now)
	if err != nil {
		return nil, fmt.Errorf("write content: %w", err)
	}
	before, after := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := errors.Join(json.Unmarshal(published, &before), json.Unmarshal(written, &after)); err != nil {
		return nil, fmt.Errorf("read content: %w", err)
	}
	var fields []string
	for _, m := range []map[string]json.RawMessage{before, after} {
		for k := range m {
			if !slices.Contains(fields, k) && !slices.Contains([]string{"schema", "stage", "made", "heading", "computed"}, k) && !same(before[k], after[k]) {
				fields = append(fields, k)
			}
		}
	}
	slices.Sort(fields)
	list := make([]Change, 0, len(fields))
	for _, k := range fields {
		list = append(list, Change{k, before[k], after[k]})
	}
	return list, nil
}

// same compares JSON values whatever their spacing and the order of their keys.
func same(a, b json.RawMessage) bool {
	var x, y any
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, errP := json.Marshal(x)
	q, errQ := json.Marshal(y)
	return errP == nil && errQ == nil && string(p) == string(q)
}
