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

// lockRound takes the row lock under which everything about a round is decided.
func lockRound(ctx context.Context, tx pgx.Tx, round id.Round) error {
	var got int64
	err := tx.QueryRow(ctx, `SELECT id FROM round WHERE id = @round FOR UPDATE`, pgx.StrictNamedArgs{"round": int64(round)}).Scan(&got)
	if err != nil {
		return fmt.Errorf("lock round %d: %w", round, noRows(err, "There is no such round."))
	}
	return nil
}

// visible is who may see a round; it goes with visibleArgs.
const visible = `(@all OR EXISTS (SELECT FROM act a WHERE a.round_id = r.id AND a.account_id = @account)
	OR EXISTS (SELECT FROM seat s JOIN safeguarding_partner p ON p.id = s.partner_id
	           WHERE s.round_id = r.id AND (s.partner_id = ANY (@partners) OR p.organisation_id = ANY (@offices))))`

func visibleArgs(by authz.Actor, more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	partners, offices := []int64{}, []int64{}
	for _, p := range by.Partners() {
		partners = append(partners, int64(p))
	}
	for _, o := range by.Organisations(authz.Office) {
		offices = append(offices, int64(o))
	}
	more["all"] = by.Can(authz.ReadDrafts)
	more["account"] = int64(by.Account)
	more["partners"] = partners
	more["offices"] = offices
	return more
}

type roundRow struct {
	ID id.Round
	paperRow
	Number     int
	Origin     Origin
	Content    []byte
	Digest     []byte
	SeatsOn    day.Date
	DueOn      day.Date
	OpenedBy   id.Account
	OpenedName string
	OpenedAt   time.Time
	Outcome    Outcome
	EndedAt    *time.Time
	EndReason  string
	SetAside   string
}

func selectRound(ctx context.Context, q pg.DB, by authz.Actor, round id.Round) (Round, error) {
	rows, _ := q.Query(ctx, `
		SELECT r.id, `+paperColumns+`, r.number, r.origin, r.content, r.digest,
		       r.seats_on, r.due_on, coalesce(r.opened_by, 0) AS opened_by, coalesce(c.name, '') AS opened_name, r.opened_at, r.outcome,
		       r.ended_at, r.end_reason, coalesce(sa.reason, '') AS set_aside
		FROM round r `+ofRound+`
		LEFT JOIN account c ON c.id = r.opened_by LEFT JOIN round_set_aside sa ON sa.round_id = r.id
		WHERE r.id = @round AND `+visible,
		visibleArgs(by, pgx.StrictNamedArgs{"round": int64(round)}))
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[roundRow])
	if err != nil {
		return Round{}, fmt.Errorf("read round %d: %w", round, noRows(err, "There is no such round."))
	}
	r := Round{ID: row.ID, Number: row.Number, Origin: row.Origin, Content: row.Content, Digest: row.Digest, SeatsOn: row.SeatsOn,
		DueOn: row.DueOn, OpenedBy: row.OpenedBy, OpenedName: row.OpenedName, OpenedAt: row.OpenedAt, Outcome: row.Outcome,
		EndReason: row.EndReason, SetAside: row.SetAside,
		Paper: row.paper()}
	if row.EndedAt != nil {
		r.EndedAt = *row.EndedAt
	}
	if r.Seats, err = selectSeats(ctx, q, r); err != nil {
		return Round{}, err
	}
	if err := addHolders(ctx, q, r.Seats); err != nil {
		return Round{}, err
	}
	if r.Remarks, err = selectRemarks(ctx, q, round); err != nil {
		return Round{}, err
	}
	r.Scrutiny, err = selectScrutiny(ctx, q, round)
	return r, err
}

type seatRow struct {
	ID               id.Seat
	Partner          id.Partner
	Organisation     id.Organisation
	OrganisationSlug string
	OrganisationName string
	StatutoryKind    string
	PartnerUntil     day.Date
	Act              *id.Act
	Account          id.Account
	Kind             Kind
	Method           Method
	Statement        string
	StatementDigest  []byte
	Office           string
	Capacity         authz.Capacity
	ActingFor        string
	Instrument       string
	InstrumentOn     day.Date
	OfficerName      string
	Reason           string
	At               *time.Time
	SignedOn         day.Date
	SignedPrecision  day.Precision
	Source           string
	EvidenceFile     int64
	EvidenceName     string
}

