package server_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/arrangement/librarytest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/group/grouptest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/notify"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/web/assets"
	"partnershipportal/web/route"
)

// fixtures are the people and things that the rows of the table speak of.
type fixtures struct {
	admin, support, scrutineer, staff, lead, office id.Account
	otherLead                                       id.Account // lead officer of another partner
	partner, otherPartner                           membershiptest.PartnerMade
	out                                             arrangementtest.Made // a text put to its partners
	members                                         membershipFixtures
	delegation                                      delegationFixtures
	agencies                                        agencyFixtures
	posts                                           postFixtures
	letter                                          id.Letter
	desk                                            deskFixtures
	imports                                         importFixtures
	decisionImports                                 decisionImportFixtures
	funding                                         fundingFixtures
	ledger                                          ledgerFixtures
	plan                                            planFixtures
	decision                                        decisionMade
	published                                       arrangement.Ref // what anybody may read
	signedYear                                      string          // a financial year that every partner signed, released
	redline                                         redlineFixtures
	decisions                                       deskDecisionFixtures
	group                                           grouptest.Made // the bodies of staff, lead and office are members
}

func makeFixtures(t testing.TB, db pg.DB) fixtures {
	t.Helper()
	role := func(r authz.Role, o ...id.Organisation) id.Account {
		return accounttest.Account(t, db, accounttest.In(r, o...)).ID
	}
	f := fixtures{admin: role(authz.Administrator), support: role(authz.BusinessSupport), scrutineer: role(authz.Scrutineer)}
	f.signedYear = signedYear(t, db) // first: its round is for all partners that there are
	f.partner, f.otherPartner = membershiptest.Partner(t, db), membershiptest.Partner(t, db)
	f.decision = publishedDecision(t, db, "19/00001")
	own := membershiptest.Agency(t, db)
	f.staff = role(authz.AgencyStaff, own.Body.ID)
	f.agencies = makeAgencies(t, db, own, f.staff)
	f.group = grouptest.Full(t, db, own.Body.ID, f.partner.Body.ID)
	f.office = role(authz.Office, f.partner.Body.ID)
	f.lead = membershiptest.Appointment(t, db, f.partner.ID).Account
	f.otherLead = membershiptest.Appointment(t, db, f.otherPartner.ID).Account
	f.members = makeMembership(t, db, f.partner.ID)
	f.delegation = makeDelegation(t, db)
	f.posts = makePosts(t, db, f.partner.Body.ID)
	f.out = arrangementtest.OutForSignOff(t, db)
	f.desk = makeDesk(t, db)
	f.agencies.named = nameAgency(t, db, f.desk.draft, own.Body.ID)
	f.imports = makeImports(t, db)
	f.decisionImports = makeDecisionImports(t, db)
	f.funding = makeFunding(t, db)
	f.ledger = makeLedger(t, db)
	f.plan = makePlan(t, db, own.Body.Slug)
	f.decisions = makeDeskDecisions(t, db, f.partner.Body)
	f.letter = writeLetter(t, db, notify.RoundOpened, "ada", "Please sign off")
	f.published = librarytest.New(t, db).Publish(t)
	f.redline = makeRedline(t, db)
	return f
}

// ownTx is a transaction on a database of the test's own. The fixtures begin a financial year, which makes every other
// transaction of the same database wait that has to do with contributions.
func ownTx(t testing.TB) pg.DB {
	t.Helper()
	tx, err := pgtest.Database(t).App.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tx.Rollback(context.Background()); err != nil {
			t.Errorf("roll back: %v", err)
		}
	})
	return tx
}

// who picks the person that asks.
type who func(fixtures) id.Account

func nobody(fixtures) id.Account       { return 0 }
func admin(f fixtures) id.Account      { return f.admin }
func support(f fixtures) id.Account    { return f.support }
func scrutineer(f fixtures) id.Account { return f.scrutineer }
func staff(f fixtures) id.Account      { return f.staff }
func lead(f fixtures) id.Account       { return f.lead }
func office(f fixtures) id.Account     { return f.office }
func otherLead(f fixtures) id.Account  { return f.otherLead }

// expectation is what one route answers to whom.
type expectation struct {
	route   string                    // method and pattern as registered
	path    func(fixtures) string     // the address asked; the pattern itself if not set
	fields  func(fixtures) url.Values // of the form
	answers []want
	further bool // another page of a route that has a row
}

type want struct {
	name   string
	who    who
	status int
}

// open is a route that needs nobody signed in.
func open(route string, status int) expectation {
	return expectation{route: route, answers: []want{{"anonymous", nobody, status}, {"agency staff", staff, status}}}
}

// signedIn is a route for everybody who is signed in.
func signedIn(route string, status int) expectation {
	return closed(route).with("agency staff", staff, status).with("lead officer", lead, status)
}

// closed is a route that asks an anonymous reader to sign in. Its other answers are added by with.
func closed(route string) expectation {
	status := http.StatusSeeOther
	if strings.HasPrefix(route, http.MethodPost) {
		status = http.StatusUnauthorized
	}
	return expectation{route: route, answers: []want{{"anonymous", nobody, status}}}
}

// desk is a route of the business support team.
func desk(route string, status int) expectation {
	return closed(route).with("business support", support, status).
		with("administrator", admin, http.StatusForbidden).with("lead officer", lead, http.StatusForbidden).
		with("agency staff", staff, http.StatusForbidden)
}

// administration is a route of the administrator.
func administration(route string, status int) expectation {
	return closed(route).with("administrator", admin, status).
		with("business support", support, http.StatusForbidden).with("scrutineer", scrutineer, http.StatusForbidden).
		with("lead officer", lead, http.StatusForbidden).with("private office", office, http.StatusForbidden)
}

