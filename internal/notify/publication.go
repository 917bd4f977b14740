package notify

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

type publicationRow struct {
	Version       id.Version
	Round         id.Round
	Origin        string
	Paper         string
	Slug          string
	Title         string
	Number        int
	EffectiveFrom day.Date
	PublishedOn   day.Date
	Precision     day.Precision
	ToldOn        day.Date
	officeRow
}

// Published tells the partners' officers and the staff of the relevant agencies, and reminds business support that the
// Department for Education is to be told.
func (w *Writer) Published(ctx context.Context, tx pgx.Tx, version id.Version) error {
	rows, _ := tx.Query(ctx, `
		SELECT v.id AS version, r.id AS round, r.origin, d.kind AS paper, d.slug, v.title, v.number, v.effective_from, v.published_on,
		       v.published_precision AS precision, london_day(v.published_at) AS told_on, `+officeColumns+`
		FROM version v JOIN document d ON d.id = v.document_id JOIN round r ON r.id = v.publishing_round_id LEFT JOIN partnership pa ON true
		WHERE v.id = @version`, pgx.StrictNamedArgs{"version": version})
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[publicationRow])
	if err != nil {
		return fmt.Errorf("read version %d for its letters: %w", version, err)
	}
	people, err := w.people(ctx, tx, versionPeople, pgx.StrictNamedArgs{"round": v.Round, "on": v.ToldOn, "paper": v.Paper})
	if err != nil {
		return err
	}
	o := v.office()
	words := letter.Publication{Title: v.Title, Version: v.Number, Published: day.Approx{Date: v.PublishedOn, Precision: v.Precision}.Words(),
		Effective: v.EffectiveFrom.Long(), Recorded: v.Origin == "recorded", URL: w.at(route.ArrangementVersionTo(v.Slug, v.Number))}
	b := batch{occasion: fmt.Sprintf("version %d published", v.Version), round: v.Round, version: v.Version}
	for _, p := range people {
		l := letter.PublishedPartner(o, words)
		switch p.Concern {
		case support:
			l = letter.PublishedSupport(o, words)
		case agencyStaff:
			l = letter.PublishedAgency(o, words, p.Bodies)
		}
		b.add(p, Published, l)
	}
	return w.write(ctx, tx, b)
}

type withdrawalRow struct {
	Version     id.Version
	Round       id.Round
	Paper       string
	Slug        string
	Title       string
	Number      int
	Reason      string
	Closed      bool
	WithdrawnOn day.Date
	InForce     int // number of the version that is in force now; 0 if none is
	officeRow
}

// Withdrawn tells the partners' officers, the staff of the relevant agencies and business support that a version no longer counts.
func (w *Writer) Withdrawn(ctx context.Context, tx pgx.Tx, version id.Version) error {
	rows, _ := tx.Query(ctx, `
		SELECT v.id AS version, v.publishing_round_id AS round, d.kind AS paper, d.slug, v.title, v.number, v.withdrawn_reason AS reason,
		       v.withdrawn_law IS NOT NULL AS closed, london_day(v.withdrawn_at) AS withdrawn_on,
		       coalesce((SELECT o.number FROM version o WHERE o.document_id = v.document_id AND o.published_at IS NOT NULL AND o.withdrawn_at IS NULL
		                 AND o.effective_from <= london_day(v.withdrawn_at) ORDER BY o.effective_from DESC LIMIT 1), 0) AS in_force, `+officeColumns+`
		FROM version v JOIN document d ON d.id = v.document_id LEFT JOIN partnership pa ON true
		WHERE v.id = @version`, pgx.StrictNamedArgs{"version": version})
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[withdrawalRow])
	if err != nil {
		return fmt.Errorf("read withdrawn version %d for its letters: %w", version, err)
	}
	people, err := w.people(ctx, tx, versionPeople, pgx.StrictNamedArgs{"round": v.Round, "on": v.WithdrawnOn, "paper": v.Paper})
	if err != nil {
		return err
	}
	words := letter.Withdrawal{Title: v.Title, Version: v.Number, On: v.WithdrawnOn.Long(), Reason: v.Reason, Closed: v.Closed,
		URL: w.at(route.ArrangementVersionTo(v.Slug, v.Number))}
	if v.InForce != 0 {
		words.InForce = fmt.Sprintf("version %d", v.InForce)
	}
	b := batch{occasion: fmt.Sprintf("version %d withdrawn", v.Version), round: v.Round, version: v.Version}
	for _, p := range people {
		b.add(p, Withdrawn, letter.Withdrawn(v.office(), words))
	}
	return w.write(ctx, tx, b)
}
