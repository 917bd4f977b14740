package server_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/server"
	"partnershipportal/web/route"
)

// slowStore holds requests back between reading their session and saving it: one whose context is marked tells that
// it got there, and waits.
type slowStore struct {
	scs.CtxStore
	arrived chan struct{}
	release chan struct{}
}

type slowKey struct{}

func (s slowStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if ctx.Value(slowKey{}) != nil {
		s.arrived <- struct{}{}
		<-s.release
	}
	return s.CtxStore.CommitCtx(ctx, token, data, expiry)
}

// A session that is ended while a slow request of it is in flight never works again.
func TestEndedSessionStaysEnded(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *site, *browser, accounttest.Made){
		"signed out": func(_ *testing.T, _ *site, b *browser, _ accounttest.Made) {
			b.post(route.SignOut, nil).leadsTo(route.SignedOut)
		},
		"suspended": func(t *testing.T, s *site, _ *browser, who accounttest.Made) {
			s.asRole(authz.Administrator).post(route.AdminUserSuspendTo(who.ID), nil).leadsTo(route.AdminUserTo(who.ID))
		},
		"a role ended": func(t *testing.T, s *site, _ *browser, who accounttest.Made) {
			by := authz.System("test")
			shown, err := s.accounts.Account(context.Background(), by, who.ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.accounts.EndRole(context.Background(), by, who.ID, shown.Grants[0].ID); err != nil {
				t.Fatal(err)
			}
		},
		"password changed elsewhere": func(t *testing.T, s *site, _ *browser, who accounttest.Made) {
			s.as(who.ID).post(route.AccountSecurity, url.Values{"current-password": {accounttest.Password}, "password": {"quite other words"}}).leadsTo(route.Account)
		},
		"signed in anew": func(_ *testing.T, _ *site, b *browser, who accounttest.Made) {
			b.signIn(who.Email, accounttest.Password).leadsTo(route.Home)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.Database(t, pgtest.PoolSize(2))
			store := slowStore{CtxStore: account.NewSessionStore(db.App), arrived: make(chan struct{}), release: make(chan struct{})}
			s := siteOver(t, db.App, db.Public, func(d *server.Deps) { d.Sessions = store })
			who := accounttest.Account(t, db.App, accounttest.In(authz.Scrutineer))
			b := s.as(who.ID)
			old := b.cookies["__Host-portal"]

			slow := make(chan answer)
			go func() {
				slow <- s.withCookie(old).sendUnder(context.WithValue(context.Background(), slowKey{}, true), http.MethodGet, route.Home, nil)
			}()
			<-store.arrived
			end(t, s, b, who)
			close(store.release)
			(<-slow).want(http.StatusOK)

			for range 3 {
				s.withCookie(old).get(route.Home).want(http.StatusSeeOther)
			}
		})
	}
}

func TestRoleGivenWorksAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	who := accounttest.Account(t, s.db)
	b := s.as(who.ID)
	b.get(route.AdminUsers).want(http.StatusForbidden)
	accounttest.Grant(t, s.db, who.ID, authz.Administrator, 0)
	b.get(route.AdminUsers).want(http.StatusOK)
}

func TestPasswordChangeKeepsTheSessionThatDidIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	who := accounttest.Account(t, s.db)
	b, other := s.as(who.ID), s.as(who.ID)
	old := b.cookies["__Host-portal"]
	form := url.Values{"current-password": {"not the password"}, "password": {"quite other words"}}
	b.post(route.AccountSecurity, form).want(http.StatusUnprocessableEntity).shows("The password is not right").hides("quite other words", "not the password")
	form.Set("current-password", accounttest.Password)
	b.post(route.AccountSecurity, form).leadsTo(route.Account)
	b.get(route.Account).want(http.StatusOK).shows("Your password is changed")
	other.get(route.Home).want(http.StatusSeeOther)
	s.withCookie(old).get(route.Home).want(http.StatusSeeOther)
}
