package account_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestTries(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	t.Run("make one wait, longer each time, and never for good", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		who := accounttest.Account(t, o.db)
		try := func(password string) error {
			_, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: password, Network: "192.0.2.1"})
			return err
		}
		for range 5 {
			if err := try("wrong words here"); !errors.Is(err, account.ErrWrongPassword) {
				t.Fatalf("a wrong password: %v", err)
			}
		}
		refused := try(accounttest.Password)
		wantFault(t, refused, fault.Unauthenticated)
		if errors.Is(refused, account.ErrWrongPassword) || fault.Message(refused) != "Too many wrong passwords were tried. Wait 1 minute, then try again." {
			t.Errorf("the right password while waiting: %v", refused)
		}
		o.at = o.at.Add(31 * time.Second)
		if err := try("wrong words here"); !errors.Is(err, account.ErrWrongPassword) {
			t.Fatalf("after the wait: %v", err)
		}
		o.at = o.at.Add(31 * time.Second) // the second wait is a minute
		if err := try(accounttest.Password); errors.Is(err, account.ErrWrongPassword) || !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("within the longer wait: %v", err)
		}
		for range 30 {
			o.at = o.at.Add(16 * time.Minute)
			if err := try("wrong words here"); !errors.Is(err, account.ErrWrongPassword) {
				t.Fatalf("a quarter of an hour later: %v", err)
			}
		}
		o.at = o.at.Add(16 * time.Minute)
		if err := try(accounttest.Password); err != nil {
			t.Errorf("the right password after the longest wait: %v", err)
		}
	})
	t.Run("for an address that is unknown are answered alike", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		known, unknown := accounttest.Account(t, o.db).Email, membershiptest.Unique()+"@example.org"
		for i := range 7 {
			_, a := o.SignIn(ctx, account.SignInCommand{Email: known, Password: "wrong words here", Network: "192.0.2.2"})
			_, b := o.SignIn(ctx, account.SignInCommand{Email: unknown, Password: "wrong words here", Network: "192.0.2.3"})
			if a == nil || b == nil || fault.Message(a) != fault.Message(b) {
				t.Errorf("try %d: %v and %v", i+1, a, b)
			}
		}
	})
	t.Run("from one network over many accounts make it wait", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		var refused error
		for i := 0; i <= 100; i++ {
			refused = o.AskReset(ctx, account.AskResetCommand{Email: membershiptest.Unique() + "@example.org", Network: "192.0.2.4"})
		}
		wantFault(t, refused, fault.Unauthenticated)
		who := accounttest.Account(t, o.db)
		if _, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password, Network: "192.0.2.5"}); err != nil {
			t.Errorf("from elsewhere: %v", err)
		}
	})
	t.Run("at signing count as at sign-in", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		who := accounttest.Account(t, o.db)
		by := authz.Actor{Account: who.ID}
		for range 5 {
			wantFault(t, o.VerifyPassword(ctx, by, "wrong words here"), fault.Unauthenticated)
		}
		wantFault(t, o.VerifyPassword(ctx, by, accounttest.Password), fault.Unauthenticated)
		_, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: accounttest.Password})
		wantFault(t, err, fault.Unauthenticated)
	})
	t.Run("all at once get no more than the free ones", func(t *testing.T) {
		t.Parallel()
		o := officeOver(t, pgtest.Database(t, pgtest.PoolSize(2)).App)
		who := accounttest.Account(t, o.db)
		answers := make(chan error)
		for range 40 {
			go func() {
				_, err := o.SignIn(ctx, account.SignInCommand{Email: who.Email, Password: "wrong words here", Network: "192.0.2.6"})
				answers <- err
			}()
		}
		looked := 0
		for range 40 {
			if err := <-answers; errors.Is(err, account.ErrWrongPassword) {
				looked++
			} else if !errors.Is(err, fault.Unauthenticated) {
				t.Errorf("a try failed: %v", err)
			}
		}
		if looked != 5 {
			t.Errorf("%d passwords were looked at, want 5", looked)
		}
	})
}
