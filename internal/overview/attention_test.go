package overview_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
	"partnershipportal/internal/signoff/signofftest"
)

var support = authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.BusinessSupport}}}

// watched is the attention over a database of the test's own, and what it says.
type watched struct {
	t  *testing.T
	db pg.DB
	a  *overview.Attention
}

func watch(t *testing.T) watched {
	t.Helper()
	db := pgtest.Tx(t)
	return watched{t, db, overview.NewAttention(db, time.Now)}
}

func (w watched) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// of is the matters of a check about one body.
func (w watched) of(check overview.Check, slug string) []overview.Matter {
	w.t.Helper()
	s, err := w.a.Of(context.Background(), support, check, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	var found []overview.Matter
	for _, m := range s.Matters {
		if m.Slug == slug {
			found = append(found, m)
		}
	}
	return found
}

func (w watched) want(check overview.Check, slug string, n int) {
	w.t.Helper()
	if got := w.of(check, slug); len(got) != n {
		w.t.Errorf("%s: %d matters of %s, want %d: %+v", check, len(got), slug, n, got)
	}
}

func TestAnEmptyInstallationNeedsNoAttention(t *testing.T) {
	t.Parallel()
	w := watch(t)
	sections, err := w.a.Everything(t.Context(), support)
	if err != nil || len(sections) != 0 {
		t.Errorf("Everything = %+v, %v", sections, err)
	}
	if n, err := w.a.Count(t.Context(), support); err != nil || n != 0 {
		t.Errorf("Count = %d, %v", n, err)
	}
}

func TestOnlySupportAndTheScrutineerSeeWhatNeedsAttention(t *testing.T) {
	t.Parallel()
	w := watch(t)
	for role, may := range map[authz.Role]bool{authz.BusinessSupport: true, authz.Scrutineer: true, authz.Administrator: false, authz.Office: false, authz.AgencyStaff: false} {
		by := authz.Actor{Account: 1, Held: []authz.Held{{Role: role}}}
		_, err := w.a.Everything(t.Context(), by)
		_, counted := w.a.Count(t.Context(), by)
		_, listed := w.a.Of(t.Context(), by, overview.Gaps, 1)
		for _, e := range []error{err, counted, listed} {
			if (e == nil) != may || (e != nil && !errors.Is(e, fault.Forbidden)) {
				t.Errorf("%s: %v", role, e)
			}
		}
	}
	if _, err := w.a.Of(t.Context(), support, "no-such-check", 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown check: %v", err)
	}
}

func TestSeatsAtRisk(t *testing.T) {
	t.Parallel()
	today := day.Of(time.Now())
	for name, tt := range map[string]struct {
		change string
		want   string
	}{
		"nothing happened":                {`SELECT 1`, ""},
		"the appointment was withdrawn":   {`UPDATE appointment SET withdrawn_by = proposed_by WHERE id = @appointment`, overview.RiskEmpty},
		"the account is suspended":        {`UPDATE account SET suspended_at = now() WHERE id = (SELECT account_id FROM appointment WHERE id = @appointment)`, overview.RiskEmpty},
		"the appointment ends in 60 days": {`UPDATE appointment SET ends_on = @soon WHERE id = @appointment`, overview.RiskLastHolder},
		"the appointment ends in 61 days": {`UPDATE appointment SET ends_on = @later WHERE id = @appointment`, ""},
		"the partner's time ends":         {`UPDATE safeguarding_partner SET ends_on = @soon WHERE id = @partner`, overview.RiskEnds},
		"the partner's time is over":      {`UPDATE safeguarding_partner SET ends_on = @yesterday WHERE id = @partner`, overview.RiskEnded},
		"another body takes over":         {`INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES (@body, @other, @soon)`, overview.RiskSucceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := watch(t)
			m := arrangementtest.OutForSignOff(t, w.db)
			officer, partner := m.Officers[1], m.Partners[1]
			_, err := w.db.Exec(t.Context(), tt.change, pgx.NamedArgs{"appointment": officer.Seats[0].Appointment, "partner": partner.ID, "body": partner.Body.ID,
				"other": membershiptest.Organisation(t, w.db).ID, "soon": today.Add(60), "later": today.Add(61), "yesterday": today.Add(-1)})
			if err != nil {
				t.Fatal(err)
			}
			got := w.of(overview.SeatsAtRisk, partner.Body.Slug)
			switch {
			case tt.want == "" && len(got) != 0, tt.want != "" && (len(got) != 1 || got[0].Detail != tt.want || got[0].Round != m.Round):
				t.Fatalf("got %+v, want %q", got, tt.want)
			}
			of, err := w.a.RisksOfRound(t.Context(), m.Round)
			if err != nil || len(of) != len(got) {
				t.Errorf("of the round: %+v, %v", of, err)
			}
			mine, err := w.a.OfActor(t.Context(), authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Office, Organisation: partner.Body.ID}}})
			if err != nil || (len(got) > 0) != (len(mine) > 0) {
				t.Errorf("of the partner: %+v, %v", mine, err)
			}
			others, err := w.a.OfActor(t.Context(), authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Office, Organisation: m.Partners[0].Body.ID}}})
			if err != nil || len(others) != 0 {
				t.Errorf("of another partner: %+v, %v", others, err)
			}
		})
	}
}

