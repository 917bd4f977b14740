package overview

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Check is one kind of thing that can be wrong with the membership.
type Check string

// The checks, in the order in which they are shown: what keeps a round from completing comes first.
const (
	SeatsAtRisk        Check = "seats-at-risk"
	Ending             Check = "appointments-ending"
	WithoutLead        Check = "partners-without-lead"
	Gaps               Check = "gaps-between-leads"
	Unfollowed         Check = "successions-not-followed"
	RolesOfEnded       Check = "roles-of-ended-bodies"
	ProposalsWaiting   Check = "proposals-waiting"
	RivalProposals     Check = "rival-proposals"
	RequestsWaiting    Check = "delegate-requests"
	CorrectionsWait    Check = "corrections-waiting"
	WithoutContact     Check = "contact-posts-missing"
	SharedPosts        Check = "posts-with-two-holders"
	EmptyPosts         Check = "posts-without-holder"
	StalePosts         Check = "posts-not-reviewed"
	WithoutCategory    Check = "agencies-without-category"
	WithoutReader      Check = "agencies-without-reader"
	NamedNowhere       Check = "agencies-named-nowhere"
	warningDays              = 60 // before an appointment ends
	reviewDays               = 365
	shownOfEach              = 20
	pageSize                 = 100
	mayNotSeeAttention       = "Only business support and the independent scrutineer see what needs attention."
)

// Matter is one thing that is wrong. Which fields say something depends on its check.
type Matter struct {
	Check        Check  `db:"-"`
	Organisation string // name of today
	Slug         string
	Partner      id.Partner
	Appointment  id.Appointment
	Request      id.DelegateRequest // or of another thing that waits for an answer: a correction
	Round        id.Round
	Seat         id.Seat
	Post         id.Post
	Account      id.Account
	Person       string
	Office       string
	Detail       string // of a seat at risk: why; of others another body, a paper, a role
	Title        string // of the paper
	OnDay        day.Date
	Total        int `db:"total"`
}

// Section is all matters of one check: how many there are, and the first of them.
type Section struct {
	Check   Check
	Count   int
	Matters []Matter
}

// Attention reads what is wrong with the membership, or soon will be.
type Attention struct {
	db  pg.DB
	now func() time.Time
}

// NewAttention makes the reader over the application's pool.
func NewAttention(db pg.DB, now func() time.Time) *Attention { return &Attention{db, now} }

var errMayNotSee = fault.New(fault.Forbidden, mayNotSeeAttention)

// Everything lists every check that finds something, with its first matters. Fault: Forbidden.
func (a *Attention) Everything(ctx context.Context, by authz.Actor) ([]Section, error) {
	if !by.Can(authz.ReadAttention) {
		return nil, errMayNotSee
	}
	var sections []Section
	for _, c := range checks {
		found, err := a.find(ctx, c, "", nil, shownOfEach, 0)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			sections = append(sections, Section{Check: c.name, Count: found[0].Total, Matters: found})
		}
	}
	return sections, nil
}

// Of lists the matters of one check, by pages of a hundred counted from one. Faults: Forbidden, NotFound.
func (a *Attention) Of(ctx context.Context, by authz.Actor, name Check, page int) (Section, error) {
	if !by.Can(authz.ReadAttention) {
		return Section{}, errMayNotSee
	}
	for _, c := range checks {
		if c.name != name {
			continue
		}
		found, err := a.find(ctx, c, "", nil, pageSize, (max(page, 1)-1)*pageSize)
		if err != nil {
			return Section{}, err
		}
		s := Section{Check: name, Matters: found}
		if len(found) > 0 {
			s.Count = found[0].Total
		}
		return s, nil
	}
	return Section{}, fault.New(fault.NotFound, "There is no such check.")
}

// Pages is how many pages a section of this check has.
func (s Section) Pages() int { return (s.Count + pageSize - 1) / pageSize }

