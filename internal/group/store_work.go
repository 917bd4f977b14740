package group

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

func insertMeeting(ctx context.Context, tx pgx.Tx, of id.Group, on day.Date, place string) (id.Meeting, error) {
	var made id.Meeting
	err := tx.QueryRow(ctx, `INSERT INTO meeting (sub_group_id, meets_on, place) VALUES (@of, @on, @place) RETURNING id`,
		pgx.StrictNamedArgs{"of": of, "on": on, "place": place}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert a meeting: %w", translate(err))
	}
	return made, nil
}

func lockMeeting(ctx context.Context, tx pgx.Tx, of id.Group, which id.Meeting) (Meeting, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id, meets_on AS on, place, state, state_note AS note FROM meeting WHERE id = @id AND sub_group_id = @of FOR UPDATE`,
		pgx.StrictNamedArgs{"id": which, "of": of})
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Meeting])
	if errors.Is(err, pgx.ErrNoRows) {
		return Meeting{}, errNoMeeting
	}
	if err != nil {
		return Meeting{}, fmt.Errorf("lock meeting %d: %w", which, err)
	}
	return m, nil
}

func updateMeeting(ctx context.Context, tx pgx.Tx, which id.Meeting, on day.Date, place string) error {
	return run(ctx, tx, "change a meeting", `UPDATE meeting SET meets_on = @on, place = @place WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "on": on, "place": place})
}

func updateMeetingState(ctx context.Context, tx pgx.Tx, which id.Meeting, to MeetingState, note string) error {
	return run(ctx, tx, "move a meeting", `UPDATE meeting SET state = @state, state_note = @note WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "state": string(to), "note": note})
}

func insertMeetingFile(ctx context.Context, tx pgx.Tx, which id.Meeting, kind FileKind, paper id.File) error {
	return run(ctx, tx, "add a meeting's file", `INSERT INTO meeting_file (meeting_id, kind, file_id) VALUES (@meeting, @kind, @file)`,
		pgx.StrictNamedArgs{"meeting": which, "kind": string(kind), "file": paper})
}

func insertWithdrawal(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Meeting, paper id.File, reason string) error {
	tag, err := tx.Exec(ctx, `
		INSERT INTO meeting_file_withdrawal (meeting_file_id, reason, withdrawn_by)
		SELECT id, @reason, NULLIF(@by::bigint, 0) FROM meeting_file WHERE meeting_id = @meeting AND file_id = @file`,
		pgx.StrictNamedArgs{"meeting": which, "file": paper, "reason": reason, "by": int64(by.Account)})
	switch {
	case err != nil:
		return fmt.Errorf("withdraw file %d: %w", paper, translate(err))
	case tag.RowsAffected() == 0:
		return errNoFile
	}
	return nil
}

// putAttendance adds an entry, or corrects the one of the same post.
func putAttendance(ctx context.Context, tx pgx.Tx, body id.Organisation, c AttendanceCommand) error {
	args := pgx.StrictNamedArgs{"meeting": c.Meeting, "body": body, "post": c.Post, "presence": string(c.Presence)}
	tag, err := tx.Exec(ctx, `
		UPDATE meeting_attendance SET presence = @presence
		WHERE meeting_id = @meeting AND organisation_id = @body AND lower(post_title) = lower(@post) AND retracted_at IS NULL`, args)
	if err != nil || tag.RowsAffected() > 0 {
		return translate(err)
	}
	return run(ctx, tx, "record attendance", `
		INSERT INTO meeting_attendance (meeting_id, organisation_id, post_title, presence) VALUES (@meeting, @body, @post, @presence)`, args)
}

func retractAttendance(ctx context.Context, tx pgx.Tx, which id.Meeting, entry int64, reason string) error {
	tag, err := tx.Exec(ctx, `UPDATE meeting_attendance SET retracted_reason = @reason WHERE id = @id AND meeting_id = @meeting AND retracted_at IS NULL`,
		pgx.StrictNamedArgs{"id": entry, "meeting": which, "reason": reason})
	switch {
	case err != nil:
		return fmt.Errorf("retract attendance %d: %w", entry, translate(err))
	case tag.RowsAffected() == 0:
		return errNoMember
	}
	return nil
}

// insertAction adds an action under the next number of its group, whose row is locked.
func insertAction(ctx context.Context, tx pgx.Tx, of id.Group, owner id.Organisation, c RaiseCommand) (made id.Action, number int, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO action (sub_group_id, number, meeting_id, what, owner_id, due_on)
		SELECT @of, coalesce(max(number), 0) + 1, NULLIF(@meeting::bigint, 0), @what, @owner, @due FROM action WHERE sub_group_id = @of
		RETURNING id, number`,
		pgx.StrictNamedArgs{"of": of, "meeting": c.Meeting, "what": c.What, "owner": owner, "due": c.DueOn}).Scan(&made, &number)
	if err != nil {
		return 0, 0, fmt.Errorf("insert an action: %w", translate(err))
	}
	return made, number, nil
}

