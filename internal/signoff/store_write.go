package signoff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

func selectActingFor(ctx context.Context, q pg.DB, appointment id.Appointment) (string, error) {
	var office string
	err := q.QueryRow(ctx, `SELECT acting_for FROM appointment WHERE id = @appointment`, pgx.StrictNamedArgs{"appointment": int64(appointment)}).Scan(&office)
	if err != nil {
		return "", fmt.Errorf("read appointment %d: %w", appointment, noRows(err, "There is no such appointment."))
	}
	return office, nil
}

func insertStatement(ctx context.Context, tx pgx.Tx, st Statement) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO statement (id, round_id, seat_id, partner_id, digest, account_id, appointment_id, kind, reason, body, officer_name,
		                       officer_salt, issued_at, expires_at)
		VALUES (@id, @round, @seat, @partner, @digest, @account, @appointment, @kind, @reason, @body, @name, @salt, @issued, @expires)`,
		pgx.StrictNamedArgs{"id": st.ID, "round": int64(st.Round), "seat": int64(st.Seat), "partner": int64(st.Partner), "digest": st.Digest,
			"account": int64(st.Account), "appointment": int64(st.Appointment), "kind": string(st.Kind), "reason": st.Reason, "body": st.Body,
			"name": st.OfficerName, "salt": st.OfficerSalt, "issued": st.IssuedAt, "expires": st.ExpiresAt})
	if err != nil {
		return fmt.Errorf("insert statement on round %d: %w", st.Round, translate(err))
	}
	return nil
}

func selectStatement(ctx context.Context, q pg.DB, by authz.Actor, round id.Round, statement string) (Statement, error) {
	rows, _ := q.Query(ctx, `
		SELECT s.id::text AS id, s.round_id AS round, s.seat_id AS seat, s.partner_id AS partner, s.account_id AS account,
		       s.appointment_id AS appointment, s.kind, s.reason, s.body, s.digest, s.officer_name, s.officer_salt, s.issued_at, s.expires_at,
		       a.office, a.capacity, a.acting_for, a.instrument, a.instrument_on, organisation_name_on(p.organisation_id, london_day(s.issued_at)) AS organisation
		FROM statement s JOIN appointment a ON a.id = s.appointment_id JOIN safeguarding_partner p ON p.id = s.partner_id
		WHERE s.id::text = @statement AND s.round_id = @round AND s.account_id = @account`,
		pgx.StrictNamedArgs{"statement": statement, "round": int64(round), "account": int64(by.Account)})
	st, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Statement])
	if err != nil {
		return Statement{}, fmt.Errorf("read statement on round %d: %w", round, noRows(err, "There is no such statement. Go back to the round and continue from there."))
	}
	return st, nil
}

// insertAct leaves time, names and offices to the database, which takes them from the appointment and the statement.
func insertAct(ctx context.Context, tx pgx.Tx, st Statement, method Method) (id.Act, error) {
	var act id.Act
	err := tx.QueryRow(ctx, `
		INSERT INTO act (round_id, seat_id, partner_id, digest, kind, method, statement_id, account_id, appointment_id, office, capacity,
		                 acting_for, organisation_name, reason, at, signed_on)
		VALUES (@round, @seat, @partner, @digest, @kind, @method, @statement, @account, @appointment, @office, @capacity, @acting_for,
		        @organisation, @reason, clock_timestamp(), london_day(clock_timestamp()))
		RETURNING id`,
		pgx.StrictNamedArgs{"round": int64(st.Round), "seat": int64(st.Seat), "partner": int64(st.Partner), "digest": st.Digest,
			"kind": string(st.Kind), "method": string(method), "statement": st.ID, "account": int64(st.Account),
			"appointment": int64(st.Appointment), "office": st.Office, "capacity": string(st.Capacity), "acting_for": st.ActingFor,
			"organisation": st.Organisation, "reason": st.Reason}).Scan(&act)
	if err != nil {
		return 0, fmt.Errorf("insert act on round %d: %w", st.Round, translate(err))
	}
	return act, nil
}

func updateRoundOutcome(ctx context.Context, tx pgx.Tx, round id.Round, outcome Outcome, reason string, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE round SET outcome = @outcome, ended_at = @at, end_reason = @reason WHERE id = @round`,
		pgx.StrictNamedArgs{"round": int64(round), "outcome": string(outcome), "reason": reason, "at": at})
	if err != nil {
		return fmt.Errorf("end round %d as %s: %w", round, outcome, translate(err))
	}
	return nil
}

