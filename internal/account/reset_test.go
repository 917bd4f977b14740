package account_test

import (
	"context"
	"slices"
	"testing"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

func TestReset(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("sets a new password, ends sessions, and forgets the tries", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		who := accounttest.Account(t, o.db)
		before, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			_, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: "wrong words here"})
			wantFault(t, err, fault.Unauthenticated)
		}
		if err := o.AskReset(ctx, account.AskResetCommand{Email: who.Email}); err != nil || len(o.letters.reset) != 1 {
			t.Fatalf("AskReset: %v, letters %v", err, o.letters.reset)
		}
		if _, err := o.Reset(ctx, account.AcceptCommand{Token: o.token(o.letters.reset[0]), Password: good}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: good}); err != nil {
			t.Errorf("the new password: %v", err)
		}
		_, err = o.Actor(ctx, before.Account, before.Epoch)
		wantFault(t, err, fault.Unauthenticated)
		if got := o.actions("account", int64(who.ID)); !slices.Equal(got, []string{"account.signed-in", "password.reset-asked", "password.reset", "account.signed-in"}) {
			t.Errorf("audit holds %v", got)
		}
		if !slices.Equal(o.letters.changed, []id.Account{who.ID}) {
			t.Errorf("told of a changed password: %v, want %d", o.letters.changed, who.ID)
		}
	})
	t.Run("sends nothing to the unknown, the suspended and the invited, and says nothing of it", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		suspended := accounttest.Account(t, o.db)
		if err := o.Suspend(ctx, o.admin, suspended.ID); err != nil {
			t.Fatal(err)
		}
		invited := accounttest.Account(t, o.db, func(m *accounttest.Made) { m.Hash = "" })
		for _, email := range []string{"nobody@example.org", suspended.Email, invited.Email} {
			if err := o.AskReset(ctx, account.AskResetCommand{Email: email}); err != nil {
				t.Errorf("AskReset(%s): %v", email, err)
			}
		}
		if len(o.letters.reset) != 0 {
			t.Errorf("letters %v", o.letters.reset)
		}
	})
	t.Run("does not flood a mailbox", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		who := accounttest.Account(t, o.db)
		for range 20 {
			if err := o.AskReset(ctx, account.AskResetCommand{Email: who.Email}); err != nil {
				t.Fatal(err)
			}
		}
		if len(o.letters.reset) != 3 {
			t.Errorf("%d letters, want 3", len(o.letters.reset))
		}
	})
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	who := accounttest.Account(t, o.db)
	by := authz.Actor{Account: who.ID, Name: who.Name}
	before, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password})
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.ChangePassword(ctx, by, accounttest.Password, "short")
	wantFault(t, err, fault.Invalid)
	_, err = o.ChangePassword(ctx, by, "not the password", good)
	wantFault(t, err, fault.Unauthenticated)
	after, err := o.ChangePassword(ctx, by, accounttest.Password, good)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Actor(ctx, before.Account, before.Epoch)
	wantFault(t, err, fault.Unauthenticated)
	if _, err := o.Actor(ctx, after.Account, after.Epoch); err != nil {
		t.Errorf("the session that goes on is over: %v", err)
	}
	if !slices.Equal(o.letters.changed, []id.Account{who.ID}) {
		t.Errorf("told of a changed password: %v, want %d, once", o.letters.changed, who.ID)
	}
	wantFault(t, o.VerifyPassword(ctx, by, accounttest.Password), fault.Unauthenticated)
	if err := o.VerifyPassword(ctx, by, good); err != nil {
		t.Error(err)
	}
}
