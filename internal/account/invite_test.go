package account_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	command := func() account.InviteCommand {
		return account.InviteCommand{Email: " New-" + membershiptest.Unique() + "@Example.org ", Name: "New Person", Role: authz.BusinessSupport}
	}
	t.Run("makes an account with its role, asks for the letter, and is audited", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		in, err := o.Invite(ctx, o.admin, command())
		if err != nil {
			t.Fatal(err)
		}
		who, err := o.Account(ctx, o.admin, in.Account)
		if err != nil {
			t.Fatal(err)
		}
		if who.State != account.Open || len(who.Grants) != 1 || who.Grants[0].Role != authz.BusinessSupport || who.Grants[0].GrantedBy != o.admin.Name || who.LinkExpires.IsZero() {
			t.Errorf("the account is %+v", who)
		}
		if !slices.Equal(o.letters.invited, []int64{in.LinkID}) {
			t.Errorf("letters %v, want link %d", o.letters.invited, in.LinkID)
		}
		if got := o.actions("account", int64(in.Account)); !slices.Equal(got, []string{"account.invited"}) {
			t.Errorf("audit holds %v", got)
		}
		if got := o.actions("role", who.Grants[0].ID); !slices.Equal(got, []string{"role.granted"}) {
			t.Errorf("audit of the role holds %v", got)
		}
	})
	t.Run("is for administrators", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		support := accounttest.Account(t, o.db, accounttest.In(authz.BusinessSupport))
		_, err := o.Invite(ctx, authz.Actor{Account: support.ID, Held: support.Roles}, command())
		wantFault(t, err, fault.Forbidden)
	})
	t.Run("refuses an address that has an account", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		cmd := command()
		if _, err := o.Invite(ctx, o.admin, cmd); err != nil {
			t.Fatal(err)
		}
		_, err := o.Invite(ctx, o.admin, cmd)
		wantFault(t, err, fault.Conflict)
	})
	t.Run("binds the roles of one body to it, and no other", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		cmd := command()
		cmd.Role = authz.Office
		_, err := o.Invite(ctx, o.admin, cmd)
		wantFault(t, err, fault.Invalid)
		cmd.Role, cmd.Organisation = authz.BusinessSupport, membershiptest.Organisation(t, o.db).ID
		_, err = o.Invite(ctx, o.admin, cmd)
		wantFault(t, err, fault.Invalid)
	})
}

func TestAccept(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	invited := func(t *testing.T) (*office, account.Invited, string) {
		t.Helper()
		o := newOffice(t)
		in, err := o.Invite(ctx, o.admin, account.InviteCommand{Email: membershiptest.Unique() + "@example.org", Name: "New Person", Role: authz.Scrutineer})
		if err != nil {
			t.Fatal(err)
		}
		return o, in, o.token(in.LinkID)
	}
	t.Run("sets the password once, and the person can sign in", func(t *testing.T) {
		t.Parallel()
		o, in, token := invited(t)
		link, err := o.OpenLink(ctx, account.Invitation, token)
		if err != nil || link.Account != in.Account {
			t.Fatalf("OpenLink = %+v, %v", link, err)
		}
		signed, err := o.Accept(ctx, account.AcceptCommand{Token: token, Password: good})
		if err != nil || signed.Account != in.Account {
			t.Fatalf("Accept = %+v, %v", signed, err)
		}
		if _, err := o.Actor(ctx, signed.Account, signed.Epoch); err != nil {
			t.Errorf("the session that follows is over: %v", err)
		}
		if _, err := o.SignIn(ctx, account.SignInCommand{Email: link.Email, Password: good}); err != nil {
			t.Errorf("SignIn: %v", err)
		}
		_, err = o.Accept(ctx, account.AcceptCommand{Token: token, Password: "another few words"})
		wantFault(t, err, fault.NotFound)
		_, _, err = o.LinkToken(ctx, in.LinkID)
		wantFault(t, err, fault.NotFound)
		_, err = o.InviteAgain(ctx, o.admin, in.Account)
		wantFault(t, err, fault.Conflict)
	})
	t.Run("refuses a password that breaks a rule, and the link stays good", func(t *testing.T) {
		t.Parallel()
		o, _, token := invited(t)
		_, err := o.Accept(ctx, account.AcceptCommand{Token: token, Password: "short"})
		wantFault(t, err, fault.Invalid)
		if _, err := o.OpenLink(ctx, account.Invitation, token); err != nil {
			t.Errorf("the link is used up: %v", err)
		}
	})
	t.Run("refuses a link that a newer one replaced", func(t *testing.T) {
		t.Parallel()
		o, in, token := invited(t)
		newer, err := o.InviteAgain(ctx, o.admin, in.Account)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Accept(ctx, account.AcceptCommand{Token: token, Password: good})
		wantFault(t, err, fault.NotFound)
		if _, err := o.Accept(ctx, account.AcceptCommand{Token: o.token(newer), Password: good}); err != nil {
			t.Errorf("the newer link: %v", err)
		}
	})
	t.Run("refuses a link that is too old, of another purpose, made up, or of a suspended account", func(t *testing.T) {
		t.Parallel()
		o, in, token := invited(t)
		_, err := o.OpenLink(ctx, account.Reset, token)
		wantFault(t, err, fault.NotFound)
		_, err = o.OpenLink(ctx, account.Invitation, "made-up")
		wantFault(t, err, fault.NotFound)
		if err := o.Suspend(ctx, o.admin, in.Account); err != nil {
			t.Fatal(err)
		}
		_, err = o.Accept(ctx, account.AcceptCommand{Token: token, Password: good})
		wantFault(t, err, fault.NotFound)
		_, err = o.InviteAgain(ctx, o.admin, in.Account)
		wantFault(t, err, fault.Conflict)

		old, oldIn, oldToken := invited(t)
		old.exec(`SET LOCAL ROLE NONE`)
		old.exec(`UPDATE one_time_link SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`, oldIn.LinkID)
		_, err = old.Accept(ctx, account.AcceptCommand{Token: oldToken, Password: good})
		wantFault(t, err, fault.NotFound)
	})
	t.Run("keeps no token in the database", func(t *testing.T) {
		t.Parallel()
		o, in, token := invited(t)
		var row string
		if err := o.db.QueryRow(ctx, `SELECT l::text FROM one_time_link l WHERE id = $1`, in.LinkID).Scan(&row); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains([]byte(row), []byte(token)) {
			t.Error("the row holds the token")
		}
	})
}

func TestLinksNeedAKey(t *testing.T) {
	t.Parallel()
	if _, err := account.NewLinks([]byte("short")); err == nil {
		t.Error("a short key is taken")
	}
}