func insertSetAside(ctx context.Context, tx pgx.Tx, by authz.Actor, round id.Round, reason string) error {
	_, err := tx.Exec(ctx, `INSERT INTO round_set_aside (round_id, reason, set_by) VALUES (@round, @reason, @by)`,
		pgx.StrictNamedArgs{"round": int64(round), "reason": reason, "by": int64(by.Account)})
	if err != nil {
		return fmt.Errorf("set round %d aside: %w", round, translate(err))
	}
	return nil
}

func insertConfirmation(ctx context.Context, tx pgx.Tx, by authz.Actor, round id.Round) error {
	_, err := tx.Exec(ctx, `INSERT INTO recorded_confirmation (round_id, confirmed_by) VALUES (@round, @by)`,
		pgx.StrictNamedArgs{"round": int64(round), "by": int64(by.Account)})
	if err != nil {
		return fmt.Errorf("confirm recorded round %d: %w", round, translate(err))
	}
	return nil
}

func insertRecordedAct(ctx context.Context, tx pgx.Tx, by authz.Actor, r Round, seat Seat, act RecordedAct) error {
	var file *int64
	if act.Evidence != nil {
		err := tx.QueryRow(ctx, `
			INSERT INTO evidence_file (name, media_type, body, added_by) VALUES (@name, @media_type, @body, @by) RETURNING id`,
			pgx.StrictNamedArgs{"name": act.Evidence.Name, "media_type": act.Evidence.MediaType, "body": act.Evidence.Body, "by": int64(by.Account)}).Scan(&file)
		if err != nil {
			return fmt.Errorf("insert evidence for round %d: %w", r.ID, translate(err))
		}
	}
	on := day.Roughly(act.SignedOn.Date, act.SignedOn.Precision)
	_, err := tx.Exec(ctx, `
		INSERT INTO act (round_id, seat_id, partner_id, digest, kind, method, office, capacity, organisation_name, officer_name, at,
		                 signed_on, signed_precision, source, evidence_file_id)
		VALUES (@round, @seat, @partner, @digest, 'sign', 'recorded', @office, 'lead', @organisation, @officer, clock_timestamp(),
		        @signed_on, @precision, @source, @file)`,
		pgx.StrictNamedArgs{"round": int64(r.ID), "seat": int64(seat.ID), "partner": int64(seat.Partner), "digest": r.Digest,
			"office": strings.TrimSpace(act.Office), "organisation": seat.OrganisationName, "officer": strings.TrimSpace(act.OfficerName),
			"signed_on": on.Date, "precision": string(on.Precision), "source": strings.TrimSpace(act.Source), "file": file})
	if err != nil {
		return fmt.Errorf("insert recorded act of partner %d on round %d: %w", seat.Partner, r.ID, translate(err))
	}
	return nil
}

func selectEvidence(ctx context.Context, q pg.DB, file int64) (File, error) {
	rows, _ := q.Query(ctx, `SELECT name, media_type, body FROM evidence_file WHERE id = @file`, pgx.StrictNamedArgs{"file": file})
	f, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[File])
	if err != nil {
		return File{}, fmt.Errorf("read evidence file %d: %w", file, noRows(err, "There is no such file."))
	}
	return f, nil
}

func insertRemark(ctx context.Context, tx pgx.Tx, by authz.Actor, round id.Round, partner id.Partner, kind, body string) (int64, error) {
	var remark int64
	err := tx.QueryRow(ctx, `
		INSERT INTO remark (round_id, partner_id, account_id, kind, body) VALUES (@round, @partner, @by, @kind, @body) RETURNING id`,
		pgx.StrictNamedArgs{"round": int64(round), "partner": int64(partner), "by": int64(by.Account), "kind": kind, "body": body}).Scan(&remark)
	if err != nil {
		return 0, fmt.Errorf("insert remark on round %d: %w", round, translate(err))
	}
	return remark, nil
}

func insertAnswer(ctx context.Context, tx pgx.Tx, by authz.Actor, remark int64, body string) error {
	_, err := tx.Exec(ctx, `INSERT INTO remark_answer (remark_id, account_id, body) VALUES (@remark, @by, @body)`,
		pgx.StrictNamedArgs{"remark": remark, "by": int64(by.Account), "body": body})
	if err != nil {
		return fmt.Errorf("answer remark %d: %w", remark, translate(err))
	}
	return nil
}
