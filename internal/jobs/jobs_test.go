package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"partnershipportal/internal/id"
	"partnershipportal/internal/jobs"
	"partnershipportal/internal/pg/pgtest"
)

const patience = 60 * time.Second

func next[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("%s did not come in time", what)
		panic("unreachable")
	}
}

// ended waits for the end of a try of a job about letters.
func ended(t *testing.T, events <-chan *river.Event) *river.Event {
	t.Helper()
	for {
		if e := next(t, "the end of a job", events); strings.Contains(e.Job.Kind, "letter") {
			return e
		}
	}
}

func idle() jobs.Work {
	return jobs.Work{
		Letter:       func(context.Context, id.Letter, jobs.Try) error { return nil },
		LinkLetter:   func(context.Context, int64, jobs.Try) error { return nil },
		Sweep:        func(context.Context) error { return nil },
		Warn:         func(context.Context) error { return nil },
		Housekeeping: func(context.Context) error { return nil },
	}
}

func queue(t *testing.T) *jobs.Queue {
	t.Helper()
	q, err := jobs.NewQueue()
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// started has workers at work until the test ends.
func started(t *testing.T, db *pgtest.DB, work jobs.Work, alter ...func(*jobs.Config)) (*jobs.Workers, <-chan *river.Event) {
	t.Helper()
	c := jobs.Config{Pool: db.River, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Work: work, Look: 5 * time.Millisecond,
		Pause: func(int) time.Duration { return 0 }, Testing: true}
	for _, a := range alter {
		a(&c)
	}
	w, err := jobs.NewWorkers(c)
	if err != nil {
		t.Fatal(err)
	}
	events, _ := w.Events()
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return w, events
}

func add(t *testing.T, db *pgtest.DB, letters ...id.Letter) {
	t.Helper()
	q := queue(t)
	err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error { return q.Letters(t.Context(), tx, letters) })
	if err != nil {
		t.Fatalf("add jobs as the application: %v", err)
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	t.Run("jobs come and go with the transaction that adds them", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		q := queue(t)
		undone := errors.New("undone")
		err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error {
			if err := q.Letters(t.Context(), tx, []id.Letter{1}); err != nil {
				return err
			}
			if err := q.LinkLetter(t.Context(), tx, 1); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		add(t, db)
		add(t, db, 2, 3)
		var got []string
		rows, _ := db.Owner.Query(t.Context(), `SELECT args->>'letter' FROM river.river_job ORDER BY id`)
		if got, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || strings.Join(got, " ") != "2 3" {
			t.Errorf("jobs for letters %v, %v; want 2 and 3", got, err)
		}
	})
	t.Run("adding a job notifies nobody", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		conn, err := db.Owner.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
		for _, channel := range []string{"river_insert", "river.river_insert", "end"} {
			if _, err := conn.Exec(t.Context(), `LISTEN `+pgx.Identifier{channel}.Sanitize()); err != nil {
				t.Fatal(err)
			}
		}
		add(t, db, 1)
		if _, err := db.Owner.Exec(t.Context(), `SELECT pg_notify('end', '')`); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Conn().WaitForNotification(t.Context())
		if err != nil || n.Channel != "end" {
			t.Errorf("notification %+v, %v; want none before the end", n, err)
		}
	})
	t.Run("a link's job holds the link's identifier and nothing else", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		q := queue(t)
		if err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error { return q.LinkLetter(t.Context(), tx, 7) }); err != nil {
			t.Fatal(err)
		}
		var args string
		if err := db.Owner.QueryRow(t.Context(), `SELECT args::text FROM river.river_job`).Scan(&args); err != nil || args != `{"link": 7}` {
			t.Errorf("args = %s, %v", args, err)
		}
	})
}

