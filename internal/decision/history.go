package decision

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// History is a record of the past with all that became of it, for data in bulk.
type History struct {
	Record
	Exempt    map[Part]string // passages that nobody sees who lacks the right
	Published bool
	Corrected Text // what the texts were corrected to after publication; nothing: they were not
}

// LoadHistory takes over many records as they stand, marked as demonstration data, without letters and audit: realistic
// bulk for measurements. The database's own rules hold for each of them.
func LoadHistory(ctx context.Context, tx pgx.Tx, list []History, today day.Date) error {
	rules, err := selectRuleset(ctx, tx)
	if err != nil {
		return err
	}
	if err := insertHistories(ctx, tx, list); err != nil {
		return err
	}
	children, first, changed, second := &pgx.Batch{}, &pgx.Batch{}, &pgx.Batch{}, &pgx.Batch{}
	for i := range list {
		h := &list[i]
		queueChildren(children, h)
		if !h.Published {
			continue
		}
		on := rules.on(h.Organisation, rulesDay(h.Record, today))
		if err := queuePublication(first, h.ID, on.Content(h.Record), ""); err != nil {
			return err
		}
		if h.Corrected.Reasons != "" {
			h.Text = h.Corrected
			changed.Queue(`UPDATE decision SET reasons = $2 WHERE id = $1`, h.ID, h.Reasons)
			if err := queuePublication(second, h.ID, on.Content(h.Record), "A slip in the reasons"); err != nil {
				return err
			}
		}
	}
	for _, b := range []*pgx.Batch{children, first, changed, second} {
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return fmt.Errorf("load history: %w", err)
		}
	}
	return nil
}

// insertHistories inserts the records and gives each its id.
func insertHistories(ctx context.Context, tx pgx.Tx, list []History) error {
	columns := append([]string{"organisation_id", "origin", "stage", "is_demonstration"}, draftColumns...)
	sql := `INSERT INTO decision (` + strings.Join(columns, ", ") + `) VALUES (` + at(columns) + `) RETURNING id`
	records := &pgx.Batch{}
	for i := range list {
		h := &list[i]
		args := draftArgs(h.Draft)
		args["organisation_id"], args["origin"], args["stage"], args["is_demonstration"] = orNull(h.Organisation), string(Imported), string(h.Stage), true
		h.Origin = Imported
		h.ExemptParts = slices.Sorted(maps.Keys(h.Exempt))
		records.Queue(sql, args).QueryRow(func(row pgx.Row) error { return row.Scan(&h.ID) })
	}
	if err := tx.SendBatch(ctx, records).Close(); err != nil {
		return fmt.Errorf("insert records of history: %w", err)
	}
	return nil
}

// queueChildren readies what belongs to a record besides its own row.
func queueChildren(b *pgx.Batch, h *History) {
	for part, body := range h.Exempt {
		b.Queue(`INSERT INTO decision_exempt (decision_id, part, body) VALUES ($1, $2, $3)`, h.ID, string(part), body)
	}
	for _, c := range h.CallIns {
		b.Queue(`INSERT INTO decision_call_in (decision_id, called_on, called_precision, called_by, grounds, meeting, outcome, outcome_on, outcome_precision)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, h.ID, c.CalledOn.Date, precision(c.CalledOn), c.CalledBy, c.Grounds, c.Meeting, string(c.Outcome),
			c.OutcomeOn.Date, precision(c.OutcomeOn))
	}
}

func queuePublication(b *pgx.Batch, of id.Decision, c Content, reason string) error {
	content, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write content of decision %d: %w", of, err)
	}
	b.Queue(`INSERT INTO decision_publication (decision_id, reason, content) VALUES ($1, $2, $3)`, of, reason, json.RawMessage(content))
	return nil
}
