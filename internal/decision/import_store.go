package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// selectImportSnapshot reads what the register says about the records that entries name.
func selectImportSnapshot(ctx context.Context, db pg.DB, entries []importEntry, today day.Date) (now importSnapshot, err error) {
	now = importSnapshot{bodies: map[string]Body{}, byKey: map[string]*knownRecord{}, today: today}
	if now.rules, err = selectRuleset(ctx, db); err != nil {
		return now, err
	}
	var refs, numbers, sources []string
	for _, e := range entries {
		if _, read := now.bodies[e.Body]; !read && e.Body != "" {
			body, err := selectBody(ctx, db, e.Body, today)
			if err == nil {
				now.bodies[e.Body] = body
			} else if !errors.Is(err, errNoBody) {
				return now, err
			}
		}
		refs = append(refs, e.Ref)
		if n := e.number(); n != "" {
			refs, numbers = append(refs, Ref(n)), append(numbers, strings.ToUpper(n))
		} else if s := e.Fields["source-url"]; s != "" {
			sources = append(sources, s)
		}
	}
	return now, now.addKnown(ctx, db, refs, numbers, sources)
}

func (now *importSnapshot) addKnown(ctx context.Context, db pg.DB, refs, numbers, sources []string) error {
	bodies := make([]int64, 0, len(now.bodies))
	for _, b := range now.bodies {
		bodies = append(bodies, int64(b.ID))
	}
	rows, _ := db.Query(ctx, `
		SELECT id FROM decision
		WHERE retracted_at IS NULL AND coalesce(organisation_id, 0) = ANY (@bodies)
		  AND (ref = ANY (@refs) OR upper(number) = ANY (@numbers) OR upper(number_printed) = ANY (@numbers) OR source_url = ANY (@sources))
		ORDER BY id`,
		pgx.StrictNamedArgs{"bodies": bodies, "refs": refs, "numbers": numbers, "sources": sources})
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.Decision])
	if err != nil {
		return fmt.Errorf("find the records of an import: %w", err)
	}
	printed := map[string]*knownRecord{}
	for _, which := range ids {
		r, w, err := selectRecord(ctx, db, which, now.today)
		if err != nil {
			return err
		}
		k := &knownRecord{Record: r, Revision: w.Revision, Exempt: map[Part]string{}}
		if len(r.ExemptParts) > 0 {
			passages, err := collect[Exempt](ctx, db, which, "exempt passages", `SELECT part, body FROM decision_exempt WHERE decision_id = $1 AND retracted_at IS NULL`)
			if err != nil {
				return err
			}
			for _, p := range passages {
				k.Exempt[p.Part] = p.Body
			}
		}
		for _, key := range recordKeys(r.Organisation, w.Ref, r.Number(), r.SourceURL) {
			now.byKey[key] = k
		}
		for _, key := range recordKeys(r.Organisation, "", r.NumberPrinted, "") {
			printed[key] = k
		}
	}
	for key, k := range printed {
		if now.byKey[key] == nil {
			now.byKey[key] = k
		}
	}
	return nil
}

// importContent is what the files of an import said, as it is kept.
type importContent struct {
	Entries []importEntry `json:"entries"`
	Notices []string      `json:"notices,omitempty"`
}

// keptApart is what is exempt of an entry.
type keptApart struct {
	Exempt map[Part]string   `json:"exempt,omitempty"`
	Held   map[string]string `json:"held,omitempty"`
}

// exemptOf gathers what is exempt of entries, by their place in the list.
func exemptOf(entries []importEntry) map[string]keptApart {
	all := map[string]keptApart{}
	for i, e := range entries {
		if len(e.Exempt) > 0 || len(e.Held) > 0 {
			all[strconv.Itoa(i)] = keptApart{e.Exempt, e.Held}
		}
	}
	return all
}