func TestWorkers(t *testing.T) {
	t.Parallel()
	t.Run("a letter that fails is tried again until it is sent, once", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		tries := make(chan jobs.Try, 10)
		work.Letter = func(_ context.Context, letter id.Letter, try jobs.Try) error {
			if letter != 5 {
				t.Errorf("letter %d, want 5", letter)
			}
			tries <- try
			if try.Number < 3 {
				return errors.New("not yet")
			}
			return nil
		}
		_, events := started(t, db, work)
		add(t, db, 5)
		for n := 1; n <= 3; n++ {
			if try := next(t, "a try", tries); try.Number != n || try.Last {
				t.Errorf("try %+v, want number %d, not the last", try, n)
			}
			e := ended(t, events)
			if want := map[bool]river.EventKind{true: river.EventKindJobCompleted, false: river.EventKindJobFailed}[n == 3]; e.Kind != want {
				t.Errorf("try %d ended with %s, want %s", n, e.Kind, want)
			}
		}
		if len(tries) != 0 {
			t.Errorf("%d more tries after it was sent", len(tries))
		}
	})
	t.Run("a letter that is given up is not tried again", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		var mu sync.Mutex
		tried := 0
		work.Letter = func(context.Context, id.Letter, jobs.Try) error {
			mu.Lock()
			defer mu.Unlock()
			tried++
			return jobs.GiveUp(errors.New("no such person"))
		}
		_, events := started(t, db, work)
		add(t, db, 5)
		if e := ended(t, events); e.Kind != river.EventKindJobCancelled || e.Job.State != rivertype.JobStateCancelled {
			t.Errorf("it ended with %s, %s; want cancelled", e.Kind, e.Job.State)
		}
		mu.Lock()
		defer mu.Unlock()
		if tried != 1 {
			t.Errorf("tried %d times, want once", tried)
		}
	})
	t.Run("the last try knows that it is the last", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		add(t, db, 5)
		if _, err := db.Owner.Exec(t.Context(), `UPDATE river.river_job SET max_attempts = 2`); err != nil {
			t.Fatal(err)
		}
		work := idle()
		tries := make(chan jobs.Try, 10)
		work.Letter = func(_ context.Context, _ id.Letter, try jobs.Try) error {
			tries <- try
			return errors.New("never")
		}
		_, events := started(t, db, work)
		for _, want := range []jobs.Try{{Number: 1}, {Number: 2, Last: true}} {
			if got := next(t, "a try", tries); got != want {
				t.Errorf("try %+v, want %+v", got, want)
			}
			ended(t, events)
		}
	})
	t.Run("a link's letter reaches its own worker", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		links := make(chan int64, 1)
		work.LinkLetter = func(_ context.Context, link int64, _ jobs.Try) error {
			links <- link
			return nil
		}
		started(t, db, work)
		q := queue(t)
		if err := pgx.BeginFunc(t.Context(), db.App, func(tx pgx.Tx) error { return q.LinkLetter(t.Context(), tx, 7) }); err != nil {
			t.Fatal(err)
		}
		if got := next(t, "the link", links); got != 7 {
			t.Errorf("link %d, want 7", got)
		}
	})
	t.Run("the sweep, the warnings and the housekeeping run at the start", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		ran := make(chan string, 10)
		work.Sweep = func(context.Context) error { ran <- "sweep"; return nil }
		work.Warn = func(context.Context) error { ran <- "warning"; return nil }
		work.Housekeeping = func(context.Context) error { ran <- "housekeeping"; return nil }
		started(t, db, work)
		got := map[string]bool{next(t, "a run", ran): true, next(t, "a run", ran): true, next(t, "a run", ran): true}
		if !got["sweep"] || !got["warning"] || !got["housekeeping"] {
			t.Errorf("ran %v", got)
		}
	})
	t.Run("a failure is one line in the log, and nothing else is", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		work.Letter = func(context.Context, id.Letter, jobs.Try) error { return errors.New("mailbox busy") }
		var log lockedBuffer
		_, events := started(t, db, work, func(c *jobs.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c.Pause = func(int) time.Duration { return time.Hour }
		})
		add(t, db, 5)
		ended(t, events)
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 1 || !strings.Contains(lines[0], "mailbox busy") || !strings.Contains(lines[0], "kind=letter") {
			t.Errorf("log = %q", lines)
		}
	})
}

func TestStop(t *testing.T) {
	t.Parallel()
	t.Run("a job under way is finished first", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		began, release := make(chan struct{}), make(chan struct{})
		work.Letter = func(ctx context.Context, _ id.Letter, _ jobs.Try) error {
			close(began)
			<-release
			return ctx.Err()
		}
		w, events := started(t, db, work, func(c *jobs.Config) { c.Grace = patience })
		add(t, db, 5)
		next(t, "the job's begin", began)
		stopped := make(chan error, 1)
		go func() { stopped <- w.Stop(t.Context()) }()
		close(release)
		if e := ended(t, events); e.Kind != river.EventKindJobCompleted {
			t.Errorf("the job ended with %s, want completed", e.Kind)
		}
		if err := next(t, "the stop", stopped); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	t.Run("a job that hangs is broken off and waits for its next try", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Database(t)
		work := idle()
		began := make(chan struct{})
		work.Letter = func(ctx context.Context, _ id.Letter, _ jobs.Try) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		}
		w, _ := started(t, db, work, func(c *jobs.Config) {
			c.Grace = time.Millisecond
			c.Pause = func(int) time.Duration { return time.Hour }
		})
		add(t, db, 5)
		next(t, "the job's begin", began)
		stopped := make(chan error, 1)
		go func() { stopped <- w.Stop(t.Context()) }()
		if err := next(t, "the stop", stopped); err != nil {
			t.Errorf("stop: %v", err)
		}
		var state string
		if err := db.Owner.QueryRow(t.Context(), `SELECT state FROM river.river_job WHERE kind = 'letter'`).Scan(&state); err != nil || state != "available" {
			t.Errorf("state = %s, %v; want available", state, err)
		}
	})
}

func TestNewWorkersNamesAMissingPart(t *testing.T) {
	t.Parallel()
	if _, err := jobs.NewWorkers(jobs.Config{Logger: slog.Default(), Work: idle()}); err == nil {
		t.Error("workers without a pool are made")
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
