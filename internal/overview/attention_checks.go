package overview

// check is one small query for one thing that can be wrong. It gives some of the columns of a matter.
type check struct {
	name  Check
	gives string // columns
	sql   string
}

// Why a seat is at risk.
const (
	RiskEmpty      = "empty"       // nobody can act for it today
	RiskEnded      = "ended"       // the body is a safeguarding partner no longer
	RiskEnds       = "ends"        // the body stops being one while the round is open
	RiskSucceeded  = "succeeded"   // another body takes over while the round is open
	RiskLastHolder = "last-holder" // who can act for it can do so only for some more days
)

// openSeats are the seats of open rounds that have not acted, with how many people can act for each and until when.
const openSeats = `
	SELECT s.id AS seat, r.id AS round, s.partner_id AS partner, p.organisation_id, p.ends_on AS partner_until, london_day(r.opened_at) AS opened_on,
	       x.name AS title, h.holders, h.until
	FROM round r JOIN seat s ON s.round_id = r.id JOIN safeguarding_partner p ON p.id = s.partner_id
	JOIN paper x ON x.kind = r.paper_kind AND x.id = r.paper_id
	CROSS JOIN LATERAL (
		SELECT count(*) AS holders, max(coalesce(least(a.ends_on, l.ends_on), 'infinity')) AS until
		FROM appointment a JOIN account c ON c.id = a.account_id LEFT JOIN appointment l ON l.id = a.delegated_under
		WHERE a.partner_id = s.partner_id AND appointment_counts(a, @today::date) AND c.suspended_at IS NULL
		  AND (a.papers = '{}' OR x.subject = ANY (a.papers))) h
	WHERE r.outcome = 'open' AND r.origin = 'portal' AND NOT EXISTS (SELECT FROM act a WHERE a.seat_id = s.id)`

var seatsAtRisk = check{SeatsAtRisk, "organisation_id partner round seat detail title on_day", `
	WITH open_seat AS (` + openSeats + `)
	SELECT organisation_id, partner, round, seat, title, '` + RiskEnded + `' AS detail, partner_until AS on_day FROM open_seat WHERE partner_until < @today::date
	UNION ALL
	SELECT organisation_id, partner, round, seat, title, '` + RiskEnds + `', partner_until FROM open_seat WHERE partner_until >= @today::date
	UNION ALL
	SELECT o.organisation_id, o.partner, o.round, o.seat, o.title, '` + RiskSucceeded + `', s.takes_over_on
	FROM open_seat o JOIN organisation_succession s ON s.predecessor_id = o.organisation_id AND s.retracted_at IS NULL AND s.takes_over_on >= o.opened_on
	WHERE o.partner_until IS NULL
	UNION ALL
	SELECT organisation_id, partner, round, seat, title, '` + RiskEmpty + `', NULL FROM open_seat WHERE holders = 0 AND coalesce(partner_until, 'infinity') >= @today::date
	UNION ALL
	SELECT o.organisation_id, o.partner, o.round, o.seat, o.title, '` + RiskLastHolder + `', o.until FROM open_seat o
	WHERE o.holders > 0 AND o.until <= @today::date + @soon::int AND coalesce(o.partner_until, 'infinity') >= @today::date
	  AND NOT EXISTS (SELECT FROM appointment a WHERE a.partner_id = o.partner AND appointment_counts(a, o.until + 1))`}

var ending = check{Ending, "organisation_id partner appointment account person office detail on_day", `
	SELECT p.organisation_id, a.partner_id AS partner, a.id AS appointment, a.account_id AS account, c.name AS person, a.office, a.capacity AS detail,
	       least(a.ends_on, l.ends_on) AS on_day
	FROM appointment a JOIN safeguarding_partner p ON p.id = a.partner_id JOIN account c ON c.id = a.account_id
	LEFT JOIN appointment l ON l.id = a.delegated_under
	WHERE appointment_counts(a, @today::date) AND p.during @> @today::date AND least(a.ends_on, l.ends_on) <= @today::date + @soon::int
	  AND NOT EXISTS (SELECT FROM appointment n WHERE n.partner_id = a.partner_id AND n.capacity = a.capacity
	                  AND appointment_counts(n, least(a.ends_on, l.ends_on) + 1))`}