func insertDecisionImport(ctx context.Context, db pg.DB, by authz.Actor, run ImportRun, content importContent, plan []byte) (made id.DecisionImport, err error) {
	files, err := json.Marshal(run.Files)
	if err != nil {
		return 0, fmt.Errorf("write the files of an import: %w", err)
	}
	said, err := json.Marshal(content)
	if err != nil {
		return 0, fmt.Errorf("write the records of an import: %w", err)
	}
	var exempt *string
	if passages := exemptOf(content.Entries); len(passages) > 0 {
		text, err := json.Marshal(passages)
		if err != nil {
			return 0, fmt.Errorf("write the exempt passages of an import: %w", err)
		}
		s := string(text)
		exempt = &s
	}
	err = db.QueryRow(ctx, `
		INSERT INTO decision_import (files, content, exempt, has_exempt, plan_digest, added, changed, unchanged, previewed_at, previewed_by)
		VALUES (@files::text::jsonb, @content::text::jsonb, @exempt::text::jsonb, @exempt::text IS NOT NULL, @plan, @added, @changed, @unchanged, @at, NULLIF(@by::bigint, 0))
		RETURNING id`,
		pgx.StrictNamedArgs{"files": string(files), "content": string(said), "exempt": exempt, "plan": plan, "added": run.Added, "changed": run.Changed,
			"unchanged": run.Unchanged, "at": run.PreviewedAt, "by": int64(by.Account)}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert an import of decisions: %w", withoutDetail(err))
	}
	return made, nil
}

// forgetExempt drops the exempt passages of previews that nobody confirmed for a day.
func forgetExempt(ctx context.Context, db pg.DB, at time.Time) error {
	_, err := db.Exec(ctx, `UPDATE decision_import SET exempt = NULL WHERE exempt IS NOT NULL AND previewed_at < $1`, at.Add(-24*time.Hour))
	if err != nil {
		return fmt.Errorf("forget the exempt passages of old previews: %w", err)
	}
	return nil
}

const selectDecisionImport = `
	SELECT r.id, r.files, r.added, r.changed, r.unchanged, r.is_published, r.previewed_at, coalesce(p.name, '') AS previewed_by,
	       r.applied_at, coalesce(a.name, '') AS applied_by, r.undone_at, coalesce(u.name, '') AS undone_by, coalesce(r.undone_reason, '') AS undone_reason
	FROM decision_import r LEFT JOIN account p ON p.id = r.previewed_by LEFT JOIN account a ON a.id = r.applied_by LEFT JOIN account u ON u.id = r.undone_by`

func scanDecisionImport(row pgx.CollectableRow) (ImportRun, error) {
	var r ImportRun
	err := row.Scan(&r.ID, &r.Files, &r.Added, &r.Changed, &r.Unchanged, &r.Published, &r.PreviewedAt, &r.PreviewedBy,
		(*zeronull.Timestamptz)(&r.AppliedAt), &r.AppliedBy, (*zeronull.Timestamptz)(&r.UndoneAt), &r.UndoneBy, &r.UndoneReason)
	return r, err
}

func selectDecisionImports(ctx context.Context, db pg.DB, before id.DecisionImport, most int) ([]ImportRun, error) {
	sql, args := selectDecisionImport, pgx.StrictNamedArgs{"most": most}
	if before != 0 {
		sql += ` WHERE r.id < @before`
		args["before"] = before
	}
	rows, _ := db.Query(ctx, sql+` ORDER BY r.id DESC LIMIT @most`, args)
	list, err := pgx.CollectRows(rows, scanDecisionImport)
	if err != nil {
		return nil, fmt.Errorf("read the imports of decisions: %w", err)
	}
	return list, nil
}

func selectOneDecisionImport(ctx context.Context, db pg.DB, which id.DecisionImport) (ImportRun, error) {
	rows, _ := db.Query(ctx, selectDecisionImport+` WHERE r.id = $1`, which)
	r, err := pgx.CollectExactlyOneRow(rows, scanDecisionImport)
	if errors.Is(err, pgx.ErrNoRows) {
		return ImportRun{}, errNoRun
	}
	if err != nil {
		return ImportRun{}, fmt.Errorf("read import %d of decisions: %w", which, err)
	}
	return r, nil
}

