package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// State says where an account stands.
type State string

// The states of an account.
const (
	Open      State = "invited" // the invitation is not accepted yet
	Active    State = "active"
	Suspended State = "suspended"
)

// States lists the states.
func States() []State { return []State{Open, Active, Suspended} }

// Person is an account as the administrator sees it.
type Person struct {
	ID          id.Account
	Email       string
	Name        string
	State       State
	InvitedAt   time.Time
	LinkExpires time.Time // of an open invitation; zero if there is none
	Grants      []Grant   `db:"-"`
	Offices     []Office  `db:"-"`
}

// Grant is a role that somebody holds or held.
type Grant struct {
	ID           int64
	Account      id.Account
	Role         authz.Role
	Organisation string // its name today; empty for a role of the whole partnership
	GrantedBy    string // empty: a command of the installation
	GrantedAt    time.Time
	EndedAt      time.Time // zero while it is held
}

// Office is an appointment of a person that is proposed, or confirmed and not over.
type Office struct {
	Account   id.Account
	Office    string
	Partner   string // name of the body today
	Confirmed bool
}

// Filter narrows the list of accounts. Zero values mean any.
type Filter struct {
	Search string // part of a name or an address
	State  State
	Role   authz.Role
	After  string // the address after which the page begins
}

// PageLength is how many accounts are on one page of the list.
const PageLength = 50

// Accounts lists accounts by their address, a page at a time; more tells whether others follow. Fault: Forbidden.
func (s *Service) Accounts(ctx context.Context, by authz.Actor, f Filter) (people []Person, more bool, err error) {
	if !by.Can(authz.AdministerAccount) {
		return nil, false, errNotAdministrator
	}
	if people, err = selectPeople(ctx, s.db, f); err != nil {
		return nil, false, err
	}
	if more = len(people) > PageLength; more {
		people = people[:PageLength]
	}
	return people, more, fillPeople(ctx, s.db, people, day.Of(s.now()))
}

// Account reads one account with all its roles, ended ones too. Faults: Forbidden, NotFound.
func (s *Service) Account(ctx context.Context, by authz.Actor, account id.Account) (Person, error) {
	if !by.Can(authz.AdministerAccount) && by.Account != account {
		return Person{}, errNotAdministrator
	}
	rows, _ := s.db.Query(ctx, personColumns+` WHERE a.id = $1`, account)
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Person])
	if errors.Is(err, pgx.ErrNoRows) {
		return Person{}, fault.New(fault.NotFound, "There is no such account.").Because(err)
	}
	if err != nil {
		return Person{}, fmt.Errorf("read an account: %w", err)
	}
	people := []Person{p}
	err = fillPeople(ctx, s.db, people, day.Of(s.now()))
	return people[0], err
}

// Waiting lists the appointments of the actor that nobody has confirmed yet.
func (s *Service) Waiting(ctx context.Context, by authz.Actor) ([]Office, error) {
	offices, err := selectOffices(ctx, s.db, []id.Account{by.Account}, day.Of(s.now()))
	if err != nil {
		return nil, err
	}
	var waiting []Office
	for _, o := range offices {
		if !o.Confirmed {
			waiting = append(waiting, o)
		}
	}
	return waiting, nil
}

const personColumns = `
	SELECT a.id, a.email, a.name, a.recorded_at AS invited_at,
	       CASE WHEN a.suspended_at IS NOT NULL THEN 'suspended' WHEN a.password_hash IS NULL THEN 'invited' ELSE 'active' END AS state,
	       coalesce((SELECT max(l.expires_at) FROM one_time_link l WHERE l.account_id = a.id AND l.purpose = 'invitation'
	                 AND l.used_at IS NULL AND l.replaced_at IS NULL AND l.expires_at > clock_timestamp()), '0001-01-01 00:00:00Z') AS link_expires
	FROM account a`

func selectPeople(ctx context.Context, db pg.DB, f Filter) ([]Person, error) {
	args := pgx.StrictNamedArgs{"limit": PageLength + 1}
	var where []string
	if f.Search != "" {
		where = append(where, `(a.name ILIKE @search OR a.email ILIKE @search)`)
		args["search"] = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Search) + "%"
	}
	switch f.State {
	case Suspended:
		where = append(where, `a.suspended_at IS NOT NULL`)
	case Open:
		where = append(where, `a.suspended_at IS NULL AND a.password_hash IS NULL`)
	case Active:
		where = append(where, `a.suspended_at IS NULL AND a.password_hash IS NOT NULL`)
	}
	switch f.Role {
	case "":
	case authz.LeadOfficer:
		where = append(where, `EXISTS (SELECT FROM appointment p WHERE p.account_id = a.id AND p.refused_at IS NULL AND p.withdrawn_at IS NULL)`)
	default:
		where = append(where, `EXISTS (SELECT FROM role_grant g WHERE g.account_id = a.id AND g.role = @role AND g.ended_at IS NULL)`)
		args["role"] = string(f.Role)
	}
	if f.After != "" {
		where = append(where, `a.email > @after`)
		args["after"] = f.After
	}
	query := personColumns
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, ` AND `)
	}
	rows, _ := db.Query(ctx, query+` ORDER BY a.email LIMIT @limit`, args)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByName[Person])
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return people, nil
}