func (e expectation) with(name string, w who, status int) expectation {
	e.answers = append(slices.Clone(e.answers), want{name, w, status})
	return e
}

func (e expectation) at(path func(fixtures) string) expectation { e.path = path; return e }

func (e expectation) sending(fields func(fixtures) url.Values) expectation {
	e.fields = fields
	return e
}

// expectations has a row for every route of the portal.
func expectations() []expectation {
	return slices.Concat(
		accountExpectations(),
		readingExpectations(),
		redlineExpectations(),
		messageExpectations(),
		signOffExpectations(),
		membershipExpectations(),
		agencyExpectations(),
		coverageExpectations(),
		delegationExpectations(),
		peopleExpectations(),
		tableExpectations(),
		importExpectations(),
		decisionImportExpectations(),
		deskExpectations(),
		fundingExpectations(),
		ledgerExpectations(),
		yearExpectations(),
		decisionExpectations(),
		groupExpectations(),
		deskDecisionExpectations(),
	)
}

func accountExpectations() []expectation {
	return []expectation{
		open("GET "+route.Healthz, http.StatusOK),
		open("GET "+route.Readyz, http.StatusOK),
		open("GET "+route.Assets, http.StatusOK).at(func(fixtures) string { return assets.URL("app.css") }),
		{route: "GET " + route.SignIn, answers: []want{{"anonymous", nobody, 200}, {"lead officer", lead, 303}}},
		open("POST "+route.SignIn, http.StatusUnprocessableEntity),
		open("POST "+route.SignOut, http.StatusSeeOther),
		open("GET "+route.Invitation, http.StatusNotFound),
		open("POST "+route.Invitation, http.StatusNotFound).sending(password),
		open("GET "+route.ForgottenPassword, http.StatusOK),
		open("POST "+route.ForgottenPassword, http.StatusUnprocessableEntity),
		open("GET "+route.ResetPassword, http.StatusNotFound),
		open("POST "+route.ResetPassword, http.StatusNotFound).sending(password),
		signedIn("GET "+route.Home, http.StatusOK),
		signedIn("GET "+route.Account, http.StatusOK),
		signedIn("GET "+route.AccountSecurity, http.StatusOK),
		signedIn("POST "+route.AccountSecurity, http.StatusUnprocessableEntity),
		administration("GET "+route.AdminUsers, http.StatusOK),
		administration("GET "+route.AdminUserInvite, http.StatusOK),
		administration("POST "+route.AdminUserInvite, http.StatusUnprocessableEntity),
		administration("GET "+route.AdminUser, http.StatusOK).at(staffPage("")),
		administration("POST "+route.AdminUserRole, http.StatusUnprocessableEntity).at(staffPage("/roles")),
		administration("POST "+route.AdminUserRoleEnd, http.StatusBadRequest).at(staffPage("/roles/end")),
		administration("POST "+route.AdminUserSuspend, http.StatusSeeOther).at(staffPage("/suspend")),
		administration("POST "+route.AdminUserRestore, http.StatusConflict).at(staffPage("/restore")),
		administration("POST "+route.AdminUserResend, http.StatusConflict).at(staffPage("/invitation")),
		administration("GET "+route.AdminSettings, http.StatusOK),
		administration("POST "+route.AdminSettings, http.StatusUnprocessableEntity).sending(func(fixtures) url.Values { return url.Values{"revision": {"0"}} }),
	}
}

func password(fixtures) url.Values { return url.Values{"password": {accounttest.Password}} }

func staffPage(below string) func(fixtures) string {
	return func(f fixtures) string { return route.AdminUserTo(f.staff) + below }
}

// Every route answers every kind of person as its row says, and a route without a row fails.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	tx := ownTx(t)
	f := makeFixtures(t, tx)
	rows := map[string]expectation{}
	for _, e := range expectations() {
		if e.further {
			answersAsSaid(t, tx, e, f)
			continue
		}
		if _, twice := rows[e.route]; twice {
			t.Errorf("%s has two rows", e.route)
		}
		rows[e.route] = e
	}
	err := chi.Walk(siteOver(t, tx, pgtest.Public(t, tx)).srv.Routes(), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		name := method + " " + pattern
		e, ok := rows[name]
		if !ok {
			t.Errorf("route %s has no row in the table", name)
			return nil
		}
		delete(rows, name)
		answersAsSaid(t, tx, e, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range rows {
		t.Errorf("the table has a row for %s, which is no route", name)
	}
}

// answersAsSaid asks for a page as everybody whom its row names.
func answersAsSaid(t *testing.T, db pg.DB, e expectation, f fixtures) {
	t.Helper()
	for _, w := range e.answers {
		if got := ask(t, db, e, w.who(f), f); got.status != w.status {
			t.Errorf("%s as %s answers %d, want %d; text: %s", got.request, w.name, got.status, w.status, got.text())
		}
	}
}

// ask sends one request in a savepoint of its own, so that no row depends on another.
func ask(t testing.TB, db pg.DB, e expectation, account id.Account, f fixtures) answer {
	t.Helper()
	ctx := context.Background()
	tx, err := db.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tx.Rollback(ctx); err != nil {
			t.Errorf("roll back: %v", err)
		}
	}()
	s := siteOver(t, tx, pgtest.Public(t, tx))
	b := s.visitor()
	if account != 0 {
		b = s.as(account)
	}
	method, path, _ := strings.Cut(e.route, " ")
	if e.path != nil {
		path = e.path(f)
	}
	var fields url.Values
	if e.fields != nil {
		fields = e.fields(f)
	}
	return b.send(method, path, fields)
}
