package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/embedded"
	"partnershipportal/migrations"
	"partnershipportal/web/route"
)

// kills is how often the portal is killed, and its database cut off, while people sign: make faults raises it.
var kills = flag.Int("kills", 9, "how often the portal or its database is killed while people sign")

const (
	partnerships  = 3 // of three lead officers each, all signing at once
	cutOffEvery   = 3 // of so many kills one is the database's
	betweenKills  = 4 // acknowledged signatures, so that the storm lets people get on
	seatsPerRound = 3
)

// outerDatabase is a PostgreSQL server beside the portal that loses nothing that it acknowledged.
type outerDatabase struct {
	dir string
	srv *embedded.Server
}

func startOuterDatabase(t *testing.T) *outerDatabase {
	t.Helper()
	d := &outerDatabase{dir: filepath.Join(t.TempDir(), "outer")}
	d.start(t)
	t.Cleanup(func() {
		if err := d.srv.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := d.srv.EnsureDatabase(context.Background(), embeddedDatabase); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(context.Background(), d.url()); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *outerDatabase) url() string { return d.srv.URL(embeddedDatabase) }

func (d *outerDatabase) start(t *testing.T) {
	t.Helper()
	srv, err := embedded.Start(context.Background(), embedded.Options{Dir: d.dir})
	if err != nil {
		t.Fatal(err)
	}
	d.srv = srv
}

// cutOff ends the server at once, as a crash would: it recovers from its log at the next start.
func (d *outerDatabase) cutOff(t *testing.T) {
	t.Helper()
	note, err := os.ReadFile(filepath.Join(d.dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(note), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-d.srv.Done()
	_ = d.srv.Stop() // gives up the folder; how the server ended is known
}

func (d *outerDatabase) open(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pg.Open(context.Background(), pg.Config{URL: d.url(), AcquireTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// victim is a portal in a process of its own, on an address that stays when it is killed and started again.
type victim struct {
	address string
	env     []string
	log     *os.File
	process *exec.Cmd
}

func newVictim(t *testing.T, databaseURL string) *victim {
	t.Helper()
	free, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	log, err := os.Create(filepath.Join(t.ArtifactDir(), "portal.log"))
	if err != nil {
		t.Fatal(err)
	}
	host := fmt.Sprintf("localhost:%d", port)
	v := &victim{address: "http://" + host, log: log, env: append(os.Environ(), asPortal+"=yes", "PORTAL_ADDR="+host, "PORTAL_DATA_DIR="+t.TempDir(), "DATABASE_URL="+databaseURL)}
	v.start(t)
	t.Cleanup(func() {
		v.kill()
		log.Close()
	})
	return v
}

// start returns when the portal is ready.
func (v *victim) start(t *testing.T) {
	t.Helper()
	v.process = exec.Command(os.Args[0], "serve")
	v.process.Env, v.process.Stdout, v.process.Stderr = v.env, v.log, v.log
	if err := v.process.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), awayLimit)
	defer cancel()
	if err := newClient(v.address).awaitReady(ctx); err != nil {
		t.Fatalf("the portal does not come back: %v", err)
	}
}

func (v *victim) kill() {
	_ = v.process.Process.Kill() // it may have ended already
	_ = v.process.Wait()         // ended by the signal, which is an error to Wait
}

// put makes a partnership of three bodies, each with a lead officer who can sign in, and puts papers to them.
func put(t *testing.T, db pg.DB, papers int) (emails []string, rounds []id.Round) {
	t.Helper()
	partners, support := membershiptest.ThreePartners(t, db), arrangementtest.Support(t, db)
	for _, p := range partners {
		made := accounttest.Account(t, db)
		membershiptest.Appointment(t, db, p.ID, func(a *membershiptest.AppointmentMade) { a.Account = made.ID })
		emails = append(emails, made.Email)
	}
	for range papers {
		m := arrangementtest.Draft(t, db, func(m *arrangementtest.Made) { m.Partners, m.Support = partners, support })
		service, _ := arrangementtest.Services(db, m.Sent)
		check, err := service.Check(context.Background(), support, m.Ref, day.Date{})
		if err != nil {
			t.Fatal(err)
		}
		round, err := service.Open(context.Background(), support, arrangement.OpenCommand{Ref: m.Ref, Digest: check.Digest})
		if err != nil {
			t.Fatal(err)
		}
		rounds = append(rounds, round)
	}
	return emails, rounds
}

// storm kills again and again, each time a moment after somebody has pressed, until it is done or the signers are.
// Between two kills a few signatures come through.
func storm(t *testing.T, v *victim, d *outerDatabase, l *ledger, signed <-chan struct{}) (killed, cut int) {
	t.Helper()
	for n := range *kills {
		select {
		case <-l.pressed:
		case <-signed:
			return killed, cut
		}
		moment := time.NewTimer(rand.N(80 * time.Millisecond)) // anywhere between the press and its answer
		<-moment.C
		if n%cutOffEvery == cutOffEvery-1 {
			d.cutOff(t)
			d.start(t)
			cut++
		} else {
			v.kill()
			v.start(t)
			killed++
		}
		for then, _ := l.counts(); ; {
			if now, _ := l.counts(); now >= then+betweenKills {
				break
			}
			select {
			case <-l.pressed:
			case <-signed:
				return killed, cut
			}
		}
	}
	return killed, cut
}

// Every acknowledged signature is there after the portal or its database was killed, none is there that was not
// submitted, none is there twice, and every round ends exactly as its signatures say.
func TestKilledWhilePeopleSign(t *testing.T) {
	t.Parallel()
	d := startOuterDatabase(t)
	db := d.open(t)
	papers := *kills
	l := newLedger()
	v := newVictim(t, d.url())
	var signers []func()
	for range partnerships {
		emails, rounds := put(t, db, papers)
		for _, email := range emails {
			s := &signer{client: newClient(v.address), ledger: l, email: email}
			if err := s.signIn(t.Context()); err != nil {
				t.Fatal(err)
			}
			signers = append(signers, func() {
				if err := s.signAll(t.Context(), rounds); err != nil {
					t.Errorf("%s: %v", email, err)
				}
			})
		}
	}
	var all sync.WaitGroup
	for _, sign := range signers {
		all.Go(sign)
	}
	signed := make(chan struct{})
	go func() { all.Wait(); close(signed) }()
	public := make(chan map[string]int)
	go func() { public <- readMeanwhile(v.address, signed) }()
	killed, cut := storm(t, v, d, l, signed)
	<-signed
	answers := <-public

	holds, err := look(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range judge(l.submitted, l.acknowledged, holds) {
		t.Error(complaint)
	}
	acknowledged, unknown := l.counts()
	t.Logf("%d kills of the portal, %d of the database: %d acknowledged, %d presses unanswered at first, %d acts in %d rounds; the public was answered %v",
		killed, cut, acknowledged, unknown, len(holds.Acts), len(holds.Rounds), answers)
	// What was not tried proves nothing.
	if want := partnerships * seatsPerRound * papers; acknowledged != want || killed+cut != *kills || unknown < 1+*kills/9 {
		t.Errorf("%d acknowledged, want %d; %d kills, want %d; %d unanswered, want some", acknowledged, want, killed+cut, *kills, unknown)
	}
	for status := range answers {
		if status != "200 OK" && status != errAway.Error() {
			t.Errorf("the public was answered %s", status)
		}
	}
}

// readMeanwhile reads a public page over and over until the signers have ended, and counts what it was answered.
func readMeanwhile(address string, until <-chan struct{}) map[string]int {
	answers, reader := map[string]int{}, newClient(address)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-until:
			return answers
		case <-tick.C:
		}
		response, text, err := reader.send(context.Background(), route.Partners, nil)
		switch {
		case errors.Is(err, errAway):
			answers[errAway.Error()]++
		case err != nil:
			answers[err.Error()]++
		case !strings.HasSuffix(strings.TrimSpace(text), "</html>"):
			answers["half a page"]++
		default:
			answers[response.Status]++
		}
	}
}

// While the database is away every page says so, to the public and to people who are signed in: 503 with a time to come
// back, never that the page does not exist. When it is back, so are they, and the session with them.
func TestTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	d := startOuterDatabase(t)
	emails, rounds := put(t, d.open(t), 1)
	v := newVictim(t, d.url())
	ctx := context.Background()
	public, officer := newClient(v.address), &signer{client: newClient(v.address), ledger: newLedger(), email: emails[0]}
	if err := officer.signIn(ctx); err != nil {
		t.Fatal(err)
	}
	d.cutOff(t)
	for path, who := range map[string]*client{
		route.Partners: public, route.Arrangements: public, "/arrangements/no-such": public, "/organisations/no-such": public,
		route.Home: officer.client, route.SignOffRoundTo(rounds[0]): officer.client, route.SignOff: officer.client,
	} {
		// Without a time to come back the client takes no 503 for being away.
		if response, _, err := who.send(ctx, path, nil); !errors.Is(err, errAway) {
			t.Errorf("%s: %v, %v; want 503 with Retry-After", path, response, err)
		}
	}
	if _, _, err := officer.send(ctx, route.SignOffSignTo(rounds[0]), url.Values{"digest": {"00"}}); !errors.Is(err, errAway) {
		t.Errorf("a form: %v, want 503 with Retry-After", err)
	}
	expectStatus(t, v.address+"/healthz", http.StatusOK)
	expectStatus(t, v.address+"/readyz", http.StatusServiceUnavailable)
	d.start(t)
	for path, who := range map[string]*client{route.Partners: public, route.Home: officer.client, route.SignOffRoundTo(rounds[0]): officer.client} {
		if _, err := who.expect(ctx, http.StatusOK, path, nil); err != nil {
			t.Error(err)
		}
	}
	if err := officer.sign(ctx, rounds[0]); err != nil {
		t.Error(err)
	}
}