// checks are all of them in the order of their sections.
var checks = []check{
	seatsAtRisk,
	ending,
	{WithoutLead, "organisation_id partner", `
	SELECT p.organisation_id, p.id AS partner FROM safeguarding_partner p
	WHERE p.during @> @today::date AND p.retracted_at IS NULL
	  AND NOT EXISTS (SELECT FROM appointment a WHERE a.partner_id = p.id AND a.capacity = 'lead' AND appointment_counts(a, @today::date))`},
	// A gap has a lead officer before and after it; one that holds today is a partner without a lead.
	{Gaps, "organisation_id partner on_day detail", `
	SELECT g.organisation_id, g.partner, lower(g.gap) AS on_day, to_char(upper(g.gap) - 1, 'YYYY-MM-DD') AS detail FROM (
		SELECT p.organisation_id, p.id AS partner, unnest(datemultirange(range_merge(range_agg(a.term))) - range_agg(a.term)) AS gap
		FROM safeguarding_partner p JOIN LATERAL (
			SELECT daterange(x.starts_on, least(x.ends_on, london_day(x.withdrawn_at)), '[]') AS term FROM appointment x
			WHERE x.partner_id = p.id AND x.capacity = 'lead' AND x.confirmed_at IS NOT NULL
			  AND coalesce(london_day(x.withdrawn_at), 'infinity') >= x.starts_on) a ON true
		WHERE p.during @> @today::date AND p.retracted_at IS NULL
		GROUP BY p.id, p.organisation_id
	) g WHERE NOT g.gap @> @today::date AND upper(g.gap) > @today::date - @review::int`},
	{Unfollowed, "organisation_id detail on_day", `
	SELECT s.predecessor_id AS organisation_id, 'safeguarding partner' AS detail, s.takes_over_on AS on_day
	FROM organisation_succession s JOIN safeguarding_partner p ON p.organisation_id = s.predecessor_id AND p.retracted_at IS NULL
	WHERE s.retracted_at IS NULL AND s.takes_over_on <= @today::date AND p.during @> @today::date
	UNION
	SELECT s.predecessor_id, 'relevant agency', s.takes_over_on
	FROM organisation_succession s JOIN agency_membership m ON m.organisation_id = s.predecessor_id AND m.retracted_at IS NULL
	WHERE s.retracted_at IS NULL AND s.takes_over_on <= @today::date AND m.during @> @today::date`},
	{RolesOfEnded, "organisation_id account person detail on_day", `
	SELECT g.organisation_id, c.id AS account, c.name AS person, g.role AS detail, o.ends_on AS on_day
	FROM role_grant g JOIN organisation o ON o.id = g.organisation_id JOIN account c ON c.id = g.account_id
	WHERE g.ended_at IS NULL AND o.ends_on < @today::date`},
	{ProposalsWaiting, "organisation_id partner appointment person office on_day", `
	SELECT p.organisation_id, a.partner_id AS partner, a.id AS appointment, c.name AS person, a.office, a.starts_on AS on_day
	FROM appointment a JOIN safeguarding_partner p ON p.id = a.partner_id JOIN account c ON c.id = a.account_id
	WHERE a.confirmed_at IS NULL AND a.refused_at IS NULL AND a.withdrawn_at IS NULL`},
	{RivalProposals, "organisation_id partner appointment person office detail on_day", `
	SELECT p.organisation_id, a.partner_id AS partner, a.id AS appointment, c.name AS person, a.office, d.name AS detail, greatest(a.starts_on, b.starts_on) AS on_day
	FROM appointment a JOIN appointment b ON b.partner_id = a.partner_id AND b.id <> a.id AND b.during && a.during
	     AND b.capacity = 'lead' AND b.refused_at IS NULL AND b.withdrawn_at IS NULL AND (b.confirmed_at IS NOT NULL OR b.id < a.id)
	JOIN safeguarding_partner p ON p.id = a.partner_id JOIN account c ON c.id = a.account_id JOIN account d ON d.id = b.account_id
	WHERE a.capacity = 'lead' AND a.confirmed_at IS NULL AND a.refused_at IS NULL AND a.withdrawn_at IS NULL`},
	{RequestsWaiting, "organisation_id partner request person office on_day", `
	SELECT p.organisation_id, l.partner_id AS partner, r.id AS request, r.name AS person, r.office, r.starts_on AS on_day
	FROM delegate_request r JOIN appointment l ON l.id = r.lead_id JOIN safeguarding_partner p ON p.id = l.partner_id WHERE r.answer IS NULL`},
	{CorrectionsWait, "organisation_id request detail on_day", `
	SELECT k.organisation_id, k.id AS request, k.field AS detail, london_day(k.recorded_at) AS on_day FROM correction k WHERE k.outcome IS NULL`},
	{WithoutContact, "organisation_id partner", `
	SELECT p.organisation_id, p.id AS partner FROM safeguarding_partner p
	WHERE p.during @> @today::date AND p.retracted_at IS NULL
	  AND NOT EXISTS (SELECT FROM post q WHERE q.organisation_id = p.organisation_id AND q.is_contact AND q.retracted_at IS NULL AND q.during @> @today::date)`},
	{SharedPosts, "organisation_id post office person detail on_day", `
	SELECT q.organisation_id, q.id AS post, q.title AS office, h.name AS person, i.name AS detail, greatest(h.starts_on, i.starts_on) AS on_day
	FROM post q JOIN post_holder h ON h.post_id = q.id AND h.retracted_at IS NULL
	JOIN post_holder i ON i.post_id = q.id AND i.retracted_at IS NULL AND i.id > h.id AND i.during && h.during
	WHERE q.retracted_at IS NULL AND (h.during * i.during) && daterange(@today::date, NULL)`},
	{EmptyPosts, "organisation_id post office", `
	SELECT q.organisation_id, q.id AS post, q.title AS office FROM post q
	WHERE q.retracted_at IS NULL AND q.during @> @today::date
	  AND NOT EXISTS (SELECT FROM post_holder h WHERE h.post_id = q.id AND h.retracted_at IS NULL AND h.during @> @today::date)`},
	{StalePosts, "organisation_id post office on_day", `
	SELECT q.organisation_id, q.id AS post, q.title AS office, q.reviewed_on AS on_day FROM post q
	WHERE q.retracted_at IS NULL AND q.during @> @today::date AND coalesce(q.reviewed_on, london_day(q.recorded_at)) < @today::date - @review::int`},
	{WithoutCategory, "organisation_id", `
	SELECT m.organisation_id FROM agency_membership m
	WHERE m.retracted_at IS NULL AND m.during @> @today::date AND m.basis <> 'invitee'
	  AND NOT EXISTS (SELECT FROM agency_membership_category c WHERE c.membership_id = m.id AND c.retracted_at IS NULL)`},
	{WithoutReader, "organisation_id", `
	SELECT m.organisation_id FROM agency_membership m
	WHERE m.retracted_at IS NULL AND m.during @> @today::date
	  AND NOT EXISTS (SELECT FROM agency_reader r WHERE r.organisation_id = m.organisation_id AND r.retracted_at IS NULL AND r.during @> @today::date)`},
	// Named in a draft counts: it is on its way.
	{NamedNowhere, "organisation_id", `
	SELECT m.organisation_id FROM agency_membership m
	WHERE m.retracted_at IS NULL AND m.during @> @today::date
	  AND NOT EXISTS (SELECT FROM version_agency n JOIN version v ON v.id = n.version_id
	                  WHERE n.organisation_id = m.organisation_id AND n.removed_at IS NULL AND v.discarded_at IS NULL AND v.withdrawn_at IS NULL)`},
}
