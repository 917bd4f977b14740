package account_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// recorder keeps which letters were asked for.
type recorder struct {
	invited, reset []int64
	changed        []id.Account
}

func (r *recorder) Invited(_ context.Context, _ pgx.Tx, link int64) error {
	r.invited = append(r.invited, link)
	return nil
}

func (r *recorder) ResetAsked(_ context.Context, _ pgx.Tx, link int64) error {
	r.reset = append(r.reset, link)
	return nil
}

func (r *recorder) PasswordChanged(_ context.Context, _ pgx.Tx, account id.Account) error {
	r.changed = append(r.changed, account)
	return nil
}

// office is a service over a transaction, its letters, its clock, and an administrator.
type office struct {
	*account.Service
	t       testing.TB
	db      pg.DB
	letters *recorder
	at      time.Time
	admin   authz.Actor
}

func newOffice(t testing.TB) *office {
	t.Helper()
	return officeOver(t, pgtest.Tx(t))
}

func officeOver(t testing.TB, db pg.DB) *office {
	t.Helper()
	links, err := account.NewLinks(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, letters: &recorder{}, at: time.Now()}
	o.Service = account.New(db, o.letters, links, func() time.Time { return o.at })
	who := accounttest.Account(t, db, accounttest.In(authz.Administrator))
	o.admin = authz.Actor{Account: who.ID, Name: who.Name, Held: who.Roles, RequestID: "test"}
	return o
}

// token makes the token of a link as its letter would.
func (o *office) token(link int64) string {
	o.t.Helper()
	_, token, err := o.LinkToken(context.Background(), link)
	if err != nil {
		o.t.Fatalf("make the token of link %d: %v", link, err)
	}
	return token
}

// actions lists what the audit holds of a subject, oldest first.
func (o *office) actions(kind string, subject int64) []string {
	o.t.Helper()
	rows, _ := o.db.Query(context.Background(), `SELECT action FROM event WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id`, kind, subject)
	actions, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		o.t.Fatal(err)
	}
	return actions
}

func (o *office) exec(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.db.Exec(context.Background(), sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

func wantFault(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error is %v, want %s", err, kind)
	}
}

const good = "three other words"

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

func TestActorSeats(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	p := membershiptest.Partner(t, o.db)
	seats := func(who id.Account) []authz.Seat {
		t.Helper()
		actor, err := o.Actor(ctx, who, 1)
		if err != nil {
			t.Fatal(err)
		}
		return actor.Seats
	}
	now := membershiptest.Appointment(t, o.db, p.ID)
	if got := seats(now.Account); len(got) != 1 || got[0].Partner != p.ID || got[0].Organisation != p.Body.ID || got[0].Office != now.Office || got[0].Capacity != authz.Lead {
		t.Errorf("seats %+v", got)
	}
	proposed := membershiptest.Appointment(t, o.db, p.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	if got := seats(proposed.Account); len(got) != 0 {
		t.Errorf("a proposed appointment gives %+v", got)
	}
	waiting, err := o.Waiting(ctx, authz.Actor{Account: proposed.Account})
	if err != nil || len(waiting) != 1 || waiting[0].Partner != p.Body.Name {
		t.Errorf("Waiting = %+v, %v", waiting, err)
	}
	o.at = membershiptest.Start.Starts().Add(-time.Second)
	if got := seats(now.Account); len(got) != 0 {
		t.Errorf("the day before it begins the appointment gives %+v", got)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	u := membershiptest.Unique()
	named := func(name string, alter ...func(*accounttest.Made)) id.Account {
		return accounttest.Account(t, o.db, append(alter, func(m *accounttest.Made) { m.Name = name + " " + u })...).ID
	}
	active := named("Active 100%", accounttest.In(authz.Scrutineer))
	open := named("Open", func(m *accounttest.Made) { m.Hash = "" })
	suspended := named("Suspended")
	if err := o.Suspend(ctx, o.admin, suspended); err != nil {
		t.Fatal(err)
	}
	lead := membershiptest.Appointment(t, o.db, membershiptest.Partner(t, o.db).ID).Account
	for name, c := range map[string]struct {
		filter account.Filter
		want   []id.Account
	}{
		"by part of a name":          {account.Filter{Search: "tive 100% " + u}, []id.Account{active}},
		"a sign that matches itself": {account.Filter{Search: "tive _00% " + u}, nil},
		"by state open":              {account.Filter{Search: u, State: account.Open}, []id.Account{open}},
		"by state suspended":         {account.Filter{Search: u, State: account.Suspended}, []id.Account{suspended}},
		"by state active":            {account.Filter{Search: u, State: account.Active}, []id.Account{active}},
		"by role":                    {account.Filter{Role: authz.Scrutineer}, []id.Account{active}},
		"by appointment":             {account.Filter{Role: authz.LeadOfficer}, []id.Account{lead}},
		"after the last":             {account.Filter{After: "zzzzzzzz"}, nil},
	} {
		people, more, err := o.Accounts(ctx, o.admin, c.filter)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []id.Account
		for _, p := range people {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, c.want) || more {
			t.Errorf("%s: %v (more %v), want %v", name, got, more, c.want)
		}
	}
	_, err := o.Account(ctx, o.admin, 1<<40)
	wantFault(t, err, fault.NotFound)
	if choices, err := o.Organisations(ctx, o.admin); err != nil || len(choices) == 0 {
		t.Errorf("Organisations = %v, %v", choices, err)
	}
}
