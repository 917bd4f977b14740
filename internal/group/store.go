package group

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// locked is a group's row, held until the transaction ends.
type locked struct {
	ID       id.Group
	StartsOn day.Date
	EndsOn   day.Date
}

func lockGroup(ctx context.Context, tx pgx.Tx, slug string) (locked, error) {
	rows, _ := tx.Query(ctx, `SELECT id, starts_on, ends_on FROM sub_group WHERE slug = @slug FOR UPDATE`, pgx.StrictNamedArgs{"slug": slug})
	g, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[locked])
	if errors.Is(err, pgx.ErrNoRows) {
		return locked{}, errNoGroup
	}
	if err != nil {
		return locked{}, fmt.Errorf("lock group %q: %w", slug, err)
	}
	return g, nil
}

// run makes one change, named for the log.
func run(ctx context.Context, tx pgx.Tx, what, sql string, args pgx.StrictNamedArgs) error {
	if _, err := tx.Exec(ctx, sql, args); err != nil {
		return fmt.Errorf("%s: %w", what, translate(err))
	}
	return nil
}

func insertGroup(ctx context.Context, tx pgx.Tx, c AddCommand) (id.Group, error) {
	var made id.Group
	err := tx.QueryRow(ctx, `
		INSERT INTO sub_group (slug, purpose, chair_title, chair_post_id, rhythm, starts_on, is_demonstration)
		VALUES (@slug, @purpose, @chair, NULLIF(@post::bigint, 0), @rhythm, @from, @demo) RETURNING id`,
		pgx.StrictNamedArgs{"slug": c.Slug, "purpose": c.Purpose, "chair": c.Chair, "post": c.ChairPost, "rhythm": c.Rhythm, "from": c.From,
			"demo": c.Demonstration}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert group %q: %w", c.Slug, translate(err))
	}
	return made, nil
}

func updateGroup(ctx context.Context, tx pgx.Tx, which id.Group, c ChangeCommand) error {
	return run(ctx, tx, "change a group", `
		UPDATE sub_group SET purpose = @purpose, chair_title = @chair, chair_post_id = NULLIF(@post::bigint, 0), rhythm = @rhythm WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "purpose": c.Purpose, "chair": c.Chair, "post": c.ChairPost, "rhythm": c.Rhythm})
}

func updateGroupEnd(ctx context.Context, tx pgx.Tx, which id.Group, last day.Date) error {
	return run(ctx, tx, "end a group", `UPDATE sub_group SET ends_on = @last WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "last": last})
}

func insertName(ctx context.Context, tx pgx.Tx, of id.Group, name string, from day.Date) error {
	return run(ctx, tx, "name a group", `INSERT INTO sub_group_name (sub_group_id, name, starts_on) VALUES (@of, @name, @from)`,
		pgx.StrictNamedArgs{"of": of, "name": name, "from": from})
}

func updateOpenName(ctx context.Context, tx pgx.Tx, of id.Group, last day.Date) error {
	return run(ctx, tx, "end the name of a group", `
		UPDATE sub_group_name SET ends_on = @last WHERE sub_group_id = @of AND ends_on IS NULL AND coalesce(starts_on, '-infinity') <= @last`,
		pgx.StrictNamedArgs{"of": of, "last": last})
}

func insertTerms(ctx context.Context, tx pgx.Tx, of id.Group, terms id.File, from day.Date) error {
	return run(ctx, tx, "add terms of reference", `INSERT INTO sub_group_terms (sub_group_id, file_id, starts_on) VALUES (@of, @file, @from)`,
		pgx.StrictNamedArgs{"of": of, "file": terms, "from": from})
}

func insertMember(ctx context.Context, tx pgx.Tx, of id.Group, body id.Organisation, from, to day.Date) error {
	return run(ctx, tx, "add a member", `
		INSERT INTO sub_group_member (sub_group_id, organisation_id, starts_on, ends_on) VALUES (@of, @body, @from, @to)`,
		pgx.StrictNamedArgs{"of": of, "body": body, "from": from, "to": to})
}

// lockMember locks a membership that counts.
func lockMember(ctx context.Context, tx pgx.Tx, of id.Group, member int64) (locked, error) {
	rows, _ := tx.Query(ctx, `
		SELECT sub_group_id AS id, starts_on, ends_on FROM sub_group_member
		WHERE id = @id AND sub_group_id = @of AND retracted_at IS NULL FOR UPDATE`, pgx.StrictNamedArgs{"id": member, "of": of})
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[locked])
	if errors.Is(err, pgx.ErrNoRows) {
		return locked{}, errNoMember
	}
	if err != nil {
		return locked{}, fmt.Errorf("lock member %d: %w", member, err)
	}
	return m, nil
}

func updateMemberEnd(ctx context.Context, tx pgx.Tx, member int64, last day.Date) error {
	return run(ctx, tx, "end a membership", `UPDATE sub_group_member SET ends_on = @last WHERE id = @id`, pgx.StrictNamedArgs{"id": member, "last": last})
}

// updateMembersEnd ends all memberships that would outlast the group; those that begin later are left for the guard.
func updateMembersEnd(ctx context.Context, tx pgx.Tx, of id.Group, last day.Date) error {
	return run(ctx, tx, "end the memberships", `
		UPDATE sub_group_member SET ends_on = @last
		WHERE sub_group_id = @of AND retracted_at IS NULL AND starts_on <= @last AND (ends_on IS NULL OR ends_on > @last)`,
		pgx.StrictNamedArgs{"of": of, "last": last})
}

func retractMember(ctx context.Context, tx pgx.Tx, member int64, reason string) error {
	return run(ctx, tx, "retract a membership", `UPDATE sub_group_member SET retracted_reason = @reason WHERE id = @id`,
		pgx.StrictNamedArgs{"id": member, "reason": reason})
}

// likeness escapes what would be a pattern.
var likeness = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// findBody finds an organisation by its address or its name of today. What matches none or several names those that
// come near.
func findBody(ctx context.Context, tx pgx.Tx, field, text string, today day.Date) (id.Organisation, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, fault.Field(field, "Enter the organisation")
	}
	type found struct {
		ID    id.Organisation
		Name  string
		Exact bool
	}
	rows, _ := tx.Query(ctx, `
		SELECT o.id, n.name, o.slug = @text OR lower(n.name) = lower(@text) AS exact
		FROM organisation o JOIN organisation_name n ON n.organisation_id = o.id AND n.retracted_at IS NULL AND n.during @> @today::date
		WHERE o.retracted_at IS NULL AND (o.slug = @text OR n.name ILIKE '%' || @like || '%') ORDER BY exact DESC, lower(n.name), o.id LIMIT 6`,
		pgx.StrictNamedArgs{"text": text, "like": likeness.Replace(text), "today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[found])
	if err != nil {
		return 0, fmt.Errorf("look for an organisation: %w", err)
	}
	switch {
	case len(list) > 0 && list[0].Exact && (len(list) == 1 || !list[1].Exact):
		return list[0].ID, nil
	case len(list) == 0:
		return 0, fault.Field(field, "No organisation has this name or address. Check the spelling, or add the organisation first")
	}
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = x.Name
	}
	return 0, fault.Field(field, "Enter the whole name. These come near: "+strings.Join(names, ", "))
}