func selectSeats(ctx context.Context, q pg.DB, r Round) ([]Seat, error) {
	rows, _ := q.Query(ctx, `
		SELECT s.id, s.partner_id AS partner, o.id AS organisation, o.slug AS organisation_slug,
		       coalesce(a.organisation_name, organisation_name_on(o.id, @seats_on)) AS organisation_name, p.statutory_kind,
		       p.ends_on AS partner_until, a.id AS act, coalesce(a.account_id, 0) AS account, coalesce(a.kind, '') AS kind,
		       coalesce(a.method, '') AS method, coalesce(a.statement_id::text, '') AS statement, st.body_digest AS statement_digest,
		       coalesce(a.office, '') AS office, coalesce(a.capacity, '') AS capacity, coalesce(a.acting_for, '') AS acting_for,
		       coalesce(a.instrument, '') AS instrument, a.instrument_on, coalesce(a.officer_name, '') AS officer_name, coalesce(a.reason, '') AS reason, a.at, a.signed_on,
		       coalesce(a.signed_precision, '') AS signed_precision, coalesce(a.source, '') AS source,
		       coalesce(a.evidence_file_id, 0) AS evidence_file, coalesce(f.name, '') AS evidence_name
		FROM seat s JOIN safeguarding_partner p ON p.id = s.partner_id JOIN organisation o ON o.id = p.organisation_id
		LEFT JOIN act a ON a.seat_id = s.id LEFT JOIN statement st ON st.id = a.statement_id
		LEFT JOIN evidence_file f ON f.id = a.evidence_file_id
		WHERE s.round_id = @round
		ORDER BY array_position(ARRAY['local authority', 'police', 'health'], p.statutory_kind), organisation_name`,
		pgx.StrictNamedArgs{"round": int64(r.ID), "seats_on": r.SeatsOn})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[seatRow])
	if err != nil {
		return nil, fmt.Errorf("read seats of round %d: %w", r.ID, err)
	}
	seats := make([]Seat, len(found))
	for i, f := range found {
		seats[i] = Seat{ID: f.ID, Partner: f.Partner, Organisation: f.Organisation, OrganisationSlug: f.OrganisationSlug,
			OrganisationName: f.OrganisationName, StatutoryKind: f.StatutoryKind, PartnerUntil: f.PartnerUntil}
		if f.Act != nil {
			seats[i].Act = &Act{ID: *f.Act, Seat: f.ID, Account: f.Account, Kind: f.Kind, Method: f.Method, Statement: f.Statement,
				StatementDigest: f.StatementDigest, Office: f.Office, Capacity: f.Capacity, ActingFor: f.ActingFor,
				Instrument: f.Instrument, InstrumentOn: f.InstrumentOn,
				OrganisationName: f.OrganisationName, OfficerName: f.OfficerName, Reason: f.Reason, At: *f.At,
				SignedOn: day.Approx{Date: f.SignedOn, Precision: f.SignedPrecision}, Source: f.Source,
				EvidenceFile: f.EvidenceFile, EvidenceName: f.EvidenceName}
		}
	}
	return seats, nil
}

func selectSeatsToBe(ctx context.Context, q pg.DB, paper PaperRef, on day.Date) ([]Seat, error) {
	rows, _ := q.Query(ctx, `
		SELECT p.id AS partner, o.id AS organisation, o.slug AS organisation_slug, organisation_name_on(o.id, @on) AS organisation_name,
		       p.statutory_kind, p.ends_on AS partner_until
		FROM safeguarding_partner p JOIN organisation o ON o.id = p.organisation_id
		WHERE partner_signs(p, @kind, @paper, @on)
		ORDER BY array_position(ARRAY['local authority', 'police', 'health'], p.statutory_kind), organisation_name`,
		pgx.StrictNamedArgs{"kind": string(paper.Kind), "paper": paper.ID, "on": on})
	type seatToBe struct {
		Partner          id.Partner
		Organisation     id.Organisation
		OrganisationSlug string
		OrganisationName string
		StatutoryKind    string
		PartnerUntil     day.Date
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[seatToBe])
	if err != nil {
		return nil, fmt.Errorf("read seats of %s %d on %s: %w", paper.Kind, paper.ID, on, err)
	}
	seats := make([]Seat, len(found))
	for i, f := range found {
		seats[i] = Seat{Partner: f.Partner, Organisation: f.Organisation, OrganisationSlug: f.OrganisationSlug,
			OrganisationName: f.OrganisationName, StatutoryKind: f.StatutoryKind, PartnerUntil: f.PartnerUntil}
	}
	return seats, nil
}