// fillPeople adds what people hold.
func fillPeople(ctx context.Context, db pg.DB, people []Person, on day.Date) error {
	index := map[id.Account]int{}
	accounts := make([]id.Account, len(people))
	for i, p := range people {
		index[p.ID], accounts[i] = i, p.ID
	}
	grants, err := selectGrants(ctx, db, accounts, on)
	if err != nil {
		return err
	}
	for _, g := range grants {
		p := &people[index[g.Account]]
		p.Grants = append(p.Grants, g)
	}
	offices, err := selectOffices(ctx, db, accounts, on)
	if err != nil {
		return err
	}
	for _, o := range offices {
		p := &people[index[o.Account]]
		p.Offices = append(p.Offices, o)
	}
	return nil
}

func selectGrants(ctx context.Context, db pg.DB, accounts []id.Account, on day.Date) ([]Grant, error) {
	rows, _ := db.Query(ctx, `
		SELECT g.id, g.account_id AS account, g.role, coalesce(organisation_name_on(g.organisation_id, @on::date), '') AS organisation,
		       coalesce(b.name, '') AS granted_by, g.granted_at, coalesce(g.ended_at, '0001-01-01 00:00:00Z') AS ended_at
		FROM role_grant g LEFT JOIN account b ON b.id = g.granted_by
		WHERE g.account_id = ANY (@accounts::bigint[]) ORDER BY g.ended_at IS NOT NULL, g.id`,
		pgx.StrictNamedArgs{"accounts": accounts, "on": on})
	grants, err := pgx.CollectRows(rows, pgx.RowToStructByName[Grant])
	if err != nil {
		return nil, fmt.Errorf("read roles: %w", err)
	}
	return grants, nil
}

func selectOffices(ctx context.Context, db pg.DB, accounts []id.Account, on day.Date) ([]Office, error) {
	rows, _ := db.Query(ctx, `
		SELECT a.account_id AS account, a.office, organisation_name_on(p.organisation_id, @on::date) AS partner, a.confirmed_at IS NOT NULL AS confirmed
		FROM appointment a JOIN safeguarding_partner p ON p.id = a.partner_id
		WHERE a.account_id = ANY (@accounts::bigint[]) AND a.refused_at IS NULL AND a.withdrawn_at IS NULL
		  AND (a.ends_on IS NULL OR a.ends_on >= @on::date)
		ORDER BY a.id`, pgx.StrictNamedArgs{"accounts": accounts, "on": on})
	offices, err := pgx.CollectRows(rows, pgx.RowToStructByName[Office])
	if err != nil {
		return nil, fmt.Errorf("read offices: %w", err)
	}
	return offices, nil
}

// OrganisationChoice is a body that a role may be bound to.
type OrganisationChoice struct {
	ID   id.Organisation
	Slug string
	Name string
}

// Organisations lists the bodies that exist today, for binding a role to one. Fault: Forbidden.
func (s *Service) Organisations(ctx context.Context, by authz.Actor) ([]OrganisationChoice, error) {
	if !by.Can(authz.AdministerAccount) {
		return nil, errNotAdministrator
	}
	rows, _ := s.db.Query(ctx, `
		SELECT o.id, o.slug, organisation_name_on(o.id, @on::date) AS name FROM organisation o
		WHERE o.retracted_at IS NULL AND (o.starts_on IS NULL OR o.starts_on <= @on::date) AND (o.ends_on IS NULL OR o.ends_on >= @on::date)
		ORDER BY name`, pgx.StrictNamedArgs{"on": day.Of(s.now())})
	choices, err := pgx.CollectRows(rows, pgx.RowToStructByName[OrganisationChoice])
	if err != nil {
		return nil, fmt.Errorf("list organisations: %w", err)
	}
	return choices, nil
}

// AccountOf reads the account of an e-mail address. Faults: Forbidden, NotFound.
func (s *Service) AccountOf(ctx context.Context, by authz.Actor, email string) (Person, error) {
	if !by.Can(authz.AdministerAccount) {
		return Person{}, errNotAdministrator
	}
	c, err := selectCredentials(ctx, s.db, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return Person{}, err
	}
	return s.Account(ctx, by, c.ID)
}
