package signoff

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Earlier is a text of the same document that was put to a partner, or to a body that it took over from, in an earlier
// round.
type Earlier struct {
	Round        id.Round
	Number       int // of the round
	Version      int
	Organisation string // the body that had the seat, by its name of the day
	Content      []byte
	Outcome      Outcome
	OpenedOn     day.Date
	Signed       bool       // whether the body signed it
	SignedOn     day.Approx // when, if it did
}

// Earlier gives the text that a partner in a round signed last before it, and the text that was put to it last if that
// is a later one, whatever came of it. It gives nothing where there is none, for papers other than versions, and for
// partners that are not the actor's own.
func (s *Service) Earlier(ctx context.Context, by authz.Actor, round id.Round, partner id.Partner) ([]Earlier, error) {
	signed, err := selectEarlier(ctx, s.db, by, round, partner, true)
	if err != nil {
		return nil, err
	}
	put, err := selectEarlier(ctx, s.db, by, round, partner, false)
	if err != nil {
		return nil, err
	}
	if len(signed) > 0 && len(put) > 0 && signed[0].Round == put[0].Round {
		return signed, nil
	}
	return append(signed, put...), nil
}

// selectEarlier finds the latest of the earlier rounds. Sign-offs made elsewhere count once a second person has
// confirmed them.
func selectEarlier(ctx context.Context, q pg.DB, by authz.Actor, round id.Round, partner id.Partner, signed bool) ([]Earlier, error) {
	type earlierRow struct {
		Round           id.Round
		Number          int
		Version         int
		Organisation    string
		Content         []byte
		Outcome         Outcome
		OpenedAt        time.Time
		Signed          bool
		SignedOn        day.Date
		SignedPrecision day.Precision
	}
	rows, _ := q.Query(ctx, `
		WITH RECURSIVE shown AS (
			SELECT r.id, v.document_id FROM round r JOIN version v ON v.id = r.paper_id WHERE r.id = @round AND r.paper_kind = 'version' AND `+visible+`
		), body (id) AS (
			SELECT p.organisation_id FROM safeguarding_partner p JOIN seat s ON s.partner_id = p.id JOIN shown ON shown.id = s.round_id
			WHERE p.id = @partner AND (@all OR p.id = ANY (@partners) OR p.organisation_id = ANY (@offices))
			UNION
			SELECT s.predecessor_id FROM organisation_succession s JOIN body b ON s.successor_id = b.id WHERE s.retracted_at IS NULL
		)
		SELECT r.id AS round, r.number, v.number AS version, coalesce(a.organisation_name, organisation_name_on(p.organisation_id, r.seats_on)) AS organisation,
		       r.content, r.outcome, r.opened_at, a.id IS NOT NULL AS signed, a.signed_on, coalesce(a.signed_precision, '') AS signed_precision
		FROM round r JOIN version v ON v.id = r.paper_id JOIN shown ON shown.document_id = v.document_id AND r.id < shown.id
		JOIN seat st ON st.round_id = r.id JOIN safeguarding_partner p ON p.id = st.partner_id JOIN body b ON b.id = p.organisation_id
		LEFT JOIN act a ON a.seat_id = st.id AND a.kind = 'sign'
		WHERE r.paper_kind = 'version' AND (r.origin = 'portal' OR r.outcome = 'complete') AND (a.id IS NOT NULL OR NOT @signed)
		ORDER BY r.id DESC, a.id DESC NULLS LAST LIMIT 1`,
		visibleArgs(by, pgx.StrictNamedArgs{"partner": int64(partner), "round": int64(round), "signed": signed}))
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[earlierRow])
	if err != nil {
		return nil, fmt.Errorf("read what was put to partner %d before round %d: %w", partner, round, err)
	}
	var list []Earlier
	for _, f := range found {
		list = append(list, Earlier{Round: f.Round, Number: f.Number, Version: f.Version, Organisation: f.Organisation, Content: f.Content,
			Outcome: f.Outcome, OpenedOn: day.Of(f.OpenedAt), Signed: f.Signed, SignedOn: day.Approx{Date: f.SignedOn, Precision: f.SignedPrecision}})
	}
	return list, nil
}
