package membership

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

type appointmentRow struct {
	ID               id.Appointment
	Account          id.Account
	Person           string
	Email            string
	Partner          id.Partner
	OrganisationSlug string
	OrganisationName string
	Office           string
	Capacity         authz.Capacity
	ActingFor        string
	Instrument       string
	InstrumentOn     day.Date
	InstrumentFile   id.File
	Papers           []string
	StartsOn         day.Date
	EndsOn           day.Date
	Under            id.Appointment
	LeadUntil        day.Date
	LeadWithdrawn    bool
	ProposedBy       *id.Account
	ProposedName     *string
	ProposedAt       *time.Time
	ConfirmedBy      *id.Account
	ConfirmedName    *string
	ConfirmedAt      *time.Time
	RefusedBy        *id.Account
	RefusedName      *string
	RefusedAt        *time.Time
	WithdrawnBy      *id.Account
	WithdrawnName    *string
	WithdrawnAt      *time.Time
}

func step(by *id.Account, name *string, at *time.Time) Step {
	if by == nil || name == nil || at == nil {
		return Step{}
	}
	return Step{By: *by, Name: *name, At: *at}
}

func (r appointmentRow) appointment() Appointment {
	return Appointment{
		ID: r.ID, Account: r.Account, Person: r.Person, Email: r.Email, Partner: r.Partner,
		OrganisationSlug: r.OrganisationSlug, OrganisationName: r.OrganisationName,
		Office: r.Office, Capacity: r.Capacity, ActingFor: r.ActingFor, Instrument: r.Instrument, Papers: r.Papers,
		InstrumentOn: r.InstrumentOn, InstrumentFile: r.InstrumentFile, StartsOn: r.StartsOn, EndsOn: r.EndsOn, Under: r.Under, LeadUntil: r.LeadUntil, LeadWithdrawn: r.LeadWithdrawn,
		Proposed:  step(r.ProposedBy, r.ProposedName, r.ProposedAt),
		Confirmed: step(r.ConfirmedBy, r.ConfirmedName, r.ConfirmedAt),
		Refused:   step(r.RefusedBy, r.RefusedName, r.RefusedAt),
		Withdrawn: step(r.WithdrawnBy, r.WithdrawnName, r.WithdrawnAt),
	}
}

const appointmentColumns = `
	SELECT a.id, a.account_id AS account, c.name AS person, c.email, a.partner_id AS partner, o.slug AS organisation_slug,
	       organisation_name_on(o.id, @today::date) AS organisation_name, a.office, a.capacity, a.acting_for, a.instrument, a.instrument_on,
	       coalesce(a.instrument_file, 0) AS instrument_file, a.papers,
	       a.starts_on, a.ends_on, coalesce(a.delegated_under, 0) AS under, l.ends_on AS lead_until,
	       l.withdrawn_at IS NOT NULL AS lead_withdrawn, a.proposed_by, p1.name AS proposed_name, a.proposed_at, a.confirmed_by, p2.name AS confirmed_name,
	       a.confirmed_at, a.refused_by, p3.name AS refused_name, a.refused_at, a.withdrawn_by, p4.name AS withdrawn_name, a.withdrawn_at
	FROM appointment a JOIN account c ON c.id = a.account_id
	JOIN safeguarding_partner p ON p.id = a.partner_id JOIN organisation o ON o.id = p.organisation_id
	LEFT JOIN account p1 ON p1.id = a.proposed_by LEFT JOIN account p2 ON p2.id = a.confirmed_by
	LEFT JOIN account p3 ON p3.id = a.refused_by LEFT JOIN account p4 ON p4.id = a.withdrawn_by
	LEFT JOIN appointment l ON l.id = a.delegated_under`

// seesAppointments tells whether the actor sees every appointment; anybody else sees their own, and a
// seat those of its partner's delegates.
func seesAppointments(by authz.Actor) bool {
	return by.Can(authz.ProposeSeat) || by.Can(authz.ConfirmSeat) || by.Can(authz.EndSeat) || by.Can(authz.ReadAudit)
}

// visible adds the clause that hides what the actor may not see.
func visible(by authz.Actor, clauses []string, args pgx.StrictNamedArgs) []string {
	if seesAppointments(by) {
		return clauses
	}
	args["me"], args["partners"] = by.Account, by.Partners()
	return append(clauses, "(a.account_id = @me OR (a.capacity = 'delegate' AND a.partner_id = ANY (@partners::bigint[])))")
}

// over is a term whose last day has passed, a delegate's with that of the lead officer who named them.
const over = "(coalesce(a.ends_on, 'infinity') < @today::date OR coalesce(l.ends_on, 'infinity') < @today::date OR l.withdrawn_at IS NOT NULL)"

