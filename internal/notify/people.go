package notify

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
)

// concern is why a letter goes to somebody. The first that holds decides which letter they get: nobody gets two.
type concern int

const (
	appointee concern = iota + 1
	seat              // lead officer or delegate of a seat
	privateOffice
	support
	administrator
	scrutineer
	agencyStaff
	contactPost  // a post and no account: it answers questions about a decision
	scrutinyPost // the post that had notice of an urgency or agreed to it
)

// person is one recipient, with an account or a post's address, with the bodies for which the letter concerns them.
type person struct {
	Account id.Account
	Email   string
	Name    string
	Concern concern
	Bodies  []string
}

type personRow struct {
	Account id.Account
	Email   string
	Name    string
	Concern concern
	Body    string
}

// roundPeople are the lead officers and delegates of a round's seats on a day, their private offices, business support
// and the scrutineer. Appointments count that are confirmed, not withdrawn, good on that day and for that kind of paper.
const roundPeople = `
	SELECT a.id AS account, a.email, a.name, p.concern, p.body FROM (
		SELECT ap.account_id, 2 AS concern, organisation_name_on(sp.organisation_id, @on) AS body
		FROM seat s JOIN safeguarding_partner sp ON sp.id = s.partner_id JOIN appointment ap ON ap.partner_id = sp.id
		WHERE s.round_id = @round AND appointment_counts(ap, @on::date)
		  AND (ap.papers = '{}' OR @paper = ANY (ap.papers))
		UNION
		SELECT g.account_id, 3, organisation_name_on(sp.organisation_id, @on)
		FROM seat s JOIN safeguarding_partner sp ON sp.id = s.partner_id JOIN role_grant g ON g.organisation_id = sp.organisation_id
		WHERE s.round_id = @round AND g.role = 'office' AND g.ended_at IS NULL
		UNION
		SELECT g.account_id, CASE g.role WHEN 'business-support' THEN 4 ELSE 6 END, ''
		FROM role_grant g WHERE g.role IN ('business-support', 'scrutineer') AND g.ended_at IS NULL
	) p JOIN account a ON a.id = p.account_id
	WHERE a.suspended_at IS NULL
	ORDER BY p.concern, a.id, p.body`

// versionPeople are those whom a publication concerns.
const versionPeople = `
	SELECT a.id AS account, a.email, a.name, p.concern, p.body FROM (
		SELECT ap.account_id, 2 AS concern, '' AS body
		FROM seat s JOIN appointment ap ON ap.partner_id = s.partner_id
		WHERE s.round_id = @round AND appointment_counts(ap, @on::date)
		  AND (ap.papers = '{}' OR @paper = ANY (ap.papers))
		UNION
		SELECT g.account_id, 4, '' FROM role_grant g WHERE g.role = 'business-support' AND g.ended_at IS NULL
		UNION
		SELECT g.account_id, 7, organisation_name_on(m.organisation_id, @on)
		FROM agency_membership m JOIN role_grant g ON g.organisation_id = m.organisation_id
		WHERE m.during @> @on::date AND m.retracted_at IS NULL AND g.role = 'agency-staff' AND g.ended_at IS NULL
	) p JOIN account a ON a.id = p.account_id
	WHERE a.suspended_at IS NULL
	ORDER BY p.concern, a.id, p.body`

// appointmentPeople are the appointee, the lead officer who named them, those who confirm, and business support.
const appointmentPeople = `
	SELECT a.id AS account, a.email, a.name, p.concern, '' AS body FROM (
		SELECT account_id, 1 AS concern FROM appointment WHERE id = @appointment
		UNION
		SELECT proposed_by, 2 FROM appointment WHERE id = @appointment AND delegated_under IS NOT NULL
		UNION
		SELECT account_id, CASE role WHEN 'business-support' THEN 4 ELSE 5 END
		FROM role_grant WHERE role IN ('business-support', 'administrator') AND ended_at IS NULL
	) p JOIN account a ON a.id = p.account_id
	WHERE a.suspended_at IS NULL
	ORDER BY p.concern, a.id`

// requestPeople are business support, who answer a request for a delegate, and the lead officer who made it.
const requestPeople = `
	SELECT a.id AS account, a.email, a.name, p.concern, '' AS body FROM (
		SELECT l.account_id, 2 AS concern FROM delegate_request r JOIN appointment l ON l.id = r.lead_id WHERE r.id = @request
		UNION
		SELECT account_id, 4 FROM role_grant WHERE role = 'business-support' AND ended_at IS NULL
	) p JOIN account a ON a.id = p.account_id
	WHERE a.suspended_at IS NULL
	ORDER BY p.concern, a.id`

func (w *Writer) people(ctx context.Context, tx pgx.Tx, query string, args pgx.StrictNamedArgs) ([]person, error) {
	rows, _ := tx.Query(ctx, query, args)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[personRow])
	if err != nil {
		return nil, fmt.Errorf("find out whom a letter concerns: %w", err)
	}
	return oneEach(found), nil
}

func (w *Writer) peopleOfRound(ctx context.Context, tx pgx.Tx, r roundRow, on day.Date) ([]person, error) {
	return w.people(ctx, tx, roundPeople, pgx.StrictNamedArgs{"round": r.Round, "on": on, "paper": r.Paper})
}

// oneEach gathers the rows of each person, in order of concern: the first concern stays.
func oneEach(rows []personRow) []person {
	var people []person
	for _, r := range rows {
		i := slices.IndexFunc(people, func(p person) bool { return p.Account == r.Account && (r.Account != 0 || p.Email == r.Email) })
		if i < 0 {
			people = append(people, person{Account: r.Account, Email: r.Email, Name: r.Name, Concern: r.Concern})
			i = len(people) - 1
		}
		if people[i].Concern == r.Concern && r.Body != "" && !slices.Contains(people[i].Bodies, r.Body) {
			people[i].Bodies = append(people[i].Bodies, r.Body)
		}
	}
	return people
}
