// Package jobs does things later: it hands letters over, and looks regularly whether something is due. Jobs are added
// in the transaction of what causes them and worked by River, in a schema and a small pool of its own.
package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"partnershipportal/internal/id"
)

// schema is where River's tables are.
const schema = "river"

// tries is how often a letter is tried before it is given up: with the pauses between, over about two days.
const tries = 16

type letterArgs struct {
	Letter id.Letter `json:"letter"`
}

// Kind names the job in the database.
func (letterArgs) Kind() string { return "letter" }

type linkArgs struct {
	Link int64 `json:"link"`
}

// Kind names the job in the database.
func (linkArgs) Kind() string { return "link_letter" }

type sweepArgs struct{}

// Kind names the job in the database.
func (sweepArgs) Kind() string { return "publication_sweep" }

type warningArgs struct{}

// Kind names the job in the database.
func (warningArgs) Kind() string { return "membership_warning" }

type housekeepingArgs struct{}

// Kind names the job in the database.
func (housekeepingArgs) Kind() string { return "housekeeping" }

// quietDriver is River's own, but it never notifies: River would add a pg_notify to transactions that add a job, and
// all commits with one queue up behind each other. The workers look for jobs by themselves instead.
type quietDriver struct{ *riverpgxv5.Driver }

// SupportsListener tells River to look for changes instead of listening.
func (quietDriver) SupportsListener() bool { return false }

// SupportsListenNotify tells River to notify nobody of a job.
func (quietDriver) SupportsListenNotify() bool { return false }

// Queue adds jobs. It needs no pool: jobs are added in the caller's transaction, or not at all.
type Queue struct{ client *river.Client[pgx.Tx] }

// NewQueue makes a Queue.
func NewQueue() (*Queue, error) {
	client, err := river.NewClient(quietDriver{riverpgxv5.New(nil)}, &river.Config{Schema: schema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("make the job queue: %w", err)
	}
	return &Queue{client}, nil
}

// Letters adds a job for each letter, in one statement.
func (q *Queue) Letters(ctx context.Context, tx pgx.Tx, letters []id.Letter) error {
	if len(letters) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(letters))
	for i, l := range letters {
		params[i] = river.InsertManyParams{Args: letterArgs{l}, InsertOpts: &river.InsertOpts{MaxAttempts: tries}}
	}
	if _, err := q.client.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("add jobs for letters: %w", err)
	}
	return nil
}

// LinkLetter adds the job of a letter that carries a one-time link. Only the link's identifier is kept.
func (q *Queue) LinkLetter(ctx context.Context, tx pgx.Tx, link int64) error {
	if _, err := q.client.InsertTx(ctx, tx, linkArgs{link}, &river.InsertOpts{MaxAttempts: tries}); err != nil {
		return fmt.Errorf("add the job for a letter with a link: %w", err)
	}
	return nil
}