func selectRemarks(ctx context.Context, q pg.DB, round id.Round) ([]Remark, error) {
	type remarkRow struct {
		ID               int64
		Partner          id.Partner
		OrganisationName string
		Name             string
		Kind             string
		Body             string
		At               time.Time
		Answer           string
		AnsweredBy       string
		AnsweredAt       *time.Time
	}
	rows, _ := q.Query(ctx, `
		SELECT m.id, m.partner_id AS partner, organisation_name_on(p.organisation_id, london_day(m.recorded_at)) AS organisation_name, c.name,
		       m.kind, m.body, m.recorded_at AS at, coalesce(n.body, '') AS answer, coalesce(nc.name, '') AS answered_by, n.recorded_at AS answered_at
		FROM remark m JOIN safeguarding_partner p ON p.id = m.partner_id JOIN account c ON c.id = m.account_id
		LEFT JOIN remark_answer n ON n.remark_id = m.id LEFT JOIN account nc ON nc.id = n.account_id
		WHERE m.round_id = @round ORDER BY m.id`, pgx.StrictNamedArgs{"round": int64(round)})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[remarkRow])
	if err != nil {
		return nil, fmt.Errorf("read remarks of round %d: %w", round, err)
	}
	remarks := make([]Remark, len(found))
	for i, f := range found {
		remarks[i] = Remark{ID: f.ID, Partner: f.Partner, OrganisationName: f.OrganisationName, Name: f.Name, Kind: f.Kind, Body: f.Body,
			At: f.At, Answer: f.Answer, AnsweredBy: f.AnsweredBy}
		if f.AnsweredAt != nil {
			remarks[i].AnsweredAt = *f.AnsweredAt
		}
	}
	return remarks, nil
}

type summaryRow struct {
	ID id.Round
	paperRow
	Number     int
	Origin     Origin
	Outcome    Outcome
	SetAside   bool
	OpenedAt   time.Time
	DueOn      day.Date
	Seats      int
	Signed     int
	OpenedBy   id.Account
	Remarks    int
	Mine       int
	ActedByMe  bool
	ActedForUs bool
}

func selectQueue(ctx context.Context, q pg.DB, by authz.Actor) ([]Summary, error) {
	rows, _ := q.Query(ctx, `
		SELECT r.id, `+paperColumns+`, r.number, r.origin, r.outcome,
		       EXISTS (SELECT FROM round_set_aside sa WHERE sa.round_id = r.id) AS set_aside, r.opened_at, r.due_on,
		       (SELECT count(*) FROM seat s WHERE s.round_id = r.id) AS seats,
		       (SELECT count(*) FROM act a WHERE a.round_id = r.id AND a.kind = 'sign') AS signed,
		       coalesce(r.opened_by, 0) AS opened_by,
		       (SELECT count(*) FROM remark m WHERE m.round_id = r.id AND NOT EXISTS (SELECT FROM remark_answer n WHERE n.remark_id = m.id)) AS remarks,
		       (SELECT count(*) FROM seat s WHERE s.round_id = r.id AND r.outcome = 'open' AND r.origin = 'portal' AND s.partner_id = ANY (@partners)
		           AND NOT EXISTS (SELECT FROM act a WHERE a.seat_id = s.id)) AS mine,
		       EXISTS (SELECT FROM act a WHERE a.round_id = r.id AND a.account_id = @account) AS acted_by_me,
		       EXISTS (SELECT FROM act a JOIN safeguarding_partner p ON p.id = a.partner_id WHERE a.round_id = r.id
		           AND (a.partner_id = ANY (@partners) OR p.organisation_id = ANY (@offices))) AS acted_for_us
		FROM round r `+ofRound+`
		WHERE `+visible+`
		ORDER BY r.outcome = 'open' DESC, r.opened_at DESC LIMIT 200`, visibleArgs(by, pgx.StrictNamedArgs{}))
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[summaryRow])
	if err != nil {
		return nil, fmt.Errorf("read rounds: %w", err)
	}
	list := make([]Summary, len(found))
	for i, f := range found {
		list[i] = Summary{ID: f.ID, Number: f.Number, Origin: f.Origin, Outcome: f.Outcome, SetAside: f.SetAside, OpenedAt: f.OpenedAt,
			DueOn: f.DueOn, Seats: f.Seats, Signed: f.Signed, OpenedBy: f.OpenedBy, Remarks: f.Remarks, Mine: f.Mine,
			ActedByMe: f.ActedByMe, ActedForUs: f.ActedForUs,
			Paper: f.paper()}
	}
	return list, nil
}
