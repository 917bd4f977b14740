package decision

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
)

func sortBodies(list []Body) {
	slices.SortFunc(list, func(a, b Body) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Slug, b.Slug)) })
}

// Coming is a key decision that is still to be made, as the forward plan shows it.
type Coming struct {
	Line
	Content     Content
	PublishedAt time.Time
	ClearDays   int  // of notice until the day on which it is due; -1 where that can't be told
	ShortNotice bool // due before its notice has run; the content names any route of urgency
	Overdue     bool // due on an earlier day than today, and not made
}

const forwardPlanSQL = `
	SELECT l.id, l.organisation_id, l.number, l.ref, l.stage, l.was_made, l.key_decision, l.restriction, l.subject, l.maker_title, l.maker_key, l.sort_on,
	       l.notice_on, l.notice_precision, l.due_on, l.due_precision, l.made_on, l.made_precision, l.effective_on, l.effective_precision, l.origin,
	       l.is_demonstration, l.changed_at, '' AS sort_text, r.content, r.published_at
	FROM published.decision l JOIN published.decision_record r ON r.id = l.id
	WHERE l.stage IN ('notice', 'proposed') AND l.key_decision = 'yes'
	ORDER BY l.due_on NULLS LAST, l.id LIMIT 1000`

// ForwardPlan lists the key decisions to come that have been published, the first due first. What has no due day comes last.
func (p *Public) ForwardPlan(ctx context.Context, today day.Date) ([]Coming, error) {
	type row struct {
		lineRow
		Content     json.RawMessage
		PublishedAt time.Time
	}
	rows, _ := p.db.Query(ctx, forwardPlanSQL)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("read the forward plan: %w", err)
	}
	plain := make([]lineRow, 0, len(list))
	for _, w := range list {
		plain = append(plain, w.lineRow)
	}
	lines, err := withBodies(ctx, p.db, plain, today)
	if err != nil {
		return nil, err
	}
	plan := make([]Coming, 0, len(list))
	for i, w := range list {
		c := Coming{Line: lines[i], PublishedAt: w.PublishedAt}
		if err := json.Unmarshal(w.Content, &c.Content); err != nil {
			return nil, fmt.Errorf("read content of decision %d: %w", w.ID, err)
		}
		c.weigh(today)
		plan = append(plan, c)
	}
	return plan, nil
}

// weigh reckons how long the notice of a coming decision is.
func (c *Coming) weigh(today day.Date) {
	c.ClearDays = -1
	due, notice := c.DueOn, exactly(c.NoticeOn)
	if due.IsZero() {
		return
	}
	c.Overdue = latest(due).Before(today) && due.Precision != day.NotBefore
	exact := due.Precision == day.Exact || due.Precision == day.NotBefore
	if exact && !notice.IsZero() {
		c.ClearDays = day.ClearDays(notice, due.Date)
	}
	earliest := c.Content.Computed.EarliestDecision
	c.ShortNotice = exact && !earliest.IsZero() && due.Date.Before(earliest)
}