// stateClauses say in SQL what Appointment.State says in Go.
var stateClauses = map[State]string{
	Proposed:  "a.confirmed_at IS NULL AND a.refused_at IS NULL AND a.withdrawn_at IS NULL",
	Confirmed: "a.confirmed_at IS NOT NULL AND a.withdrawn_at IS NULL AND NOT " + over,
	Ended:     "a.confirmed_at IS NOT NULL AND a.withdrawn_at IS NULL AND " + over,
	Refused:   "a.refused_at IS NOT NULL",
	Withdrawn: "a.withdrawn_at IS NOT NULL AND a.refused_at IS NULL",
}

func selectAppointments(ctx context.Context, db pg.DB, by authz.Actor, f AppointmentFilter, today day.Date) ([]Appointment, error) {
	args := pgx.StrictNamedArgs{"today": today}
	clauses := visible(by, nil, args)
	if f.Partner != 0 {
		args["partner"] = f.Partner
		clauses = append(clauses, "a.partner_id = @partner")
	}
	if f.Organisation != "" {
		args["organisation"] = f.Organisation
		clauses = append(clauses, "o.slug = @organisation")
	}
	if clause, ok := stateClauses[f.State]; ok {
		clauses = append(clauses, clause)
	}
	sql := appointmentColumns
	if len(clauses) > 0 {
		sql += " WHERE " + strings.Join(clauses, " AND ")
	}
	rows, _ := db.Query(ctx, sql+` ORDER BY organisation_name, a.capacity DESC, a.starts_on DESC, a.id DESC`, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[appointmentRow])
	if err != nil {
		return nil, fmt.Errorf("read the appointments: %w", err)
	}
	all := make([]Appointment, len(list))
	for i, r := range list {
		all[i] = r.appointment()
	}
	return all, nil
}

func selectAppointment(ctx context.Context, db pg.DB, by authz.Actor, which id.Appointment, today day.Date) (Appointment, error) {
	args := pgx.StrictNamedArgs{"today": today, "id": which}
	clauses := visible(by, []string{"a.id = @id"}, args)
	rows, _ := db.Query(ctx, appointmentColumns+" WHERE "+strings.Join(clauses, " AND "), args)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[appointmentRow])
	if errors.Is(err, pgx.ErrNoRows) {
		return Appointment{}, errNoAppointment
	}
	if err != nil {
		return Appointment{}, fmt.Errorf("read appointment %d: %w", which, err)
	}
	return r.appointment(), nil
}

// lockPartnerOf makes rival confirmations for one partner wait for each other; the exclusion constraint alone would
// let two of them wait in a circle. A sign-off locks in the same order: partner, then appointment.
func lockPartnerOf(ctx context.Context, tx pgx.Tx, which id.Appointment) error {
	_, err := tx.Exec(ctx, `
		SELECT FROM safeguarding_partner WHERE id = (SELECT partner_id FROM appointment WHERE id = $1) FOR NO KEY UPDATE`, which)
	if err != nil {
		return fmt.Errorf("lock the partner of appointment %d: %w", which, err)
	}
	return nil
}