func TestASeatInTheRoundOfAFinancialYearIsAtRiskWithoutSomebodyForTheBudget(t *testing.T) {
	t.Parallel()
	w := watch(t)
	m := signofftest.OpenYear(t, w.db)
	police := m.Officers[1]
	if _, err := w.db.Exec(t.Context(), `UPDATE appointment SET withdrawn_by = proposed_by WHERE id = $1`, police.Actor.Seats[0].Appointment); err != nil {
		t.Fatal(err)
	}
	delegate := func(papers ...string) {
		membershiptest.Appointment(t, w.db, police.Partner.ID, func(a *membershiptest.AppointmentMade) { a.Capacity, a.Papers = authz.Delegate, papers })
	}
	delegate("arrangements")
	got := w.of(overview.SeatsAtRisk, police.Partner.Body.Slug)
	if len(got) != 1 || got[0].Detail != overview.RiskEmpty || got[0].Round != m.Round || got[0].Title != m.Title {
		t.Errorf("with somebody for documents alone: %+v", got)
	}
	delegate(signoff.AnnualBudget)
	if got := w.of(overview.SeatsAtRisk, police.Partner.Body.Slug); len(got) != 0 {
		t.Errorf("with somebody for the annual budget: %+v", got)
	}
}

func TestAppointmentsThatEndAndTheirGaps(t *testing.T) {
	t.Parallel()
	w := watch(t)
	today := day.Of(time.Now())
	lead := func(partner id.Partner, from, to day.Date) membershiptest.AppointmentMade {
		return membershiptest.Appointment(t, w.db, partner, func(a *membershiptest.AppointmentMade) { a.StartsOn, a.EndsOn = from, to })
	}
	ends, followed, gap, none := membershiptest.Partner(t, w.db), membershiptest.Partner(t, w.db), membershiptest.Partner(t, w.db), membershiptest.Partner(t, w.db)
	lead(ends.ID, today.Add(-100), today.Add(30))
	lead(followed.ID, today.Add(-100), today.Add(30))
	lead(followed.ID, today.Add(31), day.Date{})
	lead(gap.ID, today.Add(-100), today.Add(30))
	lead(gap.ID, today.Add(40), day.Date{})
	w.want(overview.Ending, ends.Body.Slug, 1)
	w.want(overview.Ending, followed.Body.Slug, 0)
	w.want(overview.Gaps, followed.Body.Slug, 0)
	if got := w.of(overview.Gaps, gap.Body.Slug); len(got) != 1 || got[0].OnDay != today.Add(31) || got[0].Detail != today.Add(39).String() {
		t.Errorf("the gap is %+v", got)
	}
	w.want(overview.WithoutLead, none.Body.Slug, 1)
	w.want(overview.WithoutLead, ends.Body.Slug, 0)
	membershiptest.Appointment(t, w.db, none.ID, func(a *membershiptest.AppointmentMade) { a.Capacity = authz.Delegate })
	w.want(overview.WithoutLead, none.Body.Slug, 1)
	w.want(overview.ProposalsWaiting, none.Body.Slug, 0)
	membershiptest.Appointment(t, w.db, none.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	w.want(overview.ProposalsWaiting, none.Body.Slug, 1)
	w.want(overview.RivalProposals, none.Body.Slug, 0)
	membershiptest.Appointment(t, w.db, none.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	w.want(overview.RivalProposals, none.Body.Slug, 1)
}

func TestSuccessionsThatNobodyFollowedThrough(t *testing.T) {
	t.Parallel()
	w := watch(t)
	today := day.Of(time.Now())
	old, heir := membershiptest.Partner(t, w.db), membershiptest.Organisation(t, w.db)
	agency := membershiptest.Agency(t, w.db)
	for _, body := range []id.Organisation{old.Body.ID, agency.Body.ID} {
		w.exec(`INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES ($1, $2, $3)`, body, heir.ID, today)
	}
	w.want(overview.Unfollowed, old.Body.Slug, 1)
	w.want(overview.Unfollowed, agency.Body.Slug, 1)
	w.exec(`UPDATE safeguarding_partner SET ends_on = $2 WHERE id = $1`, old.ID, today.Add(-1))
	w.want(overview.Unfollowed, old.Body.Slug, 0)
	w.exec(`INSERT INTO role_grant (account_id, role, organisation_id) VALUES ($1, 'office', $2)`, membershiptest.Person(t, w.db), old.Body.ID)
	w.want(overview.RolesOfEnded, old.Body.Slug, 0)
	w.exec(`UPDATE organisation SET ends_on = $2 WHERE id = $1`, old.Body.ID, today.Add(-1))
	w.want(overview.RolesOfEnded, old.Body.Slug, 1)
}

func TestPostsThatNeedAttention(t *testing.T) {
	t.Parallel()
	w := watch(t)
	today := day.Of(time.Now())
	partner := membershiptest.Partner(t, w.db)
	slug := partner.Body.Slug
	w.want(overview.WithoutContact, slug, 1)
	w.exec(`INSERT INTO post (organisation_id, title, email, is_contact, reviewed_on) VALUES ($1, 'Business manager', 'a@example.org', true, $2)`, partner.Body.ID, today.Add(-366))
	w.want(overview.WithoutContact, slug, 0)
	w.want(overview.EmptyPosts, slug, 1)
	w.want(overview.StalePosts, slug, 1)
	w.exec(`UPDATE post SET reviewed_on = $2 WHERE organisation_id = $1`, partner.Body.ID, today.Add(-365))
	w.want(overview.StalePosts, slug, 0)
	for range 2 {
		w.want(overview.SharedPosts, slug, 0)
		w.exec(`INSERT INTO post_holder (post_id, name, starts_on) SELECT id, 'Ada', $2 FROM post WHERE organisation_id = $1`, partner.Body.ID, today)
	}
	w.want(overview.EmptyPosts, slug, 0)
	w.want(overview.SharedPosts, slug, 1)
}

func TestAgenciesThatNeedAttention(t *testing.T) {
	t.Parallel()
	w := watch(t)
	whole := membershiptest.Agency(t, w.db)
	bare := membershiptest.Agency(t, w.db, func(a *membershiptest.AgencyMade) { a.Categories = nil })
	invitee := membershiptest.Agency(t, w.db, func(a *membershiptest.AgencyMade) { a.Categories, a.Basis = nil, "invitee" })
	w.want(overview.WithoutCategory, whole.Body.Slug, 0)
	w.want(overview.WithoutCategory, bare.Body.Slug, 1)
	w.want(overview.WithoutCategory, invitee.Body.Slug, 0)
	w.want(overview.WithoutReader, whole.Body.Slug, 1)
	w.exec(`INSERT INTO agency_reader (organisation_id, name, email, capacity, starts_on) VALUES ($1, 'Ada', 'ada@example.org', 'leader', '2020-01-01')`, whole.Body.ID)
	w.want(overview.WithoutReader, whole.Body.Slug, 0)
	w.want(overview.NamedNowhere, whole.Body.Slug, 1)
	staff := membershiptest.Person(t, w.db)
	w.exec(`INSERT INTO role_grant (account_id, role, organisation_id) VALUES ($1, 'agency-staff', $2)`, staff, whole.Body.ID)
	w.want(overview.CorrectionsWait, whole.Body.Slug, 0)
	w.exec(`INSERT INTO correction (organisation_id, field, words, proposed_by) VALUES ($1, 'name', 'We are called otherwise', $2)`, whole.Body.ID, staff)
	w.want(overview.CorrectionsWait, whole.Body.Slug, 1)
}

func TestAnAgencyNamedInAVersionIsNamed(t *testing.T) {
	t.Parallel()
	w := watch(t)
	agency := membershiptest.Agency(t, w.db)
	m := arrangementtest.Draft(t, w.db)
	w.exec(`INSERT INTO version_agency (version_id, organisation_id, basis) VALUES ($1, $2, 'chosen')`, m.Version, agency.Body.ID)
	w.want(overview.NamedNowhere, agency.Body.Slug, 0)
}
