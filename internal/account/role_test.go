package account_test

import (
	"context"
	"slices"
	"testing"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("are given and ended, and ending ends the sessions", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		who := accounttest.Account(t, o.db)
		in, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password})
		if err != nil {
			t.Fatal(err)
		}
		held := authz.Held{Role: authz.AgencyStaff, Organisation: membershiptest.Agency(t, o.db).Body.ID}
		if err := o.GrantRole(ctx, o.admin, who.ID, held); err != nil {
			t.Fatal(err)
		}
		actor, err := o.Actor(ctx, in.Account, in.Epoch)
		if err != nil || !slices.Equal(actor.Held, []authz.Held{held}) {
			t.Fatalf("Actor = %+v, %v", actor, err)
		}
		wantFault(t, o.GrantRole(ctx, o.admin, who.ID, held), fault.Conflict)
		shown, err := o.Account(ctx, o.admin, who.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.EndRole(ctx, o.admin, who.ID, shown.Grants[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.Actor(ctx, in.Account, in.Epoch)
		wantFault(t, err, fault.Unauthenticated)
		wantFault(t, o.EndRole(ctx, o.admin, who.ID, shown.Grants[0].ID), fault.Conflict)
		wantFault(t, o.EndRole(ctx, o.admin, o.admin.Account, shown.Grants[0].ID), fault.NotFound)
	})
	t.Run("are never given to oneself", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		wantFault(t, o.GrantRole(ctx, o.admin, o.admin.Account, authz.Held{Role: authz.Scrutineer}), fault.Forbidden)
	})
	t.Run("leave an administrator", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		o := officeOver(t, db.App)
		own, err := o.Account(ctx, o.admin, o.admin.Account)
		if err != nil {
			t.Fatal(err)
		}
		wantFault(t, o.EndRole(ctx, o.admin, o.admin.Account, own.Grants[0].ID), fault.Conflict)
		wantFault(t, o.Suspend(ctx, authz.System("test"), o.admin.Account), fault.Conflict)
	})
	t.Run("of two administrators who end each other, one stays", func(t *testing.T) {
		t.Parallel()
		o := officeOver(t, pgtest.Database(t, pgtest.PoolSize(2)).App)
		other := accounttest.Account(t, o.db, accounttest.In(authz.Administrator))
		answers := make(chan error)
		go func() { answers <- o.Suspend(ctx, o.admin, other.ID) }()
		go func() { answers <- o.Suspend(ctx, authz.Actor{Account: other.ID, Held: other.Roles}, o.admin.Account) }()
		first, second := <-answers, <-answers
		if (first == nil) == (second == nil) {
			t.Errorf("suspending each other gave %v and %v, want one of them to succeed", first, second)
		}
	})
	t.Run("are kept by administrators alone", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		who := accounttest.Account(t, o.db, accounttest.In(authz.BusinessSupport))
		by := authz.Actor{Account: who.ID, Held: who.Roles}
		wantFault(t, o.GrantRole(ctx, by, o.admin.Account, authz.Held{Role: authz.Scrutineer}), fault.Forbidden)
		wantFault(t, o.EndRole(ctx, by, o.admin.Account, 1), fault.Forbidden)
		wantFault(t, o.Suspend(ctx, by, o.admin.Account), fault.Forbidden)
		wantFault(t, o.Restore(ctx, by, o.admin.Account), fault.Forbidden)
		_, _, err := o.Accounts(ctx, by, account.Filter{})
		wantFault(t, err, fault.Forbidden)
		_, err = o.Account(ctx, by, o.admin.Account)
		wantFault(t, err, fault.Forbidden)
		_, err = o.AccountOf(ctx, by, who.Email)
		wantFault(t, err, fault.Forbidden)
		_, err = o.Organisations(ctx, by)
		wantFault(t, err, fault.Forbidden)
		_, err = o.InviteAgain(ctx, by, o.admin.Account)
		wantFault(t, err, fault.Forbidden)
	})
}

func TestSuspension(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	who := accounttest.Account(t, o.db)
	in, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.AskReset(ctx, account.AskResetCommand{Email: who.Email}); err != nil {
		t.Fatal(err)
	}
	link := o.token(o.letters.reset[0])
	if err := o.Suspend(ctx, o.admin, who.ID); err != nil {
		t.Fatal(err)
	}
	_, err = o.Actor(ctx, in.Account, in.Epoch)
	wantFault(t, err, fault.Unauthenticated)
	_, err = o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password})
	wantFault(t, err, fault.Unauthenticated)
	wantFault(t, o.Suspend(ctx, o.admin, who.ID), fault.Conflict)
	wantFault(t, o.Suspend(ctx, o.admin, o.admin.Account), fault.Forbidden)
	if err := o.Restore(ctx, o.admin, who.ID); err != nil {
		t.Fatal(err)
	}
	wantFault(t, o.Restore(ctx, o.admin, who.ID), fault.Conflict)
	_, err = o.Actor(ctx, in.Account, in.Epoch)
	wantFault(t, err, fault.Unauthenticated) // the old session stays over
	_, err = o.Reset(ctx, account.AcceptCommand{Token: link, Password: good})
	wantFault(t, err, fault.NotFound) // and so does the old link
	if _, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password}); err != nil {
		t.Error(err)
	}
	if got := o.actions("account", int64(who.ID)); !slices.Equal(got[2:4], []string{"account.suspended", "account.restored"}) {
		t.Errorf("audit holds %v", got)
	}
}
