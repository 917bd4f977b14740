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

type correctionRow struct {
	Organisation string
	Field        string
	ProposedOn   day.Date
	Accepted     bool
	officeRow
}

// correctionAbout says what of an entry a correction is about.
var correctionAbout = map[string]string{"name": "name", "basis": "why it is included", "categories": "categories", "reason": "reason for choosing it",
	"dates": "first or last day", "address": "address", "identifiers": "codes in registers", "post-title": "title of a contact post",
	"post-email": "e-mail of a contact post", "post-phone": "telephone of a contact post", "readers": "readers", "other": "something else"}

func readCorrection(ctx context.Context, tx pgx.Tx, correction id.Correction) (correctionRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT organisation_name_on(c.organisation_id, london_day(c.recorded_at)) AS organisation, c.field, london_day(c.recorded_at) AS proposed_on,
		       coalesce(c.outcome = 'accepted', false) AS accepted, `+officeColumns+`
		FROM correction c LEFT JOIN partnership pa ON true WHERE c.id = @correction`, pgx.StrictNamedArgs{"correction": correction})
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[correctionRow])
	if err != nil {
		return correctionRow{}, fmt.Errorf("read correction %d for its letters: %w", correction, err)
	}
	return c, nil
}

func (c correctionRow) words() letter.Correction {
	return letter.Correction{Organisation: c.Organisation, About: correctionAbout[c.Field], Proposed: c.ProposedOn.Long()}
}

// CorrectionProposed asks business support to answer a proposal.
func (w *Writer) CorrectionProposed(ctx context.Context, tx pgx.Tx, correction id.Correction) error {
	c, err := readCorrection(ctx, tx, correction)
	if err != nil {
		return err
	}
	people, err := w.people(ctx, tx, `
		SELECT a.id AS account, a.email, a.name, 4 AS concern, '' AS body FROM role_grant g JOIN account a ON a.id = g.account_id
		WHERE g.role = 'business-support' AND g.ended_at IS NULL AND a.suspended_at IS NULL ORDER BY a.id`, pgx.StrictNamedArgs{})
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("correction %d proposed", correction)}
	for _, p := range people {
		b.add(p, CorrectionProposed, letter.CorrectionProposed(c.office(), c.words(), w.at(route.DeskCorrectionTo(correction))))
	}
	return w.write(ctx, tx, b)
}

// CorrectionAnswered tells the person who proposed a correction what became of it.
func (w *Writer) CorrectionAnswered(ctx context.Context, tx pgx.Tx, correction id.Correction) error {
	c, err := readCorrection(ctx, tx, correction)
	if err != nil {
		return err
	}
	people, err := w.people(ctx, tx, `
		SELECT a.id AS account, a.email, a.name, 7 AS concern, '' AS body FROM correction c JOIN account a ON a.id = c.proposed_by
		WHERE c.id = @correction AND a.suspended_at IS NULL`, pgx.StrictNamedArgs{"correction": correction})
	if err != nil {
		return err
	}
	b := batch{occasion: fmt.Sprintf("correction %d answered", correction)}
	for _, p := range people {
		b.add(p, CorrectionAnswered, letter.CorrectionAnswered(c.office(), c.words(), c.Accepted, w.at(route.MyAgency)))
	}
	return w.write(ctx, tx, b)
}