// lockAppointment locks the row before anything about it is decided.
func lockAppointment(ctx context.Context, tx pgx.Tx, by authz.Actor, which id.Appointment, today day.Date) (Appointment, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM appointment WHERE id = $1 FOR UPDATE`, which); err != nil {
		return Appointment{}, fmt.Errorf("lock appointment %d: %w", which, err)
	}
	return selectAppointment(ctx, tx, by, which, today)
}

func insertAppointment(ctx context.Context, tx pgx.Tx, proposer id.Account, c ProposeCommand) (id.Appointment, error) {
	papers := c.Papers
	if papers == nil {
		papers = []string{} // the column takes no null
	}
	var made id.Appointment
	err := tx.QueryRow(ctx, `
		INSERT INTO appointment (account_id, partner_id, office, capacity, acting_for, instrument, instrument_on, papers, starts_on, ends_on,
		                         proposed_by, delegated_under)
		VALUES (@account, @partner, @office, @capacity, @acting_for, @instrument, @dated, @papers, @starts, @ends, NULLIF(@proposer::bigint, 0),
		        NULLIF(@under::bigint, 0))
		RETURNING id`,
		pgx.StrictNamedArgs{
			"account": c.Account, "partner": c.Partner, "office": c.Office, "capacity": string(c.Capacity), "acting_for": c.ActingFor,
			"instrument": c.Instrument, "dated": c.Dated, "under": c.under, "papers": papers, "starts": c.StartsOn, "ends": c.EndsOn, "proposer": proposer,
		}).Scan(&made)
	if err != nil {
		return 0, fmt.Errorf("insert appointment: %w", translate(err))
	}
	return made, nil
}

// updateAppointment sets one column that says who did something; the database adds when.
func updateAppointment(ctx context.Context, tx pgx.Tx, sql string, which id.Appointment, value any) error {
	if _, err := tx.Exec(ctx, sql, pgx.StrictNamedArgs{"id": which, "value": value}); err != nil {
		return fmt.Errorf("update appointment %d: %w", which, translate(err))
	}
	return nil
}

// Person is somebody with an account.
type Person struct {
	Account id.Account
	Name    string
	Email   string
}

func selectAppointable(ctx context.Context, db pg.DB, but id.Account) ([]Person, error) {
	rows, _ := db.Query(ctx, `
		SELECT c.id AS account, c.name, c.email FROM account c
		WHERE c.suspended_at IS NULL AND c.id <> @me
		  AND NOT EXISTS (SELECT FROM role_grant r WHERE r.account_id = c.id AND r.ended_at IS NULL AND r.role = ANY (@never))
		ORDER BY c.name, c.email`, pgx.StrictNamedArgs{"me": but, "never": roleNames()})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Person])
	if err != nil {
		return nil, fmt.Errorf("read who can be appointed: %w", err)
	}
	return list, nil
}

// appointee is what decides whether an account can be appointed.
type appointee struct {
	Suspended bool
	Never     string // a role whose holders take no seat; empty if none is held
}

func selectAppointee(ctx context.Context, tx pgx.Tx, account id.Account) (appointee, error) {
	rows, _ := tx.Query(ctx, `
		SELECT c.suspended_at IS NOT NULL AS suspended,
		       coalesce((SELECT min(r.role) FROM role_grant r WHERE r.account_id = c.id AND r.ended_at IS NULL AND r.role = ANY (@never)), '') AS never
		FROM account c WHERE c.id = @account`, pgx.StrictNamedArgs{"account": account, "never": roleNames()})
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[appointee])
	if errors.Is(err, pgx.ErrNoRows) {
		return appointee{}, errNoSuchPerson
	}
	if err != nil {
		return appointee{}, fmt.Errorf("read appointee %d: %w", account, err)
	}
	return a, nil
}

func roleNames() []string {
	names := make([]string, 0, len(neverSign))
	for r := range neverSign {
		names = append(names, string(r))
	}
	return names
}

type term struct {
	StartsOn day.Date
	EndsOn   day.Date
}

func selectPartnerTerm(ctx context.Context, tx pgx.Tx, partner id.Partner) (term, error) {
	rows, _ := tx.Query(ctx, `SELECT starts_on, ends_on FROM safeguarding_partner WHERE id = $1 AND retracted_at IS NULL`, partner)
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[term])
	if errors.Is(err, pgx.ErrNoRows) {
		return term{}, errNoSuchPartner
	}
	if err != nil {
		return term{}, fmt.Errorf("read the term of partner %d: %w", partner, err)
	}
	return t, nil
}

// selectPartnerByBody finds the body's time as partner that includes a day.
func selectPartnerByBody(ctx context.Context, tx pgx.Tx, slug string, on day.Date) (id.Partner, error) {
	var partner id.Partner
	err := tx.QueryRow(ctx, `
		SELECT p.id FROM safeguarding_partner p JOIN organisation o ON o.id = p.organisation_id
		WHERE o.slug = @slug AND p.during @> @today::date AND p.retracted_at IS NULL AND o.retracted_at IS NULL`, pgx.StrictNamedArgs{"slug": slug, "today": on}).Scan(&partner)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, errNoPartnerOfSlug
	}
	if err != nil {
		return 0, fmt.Errorf("read the partner %q: %w", slug, err)
	}
	return partner, nil
}

func selectPartnerChoices(ctx context.Context, db pg.DB, today day.Date) ([]PartnerChoice, error) {
	rows, _ := db.Query(ctx, `
		SELECT p.id, o.slug, organisation_name_on(o.id, @today::date) AS name, p.starts_on, p.ends_on
		FROM safeguarding_partner p JOIN organisation o ON o.id = p.organisation_id WHERE p.retracted_at IS NULL
		ORDER BY (p.ends_on IS NULL OR p.ends_on >= @today::date) DESC, name, p.starts_on DESC`, pgx.StrictNamedArgs{"today": today})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[PartnerChoice])
	if err != nil {
		return nil, fmt.Errorf("read the partners to choose from: %w", err)
	}
	return list, nil
}