// Count says how many matters there are in all. Fault: Forbidden.
func (a *Attention) Count(ctx context.Context, by authz.Actor) (int, error) {
	if !by.Can(authz.ReadAttention) {
		return 0, errMayNotSee
	}
	parts := make([]string, len(checks))
	for i, c := range checks {
		parts[i] = "SELECT count(*) AS n FROM (" + c.sql + ") c"
	}
	args := a.args(nil)
	var n int
	if err := a.db.QueryRow(ctx, "SELECT sum(n)::bigint FROM ("+strings.Join(parts, " UNION ALL ")+") counts", args).Scan(&n); err != nil {
		return 0, fmt.Errorf("count what needs attention: %w", err)
	}
	return n, nil
}

// RisksOfRound lists the seats of a round that are at risk, for whoever was shown the round.
func (a *Attention) RisksOfRound(ctx context.Context, round id.Round) ([]Matter, error) {
	return a.find(ctx, seatsAtRisk, "round = @round", pgx.StrictNamedArgs{"round": round}, pageSize, 0)
}

// OfActor lists what concerns the partners for whom the actor acts or whose private office they are: their seats at risk,
// and their appointments that end.
func (a *Attention) OfActor(ctx context.Context, by authz.Actor) ([]Matter, error) {
	bodies := by.Organisations(authz.Office)
	for _, s := range by.Seats {
		bodies = append(bodies, s.Organisation)
	}
	if len(bodies) == 0 {
		return nil, nil
	}
	var all []Matter
	for _, c := range []check{seatsAtRisk, ending} {
		found, err := a.find(ctx, c, "organisation_id = ANY (@bodies::bigint[])", pgx.StrictNamedArgs{"bodies": bodies}, shownOfEach, 0)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// ToWarnOf lists what will keep a partner from signing, for the daily letters: appointments that end, and seats at risk
// for another reason.
func (a *Attention) ToWarnOf(ctx context.Context) ([]Matter, error) {
	const most = 1000
	all, err := a.find(ctx, ending, "", nil, most, 0)
	if err != nil {
		return nil, err
	}
	seats, err := a.find(ctx, seatsAtRisk, "detail <> '"+RiskLastHolder+"'", nil, most, 0)
	return append(all, seats...), err
}

func (a *Attention) args(more pgx.StrictNamedArgs) pgx.NamedArgs {
	args := pgx.NamedArgs{"today": day.Of(a.now()), "soon": warningDays, "review": reviewDays} // not every check asks for each
	for name, value := range more {
		args[name] = value
	}
	return args
}

// blank are the columns of a matter that a check need not give.
var blank = []struct{ name, value string }{
	{"organisation_id", "NULL::bigint"}, {"partner", "0::bigint"}, {"appointment", "0::bigint"}, {"request", "0::bigint"}, {"round", "0::bigint"},
	{"seat", "0::bigint"}, {"post", "0::bigint"}, {"account", "0::bigint"}, {"person", "''"}, {"office", "''"}, {"detail", "''"}, {"title", "''"},
	{"on_day", "NULL::date"},
}

// find runs a check. Names of bodies are looked up for the matters that are shown, not for all that are counted.
func (a *Attention) find(ctx context.Context, c check, where string, more pgx.StrictNamedArgs, limit, offset int) ([]Matter, error) {
	var columns []string
	for _, b := range blank {
		if strings.Contains(c.gives, b.name) {
			columns = append(columns, "f."+b.name)
		} else {
			columns = append(columns, b.value+" AS "+b.name)
		}
	}
	if where != "" {
		where = " WHERE " + where
	}
	rows, _ := a.db.Query(ctx, fmt.Sprintf(`
		SELECT coalesce(organisation_name_on(o.id, @today::date), '') AS organisation, coalesce(o.slug, '') AS slug, t.partner, t.appointment, t.request,
		       t.round, t.seat, t.post, t.account, t.person, t.office, t.detail, t.title, t.on_day, t.total
		FROM (SELECT %s, count(*) OVER () AS total FROM (%s) f%s ORDER BY on_day NULLS LAST, organisation_id, appointment, post LIMIT %d OFFSET %d) t
		LEFT JOIN organisation o ON o.id = t.organisation_id
		ORDER BY t.on_day NULLS LAST, t.organisation_id, t.appointment, t.post`,
		strings.Join(columns, ", "), c.sql, where, limit, offset), a.args(more))
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Matter])
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", c.name, err)
	}
	for i := range found {
		found[i].Check = c.name
	}
	return found, nil
}