// lockedAction is an action's row, held until the transaction ends.
type lockedAction struct {
	ID    id.Action
	Owner id.Organisation
	State ActionState
}

func lockAction(ctx context.Context, tx pgx.Tx, of id.Group, number int) (lockedAction, error) {
	rows, _ := tx.Query(ctx, `
		SELECT id, owner_id AS owner, state FROM action WHERE sub_group_id = @of AND number = @number FOR UPDATE`,
		pgx.StrictNamedArgs{"of": of, "number": number})
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[lockedAction])
	if errors.Is(err, pgx.ErrNoRows) {
		return lockedAction{}, errNoAction
	}
	if err != nil {
		return lockedAction{}, fmt.Errorf("lock action %d: %w", number, err)
	}
	return a, nil
}

// updateAction changes what is given, and says in words what it was before.
func updateAction(ctx context.Context, tx pgx.Tx, which id.Action, owner id.Organisation, c ChangeActionCommand, today day.Date) (string, error) {
	const wording = `SELECT a.what, a.due_on, coalesce(organisation_name_on(a.owner_id, @today), '') FROM action a WHERE a.id = @id`
	type said struct {
		what  string
		due   day.Date
		owner string
	}
	var before, after said
	args := pgx.StrictNamedArgs{"id": which, "today": today}
	if err := tx.QueryRow(ctx, wording, args).Scan(&before.what, &before.due, &before.owner); err != nil {
		return "", fmt.Errorf("read action %d: %w", which, err)
	}
	err := run(ctx, tx, "change an action", `
		UPDATE action SET what = coalesce(NULLIF(@what, ''), what), owner_id = coalesce(NULLIF(@owner::bigint, 0), owner_id), due_on = coalesce(@due, due_on)
		WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "what": c.What, "owner": owner, "due": c.DueOn})
	if err != nil {
		return "", err
	}
	if err := tx.QueryRow(ctx, wording, args).Scan(&after.what, &after.due, &after.owner); err != nil {
		return "", fmt.Errorf("read action %d: %w", which, err)
	}
	var words []string
	if before.what != after.what {
		words = append(words, "It said before: "+cut(before.what))
	}
	if before.owner != after.owner {
		words = append(words, "Its owner was "+before.owner+".")
	}
	if before.due != after.due {
		words = append(words, "It was due on "+before.due.Long()+".")
	}
	return strings.Join(words, "\n"), nil
}

// cut keeps a step short; the past of the action has the whole.
func cut(text string) string {
	const most = 1000
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func updateActionState(ctx context.Context, tx pgx.Tx, which id.Action, to ActionState, note string) error {
	return run(ctx, tx, "move an action", `UPDATE action SET state = @state, closing_note = @note WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "state": string(to), "note": note})
}

func insertStep(ctx context.Context, tx pgx.Tx, by authz.Actor, of id.Action, t taken) error {
	return run(ctx, tx, "write a step of an action", `
		INSERT INTO action_step (action_id, kind, note, organisation_id, account_id)
		VALUES (@of, @kind, @note, NULLIF(@body::bigint, 0), NULLIF(@by::bigint, 0))`,
		pgx.StrictNamedArgs{"of": of, "kind": string(t.kind), "note": t.note, "body": t.body, "by": int64(by.Account)})
}
