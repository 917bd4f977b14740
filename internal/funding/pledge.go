package funding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
)

// Pledge is a line that the actor's own agency is to give.
type Pledge struct {
	PlanLine
	Year       day.FinancialYear
	IsAgreed   bool // by the safeguarding partners
	IsReleased bool // to the public
}

// PledgeCommand confirms or queries a pledge as it was read.
type PledgeCommand struct {
	Line     id.FundingLine
	Revision int
	Answer   Answer
	Words    string // what is queried; with a confirmation they may be empty
}

var errNotYours = fault.New(fault.Forbidden, "Only staff of the agency that makes the pledge confirm it.")

// agenciesOf are the agencies of which the actor is staff.
func agenciesOf(by authz.Actor) []id.Organisation {
	var bodies []id.Organisation
	for _, h := range by.Held {
		if h.Role == authz.AgencyStaff {
			bodies = append(bodies, h.Organisation)
		}
	}
	return bodies
}

// Pledges lists what the actor's own agencies are to give, the latest year first. Fault: Forbidden.
func (s *Years) Pledges(ctx context.Context, by authz.Actor) ([]Pledge, error) {
	if !by.Can(authz.ConfirmPledge) {
		return nil, errNotYours
	}
	rows, _ := s.db.Query(ctx, `
		SELECT q.*, y.financial_year AS year, y.agreed_at IS NOT NULL AS is_agreed, y.released_at IS NOT NULL AS is_released
		FROM (`+planLineColumns+` WHERE l.removed_at IS NULL AND l.organisation_id = ANY (@bodies)) q
		JOIN funding_line x ON x.id = q.id JOIN funding_year y ON y.financial_year = x.financial_year ORDER BY y.financial_year DESC, q.id`,
		pgx.StrictNamedArgs{"bodies": agenciesOf(by)})
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Pledge])
	if err != nil {
		return nil, fmt.Errorf("read the pledges of account %d: %w", by.Account, err)
	}
	return list, nil
}

// AnswerPledge confirms a pledge of the actor's own agency, or queries it. Faults: Forbidden, NotFound, Conflict (the line
// has changed since it was read), Invalid of the fields answer and words.
func (s *Years) AnswerPledge(ctx context.Context, by authz.Actor, cmd PledgeCommand) error {
	cmd.Words = strings.TrimSpace(cmd.Words)
	switch {
	case !by.Can(authz.ConfirmPledge) || !by.SignedIn():
		return errNotYours
	case cmd.Answer != Confirmed && cmd.Answer != Queried:
		return fault.Field("answer", "Choose whether you confirm the pledge")
	case cmd.Answer == Queried && cmd.Words == "":
		return fault.Field("words", "Enter what is to be changed or explained")
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var body id.Organisation
		err := tx.QueryRow(ctx, `SELECT organisation_id FROM funding_line WHERE id = $1 AND removed_at IS NULL`, cmd.Line).Scan(&body)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoPlanLine
		}
		if err != nil {
			return fmt.Errorf("find line %d: %w", cmd.Line, err)
		}
		if !slices.Contains(agenciesOf(by), body) {
			return errNoPlanLine // another agency's proposal is not to be known of
		}
		_, err = tx.Exec(ctx, `INSERT INTO pledge_confirmation (line_id, revision, account_id, answer, words) VALUES (@line, @revision, @by, @answer, @words)`,
			pgx.StrictNamedArgs{"line": cmd.Line, "revision": cmd.Revision, "by": by.Account, "answer": cmd.Answer, "words": cmd.Words})
		if err != nil {
			return fmt.Errorf("answer pledge %d: %w", cmd.Line, translateYear(err))
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionAnswer, SubjectKind: lineSubject, SubjectID: int64(cmd.Line), After: string(cmd.Answer)})
	})
}
