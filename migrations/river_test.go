package migrations_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/migrations"
)

type errand struct {
	To string `json:"to" river:"unique"`
}

func (errand) Kind() string { return "errand" }

type runner struct {
	river.WorkerDefaults[errand]
	ran chan string
}

func (r *runner) Work(_ context.Context, job *river.Job[errand]) error {
	r.ran <- job.Args.To
	return nil
}

// The application adds jobs inside its own transactions, under its own role; the workers run under River's.
func TestRiverRoles(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	ctx := t.Context()
	config := func() *river.Config {
		return &river.Config{
			Schema: migrations.RiverSchema, Logger: slog.New(slog.DiscardHandler), ReindexerSchedule: river.NeverSchedule(),
		}
	}
	adding, err := river.NewClient(riverpgxv5.New(db.App), config())
	if err != nil {
		t.Fatal(err)
	}
	unique := &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
	err = pgx.BeginFunc(ctx, db.App, func(tx pgx.Tx) error {
		for _, again := range []bool{false, true} {
			done, err := adding.InsertTx(ctx, tx, errand{To: "Maidstone"}, unique)
			if err != nil {
				return err
			}
			if done.UniqueSkippedAsDuplicate != again {
				t.Errorf("skipped as a duplicate: %t; want %t", done.UniqueSkippedAsDuplicate, again)
			}
		}
		_, err := adding.InsertManyFastTx(ctx, tx, []river.InsertManyParams{{Args: errand{To: "Dover"}}})
		return err
	})
	if err != nil {
		t.Fatalf("add jobs as the application: %v", err)
	}
	for _, change := range []string{`DELETE FROM river.river_job`, `UPDATE river.river_job SET args = '{}'`} {
		_, err := db.App.Exec(ctx, change)
		refused(t, err, "42501", "")
	}

	work := config()
	work.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}
	work.Workers = river.NewWorkers()
	r := &runner{ran: make(chan string, 2)}
	river.AddWorker(work.Workers, r)
	working, err := river.NewClient(riverpgxv5.New(db.River), work)
	if err != nil {
		t.Fatal(err)
	}
	if err := working.Start(ctx); err != nil {
		t.Fatalf("start the workers as River's role: %v", err)
	}
	for range 2 {
		select {
		case <-r.ran:
		case <-time.After(20 * time.Second):
			t.Fatal("a job did not run")
		}
	}
	leader(t, db)
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := working.Stop(stopCtx); err != nil {
		t.Errorf("stop the workers: %v", err)
	}
	_, err = db.River.Exec(ctx, `SELECT FROM public.installation`)
	refused(t, err, "42501", "")
}

// leader waits until the workers have elected one: without it nothing is retried or cleaned up.
func leader(t *testing.T, db *pgtest.DB) {
	t.Helper()
	var elected bool
	for deadline := time.Now().Add(20 * time.Second); !elected && time.Now().Before(deadline); {
		if err := db.Owner.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM river.river_leader)`).Scan(&elected); err != nil {
			t.Fatal(err)
		}
	}
	if !elected {
		t.Error("the workers have no leader")
	}
}
