package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/pg/embedded"
	"partnershipportal/web/route"
)

// invitation is what `portal user invite` was told.
type invitation struct {
	email, name, role, organisation string
}

func readInvitation(args []string) (invitation, error) {
	var in invitation
	flags := flag.NewFlagSet("user invite", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&in.email, "email", "", "")
	flags.StringVar(&in.name, "name", "", "")
	flags.StringVar(&in.role, "role", "", "")
	flags.StringVar(&in.organisation, "organisation", "", "")
	if err := flags.Parse(args); err != nil {
		return in, err
	}
	var problems []error
	if flags.NArg() > 0 {
		problems = append(problems, fmt.Errorf("%q is too much", flags.Arg(0)))
	}
	if !strings.Contains(in.email, "@") {
		problems = append(problems, errors.New("--email must be an e-mail address"))
	}
	role := authz.Role(in.role)
	switch {
	case in.role == "":
	case !knownRole(role):
		problems = append(problems, errors.New("--role must be lead-officer, office, business-support, agency-staff, scrutineer or administrator"))
	case (role == authz.LeadOfficer || account.BoundToOrganisation(role)) != (in.organisation != ""):
		problems = append(problems, errors.New("--organisation goes with lead-officer, office and agency-staff, and with no other role"))
	}
	return in, errors.Join(problems...)
}

func knownRole(role authz.Role) bool {
	for _, r := range authz.Roles() {
		if r == role {
			return true
		}
	}
	return false
}

// user invites somebody and prints the address of the invitation. It is the only place where one is ever printed.
func user(ctx context.Context, c config, args []string, stdout io.Writer) (err error) {
	if len(args) == 0 || args[0] != "invite" {
		return errUsage
	}
	in, err := readInvitation(args[1:])
	if err != nil {
		return fmt.Errorf("portal user invite: %w", err)
	}
	key, err := loadKey(c.KeyFile)
	if err != nil {
		return err
	}
	links, err := account.NewLinks(key)
	if err != nil {
		return err
	}
	db, err := besideThePortal(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.stop()) }()
	conns, err := db.open(ctx)
	if err != nil {
		return err
	}
	defer conns.close()
	if err := db.ready(ctx, conns.app); err != nil {
		return err
	}
	var said string
	err = pgx.BeginFunc(ctx, conns.app, func(tx pgx.Tx) error {
		said, err = invite(ctx, tx, links, in, baseURLBefore(c))
		return err
	})
	if err != nil {
		if message := fault.Message(err); message != "" {
			return errors.New(message)
		}
		return err
	}
	_, err = io.WriteString(stdout, said)
	return err
}

// besideThePortal reaches the database of a portal that runs, or else does as the portal itself does.
func besideThePortal(ctx context.Context, c config) (*database, error) {
	if c.DatabaseURL == "" {
		if url, ok := embedded.Reach(ctx, filepath.Join(c.DataDir, embeddedFolder), embeddedDatabase); ok {
			return &database{url: url, readURL: url, beside: true}, nil
		}
	}
	return reachDatabase(ctx, c, newLog())
}

func baseURLBefore(c config) string {
	if c.BaseURL != nil {
		return c.BaseURL.String()
	}
	return baseURLOf(nil, c.Addr).String()
}

// invite does it all in one transaction, and says what became of it. Somebody who is there already gets the role, and
// a new link if they have not accepted the first.
func invite(ctx context.Context, tx pgx.Tx, links account.Links, in invitation, base string) (string, error) {
	by := authz.System("command")
	accounts := account.New(tx, account.NoLetters{}, links, time.Now)
	cmd := account.InviteCommand{Email: in.email, Name: in.name}
	if role := authz.Role(in.role); role != authz.LeadOfficer {
		cmd.Role = role
	}
	if account.BoundToOrganisation(cmd.Role) {
		var err error
		if cmd.Organisation, err = organisationOf(ctx, accounts, by, in.organisation); err != nil {
			return "", err
		}
	}
	who, err := accounts.AccountOf(ctx, by, in.email)
	var linkID int64
	switch {
	case errors.Is(err, fault.NotFound):
		if in.name == "" || in.role == "" {
			return "", errors.New("nobody has this e-mail address yet, so --name and --role are needed")
		}
		made, err := accounts.Invite(ctx, by, cmd)
		if err != nil {
			return "", err
		}
		who.ID, linkID = made.Account, made.LinkID
	case err != nil:
		return "", err
	default:
		if linkID, err = inviteAgain(ctx, accounts, by, who, cmd); err != nil {
			return "", err
		}
	}
	var said string
	if authz.Role(in.role) == authz.LeadOfficer {
		if _, err := membership.New(tx, membership.NoLetters{}, time.Now).ProposeByCommand(ctx, by, who.ID, in.organisation); err != nil {
			return "", err
		}
		said = "The appointment is asked for. Business support proposes it and a second person confirms it.\n"
	}
	if linkID == 0 {
		return said + "There is an account with this e-mail address already: no invitation is needed.\n", nil
	}
	_, token, err := accounts.LinkToken(ctx, linkID)
	if err != nil {
		return "", err
	}
	return said + "The invitation works once, within seven days:\n" + base + route.InvitationTo(token) + "\n", nil
}

// inviteAgain gives somebody who is there already the role, and a new link if they have not accepted the first.
func inviteAgain(ctx context.Context, accounts *account.Service, by authz.Actor, who account.Person, cmd account.InviteCommand) (linkID int64, err error) {
	if cmd.Role != "" {
		err := accounts.GrantRole(ctx, by, who.ID, authz.Held{Role: cmd.Role, Organisation: cmd.Organisation})
		if err != nil && !errors.Is(err, fault.Conflict) { // held already
			return 0, err
		}
	}
	switch who.State {
	case account.Suspended:
		return 0, errors.New("the account is suspended")
	case account.Open:
		return accounts.InviteAgain(ctx, by, who.ID)
	case account.Active:
	}
	return 0, nil
}

func organisationOf(ctx context.Context, accounts *account.Service, by authz.Actor, slug string) (id.Organisation, error) {
	choices, err := accounts.Organisations(ctx, by)
	if err != nil {
		return 0, err
	}
	for _, c := range choices {
		if c.Slug == slug {
			return c.ID, nil
		}
	}
	return 0, fmt.Errorf("there is no organisation %q today", slug)
}