// lockDecisionImport locks the row before anything about the import is decided.
func lockDecisionImport(ctx context.Context, tx pgx.Tx, which id.DecisionImport) (ImportRun, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM decision_import WHERE id = $1 FOR UPDATE`, which); err != nil {
		return ImportRun{}, fmt.Errorf("lock import %d of decisions: %w", which, err)
	}
	return selectOneDecisionImport(ctx, tx, which)
}

// selectDecisionImportContent reads what the files said, with the exempt passages, and what the preview promised.
// Forgotten are exempt passages that are no longer held.
func selectDecisionImportContent(ctx context.Context, db pg.DB, which id.DecisionImport) (c importContent, plan []byte, forgotten bool, err error) {
	var said, exempt []byte
	var had bool
	if err := db.QueryRow(ctx, `SELECT content, exempt, has_exempt, plan_digest FROM decision_import WHERE id = $1`, which).Scan(&said, &exempt, &had, &plan); err != nil {
		return c, nil, false, fmt.Errorf("read the records of import %d: %w", which, err)
	}
	if err := json.Unmarshal(said, &c); err != nil {
		return c, nil, false, fmt.Errorf("read the records of import %d: %w", which, err)
	}
	if exempt == nil {
		return c, plan, had, nil
	}
	apart := map[string]keptApart{}
	if err := json.Unmarshal(exempt, &apart); err != nil {
		return c, nil, false, fmt.Errorf("read the exempt passages of import %d", which) // without its cause, which could repeat them
	}
	for i := range c.Entries {
		of := apart[strconv.Itoa(i)]
		c.Entries[i].Exempt, c.Entries[i].Held = of.Exempt, of.Held
	}
	return c, plan, false, nil
}

func updateDecisionImportApplied(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.DecisionImport, at time.Time, published bool) error {
	_, err := tx.Exec(ctx, `UPDATE decision_import SET exempt = NULL, is_published = @published, applied_at = @at, applied_by = NULLIF(@by::bigint, 0) WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "at": at, "published": published, "by": int64(by.Account)})
	if err != nil {
		return fmt.Errorf("apply import %d of decisions: %w", which, err)
	}
	return nil
}

func updateDecisionImportUndone(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.DecisionImport, at time.Time, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE decision_import SET undone_at = @at, undone_by = NULLIF(@by::bigint, 0), undone_reason = @reason WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "at": at, "by": int64(by.Account), "reason": reason})
	if err != nil {
		return fmt.Errorf("undo import %d of decisions: %w", which, err)
	}
	return nil
}

// importedChange is one record that an import added or changed.
type importedChange struct {
	DecisionID id.Decision
	Place      string
	Before     map[string]string // nil: added
	After      map[string]string
	Exempt     []Part
	Revision   int
}

func insertImportedChange(ctx context.Context, tx pgx.Tx, of id.DecisionImport, c importedChange) error {
	exempt := make([]string, len(c.Exempt))
	for i, p := range c.Exempt {
		exempt[i] = string(p)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO decision_import_change (import_id, decision_id, place, before, after, exempt, revision)
		SELECT @import, @decision, @place, @before, @after, @exempt, d.revision FROM decision d WHERE d.id = @decision`,
		pgx.StrictNamedArgs{"import": of, "decision": c.DecisionID, "place": c.Place, "before": c.Before, "after": c.After, "exempt": exempt})
	if err != nil {
		return fmt.Errorf("note a change of import %d of decisions: %w", of, err)
	}
	return nil
}

func selectImportedChanges(ctx context.Context, db pg.DB, of id.DecisionImport) ([]importedChange, error) {
	rows, _ := db.Query(ctx, `SELECT decision_id, place, before, after, exempt, revision FROM decision_import_change WHERE import_id = $1 ORDER BY id`, of)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[importedChange])
	if err != nil {
		return nil, fmt.Errorf("read what import %d of decisions did: %w", of, err)
	}
	return list, nil
}
