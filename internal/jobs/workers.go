package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"partnershipportal/internal/id"
)

const (
	jobTimeout = 2 * time.Minute
	// A job whose portal was killed is taken up again after this.
	rescueAfter = 5 * time.Minute
)

// Try says which try of a job is under way.
type Try struct {
	Number int
	Last   bool
}

// Work is what the workers do. A function that returns GiveUp is not tried again.
type Work struct {
	Letter       func(ctx context.Context, letter id.Letter, try Try) error
	LinkLetter   func(ctx context.Context, link int64, try Try) error
	Sweep        func(ctx context.Context) error // every minute: what is due on its day
	Warn         func(ctx context.Context) error // daily: what will keep a partner from signing
	Housekeeping func(ctx context.Context) error // daily: what has expired
}

// GiveUp marks an error as one that trying again will not mend.
func GiveUp(err error) error { return river.JobCancel(err) }

// Config says how the workers run. Zero values stand for sensible defaults.
type Config struct {
	Pool   *pgxpool.Pool // of the role portal_river
	Logger *slog.Logger
	Work   Work
	// Look is how often they look for jobs: every second.
	Look time.Duration
	// Grace is how long a stop waits for jobs under way before it breaks them off: 5 seconds.
	Grace time.Duration
	// Pause is how long to wait after a number of failures: 1 s, 16 s, 81 s … so that a mail server that is down for
	// a night loses nothing.
	Pause func(failures int) time.Duration
	// Testing leaves out the random waits that keep several portals from looking at the same moment.
	Testing bool
}

// Workers work the jobs.
type Workers struct{ client *river.Client[pgx.Tx] }

// NewWorkers makes workers that have not started yet.
func NewWorkers(c Config) (*Workers, error) {
	if c.Pool == nil || c.Logger == nil || c.Work.Letter == nil || c.Work.LinkLetter == nil || c.Work.Sweep == nil || c.Work.Warn == nil || c.Work.Housekeeping == nil {
		return nil, errors.New("the job workers lack a part")
	}
	look := cmp.Or(c.Look, time.Second)
	client, err := river.NewClient(quietDriver{riverpgxv5.New(c.Pool)}, &river.Config{
		Schema:               schema,
		Logger:               slog.New(warnings{c.Logger.Handler()}),
		ErrorHandler:         complaints{c.Logger},
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		FetchCooldown:        min(look, 100*time.Millisecond),
		FetchPollInterval:    look,
		PollOnly:             true,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		RetryPolicy:          retry{c.Pause},
		SoftStopTimeout:      cmp.Or(c.Grace, 5*time.Second),
		// Rebuilding an index is the owner's right, which the workers lack.
		ReindexerSchedule:   river.NeverSchedule(),
		ReindexerIndexNames: []string{},
		Workers:             workers(c.Work),
		PeriodicJobs: []*river.PeriodicJob{
			periodic("sweep", time.Minute, sweepArgs{}),
			periodic("warning", 24*time.Hour, warningArgs{}),
			periodic("housekeeping", 24*time.Hour, housekeepingArgs{}),
		},
		TestOnly: c.Testing,
	})
	if err != nil {
		return nil, fmt.Errorf("make the job workers: %w", err)
	}
	return &Workers{client}, nil
}

// Start begins to work. Only Stop ends it.
func (w *Workers) Start(ctx context.Context) error {
	if err := w.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job workers: %w", err)
	}
	return nil
}

// Stop takes up no further job, waits for those under way, breaks them off when the grace is over, and returns. The
// context bounds the whole.
func (w *Workers) Stop(ctx context.Context) error {
	if err := w.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop the job workers: %w", err)
	}
	return nil
}

func workers(work Work) *river.Workers {
	ws := river.NewWorkers()
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, job *river.Job[letterArgs]) error {
		return work.Letter(ctx, job.Args.Letter, tryOf(job.JobRow))
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, job *river.Job[linkArgs]) error {
		return work.LinkLetter(ctx, job.Args.Link, tryOf(job.JobRow))
	}))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[sweepArgs]) error { return work.Sweep(ctx) }))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[warningArgs]) error { return work.Warn(ctx) }))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[housekeepingArgs]) error { return work.Housekeeping(ctx) }))
	return ws
}

func tryOf(job *rivertype.JobRow) Try {
	return Try{Number: job.Attempt, Last: job.Attempt >= job.MaxAttempts}
}

// periodic runs at the start and then at each interval, on one of several portals. A run that failed is not repeated:
// the next one comes anyway. Runs never pile up.
func periodic(name string, every time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(every), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}}
	}, &river.PeriodicJobOpts{ID: name, RunOnStart: true})
}

// retry waits n to the fourth seconds after n failures, unless told otherwise.
type retry struct {
	pause func(failures int) time.Duration
}

// NextRetry is when to try again.
func (r retry) NextRetry(job *rivertype.JobRow) time.Time {
	n := time.Duration(len(job.Errors) + 1)
	wait := n * n * n * n * time.Second
	if r.pause != nil {
		wait = r.pause(int(n))
	}
	return time.Now().Add(wait)
}

// complaints logs a job that failed, in one line.
type complaints struct{ log *slog.Logger }

// HandleError logs the error of a job.
func (c complaints) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	c.log.WarnContext(ctx, "job failed", "job", job.ID, "kind", job.Kind, "try", job.Attempt, "of", job.MaxAttempts, "error", err.Error())
	return nil
}

// HandlePanic logs the panic of a job.
func (c complaints) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	c.log.ErrorContext(ctx, "job panicked", "job", job.ID, "kind", job.Kind, "panic", fmt.Sprint(value), "trace", trace)
	return nil
}

// warnings passes on what River says only if something is wrong.
type warnings struct{ slog.Handler }

// Enabled tells whether a level is worth a line.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the filter on.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the filter on.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
