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

// roundRow is what letters need to know of a round.
type roundRow struct {
	Round         id.Round
	Version       id.Version
	Paper         string // what an appointment must cover
	Slug          string // of the document, or of the financial year
	Title         string
	VersionNumber int // zero for a financial year
	Number        int
	EffectiveFrom day.Date
	DueOn         day.Date
	Digest        string
	Origin        string
	Outcome       string
	OpenedBy      id.Account
	OpenedByName  string
	OpenedOn      day.Date
	EndedOn       day.Date
	SetAsideOn    day.Date
	Seats         int
	Signed        int
	DeclinedBy    id.Account
	DeclinedBody  string
	officeRow
}

func (w *Writer) readRound(ctx context.Context, tx pgx.Tx, round id.Round) (roundRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT r.id AS round, coalesce(x.version_id, 0) AS version, x.subject AS paper, x.slug, x.title,
		       CASE WHEN x.version_id IS NULL THEN 0 ELSE x.number END AS version_number, r.number, x.effective_from, r.due_on,
		       encode(r.digest, 'hex') AS digest, r.origin, r.outcome, coalesce(r.opened_by, 0) AS opened_by,
		       coalesce(opener.name, 'The portal') AS opened_by_name, london_day(r.opened_at) AS opened_on, london_day(r.ended_at) AS ended_on,
		       london_day(aside.recorded_at) AS set_aside_on,
		       (SELECT count(*) FROM seat s WHERE s.round_id = r.id) AS seats,
		       (SELECT count(*) FROM act s WHERE s.round_id = r.id AND s.kind = 'sign') AS signed,
		       coalesce(refusal.account_id, 0) AS declined_by, coalesce(refusal.organisation_name, '') AS declined_body, `+officeColumns+`
		FROM round r JOIN paper x ON x.kind = r.paper_kind AND x.id = r.paper_id
		LEFT JOIN account opener ON opener.id = r.opened_by
		LEFT JOIN round_set_aside aside ON aside.round_id = r.id
		LEFT JOIN act refusal ON refusal.round_id = r.id AND refusal.kind = 'decline'
		LEFT JOIN partnership pa ON true
		WHERE r.id = @round`, pgx.StrictNamedArgs{"round": round})
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[roundRow])
	if err != nil {
		return roundRow{}, fmt.Errorf("read round %d for its letters: %w", round, err)
	}
	return r, nil
}

func (w *Writer) roundWords(r roundRow) letter.Round {
	return letter.Round{Title: r.Title, Version: r.VersionNumber, Number: r.Number, Effective: r.EffectiveFrom.Long(), Due: r.DueOn.Long(),
		Digest: r.Digest, Seats: r.Seats, URL: w.at(route.SignOffRoundTo(r.Round))}
}

// deskPath is where business support works on the paper.
func (r roundRow) deskPath() string {
	if r.Version == 0 {
		return route.DeskFundingYearTo(r.Slug)
	}
	return route.DeskVersionTo(r.Slug, r.VersionNumber)
}

func (r roundRow) batch(what string) batch {
	return batch{occasion: fmt.Sprintf("round %d %s", r.Round, what), round: r.Round, version: r.Version}
}

// RoundOpened writes to the lead officers and delegates of every seat, their private offices, business support and the
// scrutineer.
func (w *Writer) RoundOpened(ctx context.Context, tx pgx.Tx, round id.Round) error {
	r, err := w.readRound(ctx, tx, round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, r.OpenedOn)
	if err != nil {
		return err
	}
	b, o, words := r.batch("opened"), r.office(), w.roundWords(r)
	for _, p := range people {
		l := letter.RoundOpenedCopy(o, words, p.Concern == scrutineer)
		switch p.Concern {
		case seat:
			l = letter.RoundOpened(o, words, p.Bodies)
		case privateOffice:
			l = letter.RoundOpenedOffice(o, words, p.Bodies)
		}
		b.add(p, RoundOpened, l)
	}
	return w.write(ctx, tx, b)
}

// RoundEnded tells all of them how the round ended. Who declined has a receipt instead.
func (w *Writer) RoundEnded(ctx context.Context, tx pgx.Tx, round id.Round) error {
	r, err := w.readRound(ctx, tx, round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, r.EndedOn)
	if err != nil {
		return err
	}
	b := r.batch(r.Outcome)
	for _, p := range people {
		if p.Account == r.DeclinedBy {
			continue
		}
		kind, l := w.ending(r, p)
		b.add(p, kind, l)
	}
	return w.write(ctx, tx, b)
}

func (w *Writer) ending(r roundRow, p person) (Kind, letter.Letter) {
	o, words, desk := r.office(), w.roundWords(r), p.Concern == support
	if desk && r.Outcome == "complete" {
		words.URL = w.at(r.deskPath()) // where it is published
	}
	switch {
	case r.Outcome == "declined":
		return RoundDeclined, letter.Declined(o, words, r.DeclinedBody, desk)
	case r.Outcome == "recalled":
		return RoundRecalled, letter.Recalled(o, words)
	case r.Origin == "recorded":
		return RecordedConfirmed, letter.RecordedConfirmed(o, words, desk)
	}
	return RoundComplete, letter.Complete(o, words, desk)
}

// RoundSetAside tells all of them that a complete round will not be published.
func (w *Writer) RoundSetAside(ctx context.Context, tx pgx.Tx, round id.Round) error {
	r, err := w.readRound(ctx, tx, round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, r.SetAsideOn)
	if err != nil {
		return err
	}
	b, o, words := r.batch("set aside"), r.office(), w.roundWords(r)
	for _, p := range people {
		b.add(p, RoundSetAside, letter.SetAside(o, words))
	}
	return w.write(ctx, tx, b)
}

// RecordedEntered asks those who can confirm recorded sign-offs, other than the person who entered them.
func (w *Writer) RecordedEntered(ctx context.Context, tx pgx.Tx, round id.Round) error {
	r, err := w.readRound(ctx, tx, round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, r.OpenedOn)
	if err != nil {
		return err
	}
	b, o, words := r.batch("recorded"), r.office(), w.roundWords(r)
	for _, p := range people {
		if p.Account != r.OpenedBy && (p.Concern == seat || p.Concern == support) {
			b.add(p, RecordedEntered, letter.RecordedEntered(o, words, r.OpenedByName))
		}
	}
	return w.write(ctx, tx, b)
}
