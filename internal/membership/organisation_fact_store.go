package membership

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// factTables are where each kind of fact is kept.
var factTables = map[FactKind]string{NameFact: "organisation_name", IdentifierFact: "organisation_identifier", AddressFact: "organisation_address",
	PartnerFact: "safeguarding_partner", ShareFact: "partner_area", AgencyFact: "agency_membership"}

const factColumns = `
	SELECT * FROM (
		SELECT 'name' AS kind, id AS row, '' AS scheme, name AS words, 0::bigint AS partner, organisation_id AS of, starts_on, ends_on, recorded_at,
		       retracted_at AS retracted, coalesce(retracted_reason, '') AS reason FROM organisation_name
		UNION ALL SELECT 'identifier', id, scheme, value, 0, organisation_id, starts_on, ends_on, recorded_at, retracted_at, coalesce(retracted_reason, '')
		FROM organisation_identifier
		UNION ALL SELECT 'address', id, '', concat_ws(E'\n', address, nullif(postcode, '')), 0, organisation_id, starts_on, ends_on, recorded_at, retracted_at,
		       coalesce(retracted_reason, '') FROM organisation_address
		UNION ALL SELECT 'partner', id, '', statutory_kind, id, organisation_id, starts_on, ends_on, recorded_at, retracted_at, coalesce(retracted_reason, '')
		FROM safeguarding_partner
		UNION ALL SELECT 'area', pa.id, '', a.name, pa.partner_id, p.organisation_id, pa.starts_on, pa.ends_on, pa.recorded_at, pa.retracted_at,
		       coalesce(pa.retracted_reason, '') FROM partner_area pa JOIN area a ON a.id = pa.area_id JOIN safeguarding_partner p ON p.id = pa.partner_id
		UNION ALL SELECT 'agency', id, '', basis, 0, organisation_id, starts_on, ends_on, recorded_at, retracted_at, coalesce(retracted_reason, '')
		FROM agency_membership
	) f`

type factRow struct {
	Of id.Organisation
	Fact
}

func selectFacts(ctx context.Context, db pg.DB, slug string) ([]Fact, error) {
	var of id.Organisation
	err := db.QueryRow(ctx, `SELECT id FROM organisation WHERE slug = $1 AND retracted_at IS NULL`, slug).Scan(&of)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNoOrganisation
	}
	if err != nil {
		return nil, fmt.Errorf("read organisation %q: %w", slug, err)
	}
	rows, _ := db.Query(ctx, factColumns+` WHERE f.of = @of ORDER BY f.starts_on NULLS FIRST, f.row`, pgx.StrictNamedArgs{"of": of})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[factRow])
	if err != nil {
		return nil, fmt.Errorf("read the facts of organisation %q: %w", slug, err)
	}
	facts := make([]Fact, len(found))
	for i, f := range found {
		facts[i] = f.Fact
	}
	return facts, nil
}

// lockFact locks a fact that counts.
func lockFact(ctx context.Context, tx pgx.Tx, of id.Organisation, kind FactKind, row int64) (Fact, error) {
	table, ok := factTables[kind]
	if !ok {
		return Fact{}, errNoFact
	}
	if _, err := tx.Exec(ctx, `SELECT FROM `+table+` WHERE id = $1 FOR UPDATE`, row); err != nil {
		return Fact{}, fmt.Errorf("lock %s %d: %w", table, row, err)
	}
	rows, _ := tx.Query(ctx, factColumns+` WHERE f.of = @of AND f.kind = @kind AND f.row = @row AND f.retracted IS NULL`,
		pgx.StrictNamedArgs{"of": of, "kind": string(kind), "row": row})
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[factRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return Fact{}, errNoFact
	}
	if err != nil {
		return Fact{}, fmt.Errorf("read %s %d: %w", table, row, err)
	}
	return f.Fact, nil
}

func retractFact(ctx context.Context, tx pgx.Tx, f Fact, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE `+factTables[f.Kind]+` SET retracted_reason = @reason WHERE id = @row`, pgx.StrictNamedArgs{"row": f.Row, "reason": reason})
	if err != nil {
		return fmt.Errorf("retract %s %d: %w", f.Kind, f.Row, translate(err))
	}
	return nil
}

// mendBefore lets the name, code or address that ended on the day before a retracted one go on until that one ended.
func mendBefore(ctx context.Context, tx pgx.Tx, of id.Organisation, f Fact) error {
	args := pgx.StrictNamedArgs{"of": of, "last": f.EndsOn, "before": f.StartsOn.Add(-1)}
	same := ""
	switch f.Kind {
	case IdentifierFact:
		same, args["scheme"] = " AND scheme = @scheme", f.Scheme
	case NameFact, AddressFact:
	default:
		return nil
	}
	if f.StartsOn.IsZero() {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE `+factTables[f.Kind]+` SET ends_on = @last::date
		WHERE organisation_id = @of AND retracted_at IS NULL AND ends_on = @before::date`+same, args)
	if err != nil {
		return fmt.Errorf("mend what ended before %s %d: %w", f.Kind, f.Row, translate(err))
	}
	return nil
}

