package arrangement

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// PublishDue publishes the versions whose set day has come, each in its own transaction, and says how many.
func (s *Service) PublishDue(ctx context.Context, by authz.Actor) (int, error) {
	rows, _ := s.db.Query(ctx, `
		SELECT d.slug, v.number, r.id AS round, v.label FROM version v JOIN document d ON d.id = v.document_id
		JOIN round r ON r.paper_kind = 'version' AND r.paper_id = v.id AND r.outcome = 'complete'
		WHERE v.published_at IS NULL AND v.discarded_at IS NULL AND v.scheduled_on <= @today
		  AND NOT EXISTS (SELECT FROM round_set_aside a WHERE a.round_id = r.id)
		ORDER BY v.id`, pgx.StrictNamedArgs{"today": day.Of(s.now())})
	type dueRow struct {
		Slug   string
		Number int
		Round  id.Round
		Label  string
	}
	due, err := pgx.CollectRows(rows, pgx.RowToStructByName[dueRow])
	if err != nil {
		return 0, fmt.Errorf("read what is due to be published: %w", err)
	}
	published := 0
	var problems []error
	for _, v := range due {
		err := s.Publish(ctx, by, PublishCommand{Ref: Ref{v.Slug, v.Number}, Round: v.Round, Label: v.Label})
		if err != nil && !errors.Is(err, fault.Conflict) { // a conflict: somebody was faster
			problems = append(problems, fmt.Errorf("publish %s version %d on its day: %w", v.Slug, v.Number, err))
			continue
		}
		if err == nil {
			published++
		}
	}
	return published, errors.Join(append(problems, updateSweep(ctx, s.db, published, len(problems)))...)
}

// Sweep is one look for versions whose set day has come.
type Sweep struct {
	At        time.Time
	Published int
	Failed    int
}

// LastSweep says when versions with a set day were last looked for. Before the first time its At is zero.
// Faults: Forbidden.
func (s *Service) LastSweep(ctx context.Context, by authz.Actor) (Sweep, error) {
	if !by.Can(authz.ReadDrafts) {
		return Sweep{}, fault.New(fault.Forbidden, "Only business support and the independent scrutineer see what is to be published.")
	}
	rows, _ := s.db.Query(ctx, `SELECT ended_at AS at, published, failed FROM publication_sweep`)
	last, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Sweep])
	if errors.Is(err, pgx.ErrNoRows) {
		return Sweep{}, nil // never yet
	}
	if err != nil {
		return Sweep{}, fmt.Errorf("read the last sweep: %w", err)
	}
	return last, nil
}

func updateSweep(ctx context.Context, q pg.DB, published, failed int) error {
	_, err := q.Exec(ctx, `
		INSERT INTO publication_sweep (published, failed) VALUES (@published, @failed)
		ON CONFLICT (single) DO UPDATE SET published = EXCLUDED.published, failed = EXCLUDED.failed, ended_at = clock_timestamp()`,
		pgx.StrictNamedArgs{"published": published, "failed": failed})
	if err != nil {
		return fmt.Errorf("keep the sweep in mind: %w", err)
	}
	return nil
}
