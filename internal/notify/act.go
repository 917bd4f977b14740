package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/web/letter"
	"partnershipportal/web/route"
)

type actRow struct {
	Round            id.Round
	Account          id.Account
	Email            string
	Name             string
	Kind             string
	Method           string
	Office           string
	ActingFor        string
	Instrument       string
	InstrumentOn     day.Date
	OrganisationName string
	OfficerName      string
	At               time.Time
	ActedOn          day.Date
}

// methods says in words how the person was proved.
var methods = map[string]string{"passkey": "passkey", "password+totp": "password and one-time code", "password": "password"}

// ActDone sends the officer their receipt, and after a signature tells the others how many have signed. The end of the
// round is told by RoundEnded.
func (w *Writer) ActDone(ctx context.Context, tx pgx.Tx, act id.Act) error {
	a, err := readAct(ctx, tx, act)
	if err != nil {
		return err
	}
	r, err := w.readRound(ctx, tx, a.Round)
	if err != nil {
		return err
	}
	b := r.batch(fmt.Sprintf("act %d", act))
	o, words := r.office(), w.roundWords(r)
	done := letter.Act{Officer: a.OfficerName, Office: a.Office, ActingFor: a.ActingFor, Instrument: a.Instrument,
		InstrumentOn: a.InstrumentOn.Long(), Body: a.OrganisationName, At: day.Clock(a.At),
		Method: methods[a.Method], Signed: r.Signed}
	words.ReceiptURL = w.at(route.SignOffReceiptTo(a.Round))
	signer := person{Account: a.Account, Email: a.Email, Name: a.Name, Concern: seat}
	if a.Kind != "sign" {
		b.add(signer, Receipt, letter.DeclinedReceipt(o, words, done))
		return w.write(ctx, tx, b)
	}
	b.add(signer, Receipt, letter.SignedReceipt(o, words, done))
	if r.Signed < r.Seats {
		people, err := w.peopleOfRound(ctx, tx, r, a.ActedOn)
		if err != nil {
			return err
		}
		for _, p := range people {
			if p.Account != a.Account && p.Concern != scrutineer {
				b.add(p, Signed, letter.Signed(o, words, done))
			}
		}
	}
	return w.write(ctx, tx, b)
}

func readAct(ctx context.Context, tx pgx.Tx, act id.Act) (actRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT a.round_id AS round, p.id AS account, p.email, p.name, a.kind, a.method, a.office, a.acting_for,
		       coalesce(a.instrument, '') AS instrument, a.instrument_on, a.organisation_name,
		       a.officer_name, a.at, london_day(a.at) AS acted_on
		FROM act a JOIN account p ON p.id = a.account_id WHERE a.id = @act`, pgx.StrictNamedArgs{"act": act})
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[actRow])
	if err != nil {
		return actRow{}, fmt.Errorf("read act %d for its letters: %w", act, err)
	}
	return a, nil
}

type remarkRow struct {
	Round      id.Round
	Author     id.Account
	AnsweredBy id.Account
	Kind       string
	Body       string // the organisation
	PutOn      day.Date
	AnsweredOn day.Date
}

func readRemark(ctx context.Context, tx pgx.Tx, remark int64) (remarkRow, error) {
	rows, _ := tx.Query(ctx, `
		SELECT m.round_id AS round, m.account_id AS author, coalesce(a.account_id, 0) AS answered_by, m.kind,
		       organisation_name_on(sp.organisation_id, london_day(m.recorded_at)) AS body,
		       london_day(m.recorded_at) AS put_on, london_day(a.recorded_at) AS answered_on
		FROM remark m JOIN safeguarding_partner sp ON sp.id = m.partner_id LEFT JOIN remark_answer a ON a.remark_id = m.id
		WHERE m.id = @remark`, pgx.StrictNamedArgs{"remark": remark})
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[remarkRow])
	if err != nil {
		return remarkRow{}, fmt.Errorf("read remark %d for its letters: %w", remark, err)
	}
	return m, nil
}

// RemarkPut asks business support for an answer, and tells the other seats and offices. What was put stands in the portal
// alone.
func (w *Writer) RemarkPut(ctx context.Context, tx pgx.Tx, remark int64) error {
	m, err := readRemark(ctx, tx, remark)
	if err != nil {
		return err
	}
	r, err := w.readRound(ctx, tx, m.Round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, m.PutOn)
	if err != nil {
		return err
	}
	b, o, words := r.batch(fmt.Sprintf("remark %d", remark)), r.office(), w.roundWords(r)
	for _, p := range people {
		if p.Account != m.Author && p.Concern != scrutineer {
			b.add(p, RemarkPut, letter.RemarkPut(o, words, m.Kind, m.Body, p.Concern == support))
		}
	}
	return w.write(ctx, tx, b)
}

// RemarkAnswered tells the seats and offices that the answer is there.
func (w *Writer) RemarkAnswered(ctx context.Context, tx pgx.Tx, remark int64) error {
	m, err := readRemark(ctx, tx, remark)
	if err != nil {
		return err
	}
	r, err := w.readRound(ctx, tx, m.Round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, m.AnsweredOn)
	if err != nil {
		return err
	}
	b, o, words := r.batch(fmt.Sprintf("remark %d answered", remark)), r.office(), w.roundWords(r)
	for _, p := range people {
		if p.Account != m.AnsweredBy && (p.Concern == seat || p.Concern == privateOffice) {
			b.add(p, RemarkAnswered, letter.RemarkAnswered(o, words, m.Kind, m.Body))
		}
	}
	return w.write(ctx, tx, b)
}

// ScrutinyFiled tells the seats, their offices and business support that the independent scrutineer has spoken. What was
// said stands in the portal alone.
func (w *Writer) ScrutinyFiled(ctx context.Context, tx pgx.Tx, scrutiny int64) error {
	var round id.Round
	var on day.Date
	err := tx.QueryRow(ctx, `SELECT round_id, london_day(recorded_at) FROM scrutiny WHERE id = @scrutiny`,
		pgx.StrictNamedArgs{"scrutiny": scrutiny}).Scan(&round, &on)
	if err != nil {
		return fmt.Errorf("read statement of scrutiny %d for its letters: %w", scrutiny, err)
	}
	r, err := w.readRound(ctx, tx, round)
	if err != nil {
		return err
	}
	people, err := w.peopleOfRound(ctx, tx, r, on)
	if err != nil {
		return err
	}
	b, o, words := r.batch(fmt.Sprintf("scrutiny %d", scrutiny)), r.office(), w.roundWords(r)
	for _, p := range people {
		if p.Concern != scrutineer {
			b.add(p, ScrutinyFiled, letter.ScrutinyFiled(o, words))
		}
	}
	return w.write(ctx, tx, b)
}