// endFactBefore ends the open code or address of an organisation on the day before another takes its place.
func endFactBefore(ctx context.Context, tx pgx.Tx, table string, of id.Organisation, scheme string, from day.Date) error {
	if from.IsZero() {
		return nil
	}
	args := pgx.StrictNamedArgs{"of": of, "from": from}
	same := ""
	if scheme != "" {
		same, args["scheme"] = " AND scheme = @scheme", scheme
	}
	_, err := tx.Exec(ctx, `UPDATE `+table+` SET ends_on = @from::date - 1
		WHERE organisation_id = @of AND retracted_at IS NULL AND ends_on IS NULL AND coalesce(starts_on, '-infinity') < @from::date`+same, args)
	if err != nil {
		return fmt.Errorf("end the earlier row of %s: %w", table, translate(err))
	}
	return nil
}

func insertIdentifier(ctx context.Context, tx pgx.Tx, of id.Organisation, c IdentifierCommand) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_identifier (organisation_id, scheme, value, starts_on) VALUES (@of, @scheme, @value, @from)`,
		pgx.StrictNamedArgs{"of": of, "scheme": c.Scheme, "value": c.Value, "from": c.From})
	if err != nil {
		return fmt.Errorf("insert a code of organisation %d: %w", of, translate(err))
	}
	return nil
}

func insertAddress(ctx context.Context, tx pgx.Tx, of id.Organisation, c AddressCommand) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_address (organisation_id, address, postcode, starts_on) VALUES (@of, @address, @postcode, @from)`,
		pgx.StrictNamedArgs{"of": of, "address": c.Address, "postcode": c.Postcode, "from": c.From})
	if err != nil {
		return fmt.Errorf("insert an address of organisation %d: %w", of, translate(err))
	}
	return nil
}

func insertNameFor(ctx context.Context, tx pgx.Tx, of id.Organisation, name string, from, to day.Date) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_name (organisation_id, name, starts_on, ends_on) VALUES (@of, @name, @from, @to)`,
		pgx.StrictNamedArgs{"of": of, "name": name, "from": from, "to": to})
	if err != nil {
		return fmt.Errorf("insert the right name of organisation %d: %w", of, translate(err))
	}
	return nil
}

func insertShare(ctx context.Context, tx pgx.Tx, c ShareCommand) error {
	_, err := tx.Exec(ctx, `INSERT INTO partner_area (partner_id, area_id, starts_on) VALUES (@partner, @area, @from)`,
		pgx.StrictNamedArgs{"partner": c.Partner, "area": c.Area, "from": c.From})
	if err != nil {
		return fmt.Errorf("share an area with partner %d: %w", c.Partner, translate(err))
	}
	return nil
}

func updateShareEnd(ctx context.Context, tx pgx.Tx, share int64, last day.Date) error {
	_, err := tx.Exec(ctx, `UPDATE partner_area SET ends_on = @last WHERE id = @share`, pgx.StrictNamedArgs{"share": share, "last": last})
	if err != nil {
		return fmt.Errorf("end a shared area: %w", translate(err))
	}
	return nil
}

func selectOnlyShare(ctx context.Context, tx pgx.Tx, partner id.Partner) (bool, error) {
	var one bool
	err := tx.QueryRow(ctx, `SELECT count(*) = 1 FROM partner_area WHERE partner_id = @partner AND retracted_at IS NULL`,
		pgx.StrictNamedArgs{"partner": partner}).Scan(&one)
	if err != nil {
		return false, fmt.Errorf("count the areas of partner %d: %w", partner, err)
	}
	return one, nil
}

func updateOrganisation(ctx context.Context, tx pgx.Tx, which id.Organisation, c EditCommand) error {
	_, err := tx.Exec(ctx, `UPDATE organisation SET kind = @kind, note = @note WHERE id = @id`,
		pgx.StrictNamedArgs{"id": which, "kind": c.Kind, "note": c.Note})
	if err != nil {
		return fmt.Errorf("change organisation %d: %w", which, translate(err))
	}
	return nil
}

func updateOrganisationRetracted(ctx context.Context, tx pgx.Tx, which id.Organisation, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE organisation SET retracted_reason = @reason WHERE id = @id`, pgx.StrictNamedArgs{"id": which, "reason": reason})
	if err != nil {
		return fmt.Errorf("retract organisation %d: %w", which, translate(err))
	}
	return nil
}
