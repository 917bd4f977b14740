package decision

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

func faultOf(err error) (*fault.Error, bool) { return errors.AsType[*fault.Error](err) }

func callInArgs(c CallIn, by id.Account) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"called_on": c.CalledOn.Date, "called_precision": precision(c.CalledOn), "called_by": c.CalledBy, "grounds": c.Grounds,
		"meeting": c.Meeting, "meeting_on": c.MeetingOn.Date, "meeting_precision": precision(c.MeetingOn), "outcome": string(c.Outcome),
		"outcome_on": c.OutcomeOn.Date, "outcome_precision": precision(c.OutcomeOn), "note": c.Note, "by": orNull(by)}
}

func insertCallIn(ctx context.Context, tx pgx.Tx, of id.Decision, c CallIn, by id.Account) error {
	args := callInArgs(c, by)
	args["decision"] = of
	_, err := tx.Exec(ctx, `
		INSERT INTO decision_call_in (decision_id, called_on, called_precision, called_by, grounds, meeting, meeting_on, meeting_precision, outcome, outcome_on,
			outcome_precision, note, changed_by)
		VALUES (@decision, @called_on, @called_precision, @called_by, @grounds, @meeting, @meeting_on, @meeting_precision, @outcome, @outcome_on,
			@outcome_precision, @note, @by)`, args)
	return translated("insert call-in", err)
}

func updateCallIn(ctx context.Context, tx pgx.Tx, c CallIn, by id.Account) error {
	args := callInArgs(c, by)
	args["id"] = c.ID
	_, err := tx.Exec(ctx, `
		UPDATE decision_call_in SET (called_on, called_precision, called_by, grounds, meeting, meeting_on, meeting_precision, outcome, outcome_on, outcome_precision,
			note, changed_by) = (@called_on, @called_precision, @called_by, @grounds, @meeting, @meeting_on, @meeting_precision, @outcome, @outcome_on,
			@outcome_precision, @note, @by)
		WHERE id = @id`, args)
	return translated("update call-in", err)
}

func insertDeferral(ctx context.Context, tx pgx.Tx, c DeferCommand, by id.Account) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO decision_deferral (decision_id, deferred_on, deferred_precision, new_due_on, new_due_precision, reason, added_by)
		VALUES (@decision, @on, @precision, @new, @new_precision, @reason, @by)`,
		pgx.StrictNamedArgs{"decision": c.ID, "on": c.On.Date, "precision": precision(c.On), "new": c.NewDue.Date, "new_precision": precision(c.NewDue),
			"reason": c.Reason, "by": orNull(by)})
	return translated("insert deferral", err)
}

func insertOverride(ctx context.Context, tx pgx.Tx, c OverrideCommand, by id.Account) error {
	_, err := tx.Exec(ctx, `INSERT INTO decision_override (decision_id, stage, part, reason, added_by) VALUES (@decision, @stage, @part, @reason, @by)`,
		pgx.StrictNamedArgs{"decision": c.ID, "stage": string(c.Stage), "part": string(c.Part), "reason": c.Reason, "by": orNull(by)})
	return translated("insert override", err)
}

func insertRemark(ctx context.Context, tx pgx.Tx, of id.Decision, m Remark, by id.Account) error {
	_, err := tx.Exec(ctx, `INSERT INTO decision_remark (decision_id, label, body, added_by) VALUES (@decision, @label, @body, @by)`,
		pgx.StrictNamedArgs{"decision": of, "label": m.Label, "body": m.Body, "by": orNull(by)})
	return translated("insert remark", err)
}

func retractDecision(ctx context.Context, tx pgx.Tx, which id.Decision, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE decision SET retracted_reason = @reason WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "reason": reason})
	return translated(fmt.Sprintf("retract decision %d", which), err)
}

func insertPublication(ctx context.Context, tx pgx.Tx, cmd PublishCommand, c Content, by id.Account) (number int, err error) {
	content, err := json.Marshal(c)
	if err != nil {
		return 0, fmt.Errorf("write content of decision %d: %w", cmd.ID, err)
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO decision_publication (decision_id, reason, withholds, content, published_by) VALUES (@decision, @reason, @withholds, @content, @by) RETURNING number`,
		pgx.StrictNamedArgs{"decision": cmd.ID, "reason": cmd.Reason, "withholds": cmd.Withhold, "content": json.RawMessage(content), "by": orNull(by)}).Scan(&number)
	return number, translated("insert publication", err)
}
