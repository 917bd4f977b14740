// Package demo loads the demonstration: Kent 2019, as far as it is publicly known, and a next edition that waits for
// its signatures. What is not known and had to be invented is marked as demonstration data wherever it is shown.
package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/signoff"
)

// Password is that of every account of the demonstration.
const Password = "demonstration-only"

// Letters writes the letters of what happens in the demonstration.
type Letters interface {
	account.Letters
	membership.Letters
	signoff.Letters
	arrangement.Letters
}

// Person is an account of the demonstration.
type Person struct {
	Email string
	Name  string
	What  string // in words, for the list that is printed
	role  authz.Role
	body  string // slug of the organisation, for roles that are bound to one
}

// People are the accounts of the demonstration.
func People() []Person {
	return []Person{
		{Email: "support@kscmp.example", Name: "Sam Fielding", What: "business support: drafts, opens rounds, publishes", role: authz.BusinessSupport},
		{Email: "lead@kent-county-council.example", Name: "Priya Raman", What: "lead officer of Kent County Council"},
		{Email: "lead@kent-police.example", Name: "Owen Hughes", What: "lead officer of Kent Police"},
		{Email: "lead@kent-ccgs.example", Name: "Marta Nowak", What: "lead officer of health: the Kent CCGs, now NHS Kent and Medway"},
		{Email: "deputy@kent-police.example", Name: "Leah Osei", What: "dated delegate for Kent Police"},
		{Email: "office@kent-police.example", Name: "Tom Bright", What: "private office of the Chief Constable: reads, asks, never signs", role: authz.Office, body: "kent-police"},
		{Email: "scrutineer@kscmp.example", Name: "Grace Adeyemi", What: "independent scrutineer: reads everything", role: authz.Scrutineer},
		{Email: "staff@district-council.example", Name: "Jo Marsh", What: "staff of a relevant agency", role: authz.AgencyStaff, body: "maidstone-borough-council"},
		{Email: "admin@kscmp.example", Name: "Ines Costa", What: "administrator: accounts and settings", role: authz.Administrator},
	}
}

// loader has the services over the one transaction in which everything is loaded.
type loader struct {
	tx        pgx.Tx
	accounts  *account.Service
	members   *membership.Service
	groups    *group.Service
	settings  *membership.SettingsService
	funding   *funding.Service
	silent    *arrangement.Service // of what happened before the portal: nobody is written to
	past      *signoff.Service
	papers    *arrangement.Service
	rounds    *signoff.Service
	decisions *decision.Service
	people    map[string]id.Account
	today     day.Date
	now       func() time.Time
}

func newLoader(tx pgx.Tx, links account.Links, letters Letters, now func() time.Time) *loader {
	l := &loader{tx: tx, people: map[string]id.Account{}, today: day.Of(now()), now: now}
	l.accounts = account.New(tx, account.NoLetters{}, links, now)
	l.members = membership.New(tx, membership.NoLetters{}, now)
	l.groups = group.New(tx, now)
	l.settings = membership.NewSettings(tx, tx, now)
	l.funding = funding.New(tx, now)
	l.decisions = decision.New(tx, now)
	l.past = signoff.New(tx, l.accounts, signoff.NoLetters{}, now)
	l.silent = arrangement.New(tx, l.past, arrangement.NoLetters{}, now)
	l.rounds = signoff.New(tx, l.accounts, letters, now)
	l.papers = arrangement.New(tx, l.rounds, letters, now)
	return l
}

// Load fills an empty database with the demonstration, within a transaction.
func Load(ctx context.Context, tx pgx.Tx, links account.Links, letters Letters, now func() time.Time) error {
	l := newLoader(tx, links, letters, now)
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"settings", l.loadSettings}, {"organisations", l.loadOrganisations}, {"agencies", l.loadAgencies}, {"contributions", l.loadContributions},
		{"financial years", l.loadYears}, {"ledger", l.loadLedger}, {"people", l.loadPeople},
		{"groups", l.loadGroups},
		{"appointments", l.loadAppointments}, {"the arrangements of June 2019", l.load2019}, {"the decision of the council", l.loadDecision}, {"the next edition", l.loadNext},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("load %s of the demonstration: %w", step.what, err)
		}
	}
	return nil
}

// portal is the actor of what a command of the installation would do.
func (l *loader) portal() authz.Actor { return authz.System("demonstration") }

// as is the actor of somebody who is signed in, with their roles and seats of today.
func (l *loader) as(ctx context.Context, email string) (authz.Actor, error) {
	var epoch int
	if err := l.tx.QueryRow(ctx, `SELECT epoch FROM account WHERE id = @account`, pgx.StrictNamedArgs{"account": int64(l.people[email])}).Scan(&epoch); err != nil {
		return authz.Actor{}, fmt.Errorf("read account %s: %w", email, err)
	}
	return l.accounts.Actor(ctx, l.people[email], epoch)
}

func (l *loader) loadSettings(ctx context.Context) error {
	return l.settings.SaveSettings(ctx, l.portal(), membership.SettingsCommand{
		Settings: membership.Settings{Name: "Kent Safeguarding Children Multi-Agency Partnership", ShortName: "KSCMP", LogoText: "KSCMP",
			ContactOffice: "Business support team", ContactEmail: "support@kscmp.example", ContactPhone: "01632 960 010",
			ContactAddress: "Business support team, KSCMP, Demonstration House, Maidstone",
			// Numbers that are reserved for fiction, so that nobody who tries the demonstration calls anyone.
			Numbers: []membership.ConcernNumber{
				{Label: "Children’s services (demonstration number)", Number: "01632 960 001", Hours: "Monday to Friday, 8:30am to 5pm"},
				{Label: "Out of hours (demonstration number)", Number: "01632 960 002", Hours: "Evenings, weekends and bank holidays"},
			}},
		Area: membership.Area{Name: "Kent", GSSCode: "E10000016", StartsOn: day.Must("1998-04-01")},
	})
}

func (l *loader) loadPeople(ctx context.Context) error {
	bodies := map[string]id.Organisation{}
	for _, p := range People() {
		if p.body != "" {
			body, err := l.members.Organisation(ctx, l.portal(), p.body)
			if err != nil {
				return err
			}
			bodies[p.body] = body.ID
		}
		invited, err := l.accounts.Invite(ctx, l.portal(), account.InviteCommand{Email: p.Email, Name: p.Name, Role: p.role, Organisation: bodies[p.body]})
		if err != nil {
			return fmt.Errorf("invite %s: %w", p.Email, err)
		}
		_, token, err := l.accounts.LinkToken(ctx, invited.LinkID)
		if err != nil {
			return err
		}
		if _, err := l.accounts.Accept(ctx, account.AcceptCommand{Token: token, Password: Password}); err != nil {
			return fmt.Errorf("accept for %s: %w", p.Email, err)
		}
		l.people[p.Email] = invited.Account
	}
	return nil
}
