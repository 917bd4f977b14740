BEGIN;

-- What anybody may read. Public pages read through the role portal_public, which can see this schema and nothing else.
-- The views run with their owner's rights.

CREATE VIEW published.installation AS SELECT is_demonstration FROM public.installation;
COMMENT ON VIEW published.installation IS 'Whether all of this is a demonstration.';

CREATE VIEW published.partnership AS
    SELECT name, short_name, logo_text, contact_office, contact_email, contact_phone, contact_address FROM public.partnership;
COMMENT ON VIEW published.partnership IS 'The partnership and whom to ask.';

CREATE VIEW published.concern_number AS
    SELECT position, label, number, hours FROM public.concern_number WHERE removed_at IS NULL;
COMMENT ON VIEW published.concern_number IS 'Numbers of "Worried about a child?".';

CREATE VIEW published.area AS SELECT id, name, gss_code, starts_on, ends_on FROM public.area;
COMMENT ON VIEW published.area IS 'The areas that the partnership covers.';

CREATE VIEW published.organisation AS
    SELECT id, slug, kind, starts_on, ends_on, note, is_demonstration FROM public.organisation;
COMMENT ON VIEW published.organisation IS 'The bodies.';

CREATE VIEW published.organisation_name AS
    SELECT organisation_id, name, starts_on, ends_on, during FROM public.organisation_name;
COMMENT ON VIEW published.organisation_name IS 'Their names from day to day.';

CREATE VIEW published.organisation_succession AS
    SELECT predecessor_id, successor_id, takes_over_on, note FROM public.organisation_succession;
COMMENT ON VIEW published.organisation_succession IS 'Who took over from whom.';

CREATE VIEW published.safeguarding_partner AS
    SELECT id, organisation_id, statutory_kind, starts_on, ends_on, during FROM public.safeguarding_partner;
COMMENT ON VIEW published.safeguarding_partner IS 'The safeguarding partners, from when to when.';

CREATE VIEW published.partner_area AS SELECT partner_id, area_id FROM public.partner_area;
COMMENT ON VIEW published.partner_area IS 'Which areas they share.';

CREATE VIEW published.lead_office AS
    SELECT partner_id, office, capacity, starts_on, ends_on, during FROM public.appointment
    WHERE capacity = 'lead' AND confirmed_at IS NOT NULL AND withdrawn_at IS NULL;
COMMENT ON VIEW published.lead_office IS 'The office that signs for a partner: the post, never the person.';

CREATE VIEW published.agency AS
    SELECT id, organisation_id, basis, reason, is_demonstration, starts_on, ends_on, during FROM public.agency_membership;
COMMENT ON VIEW published.agency IS 'The relevant agencies, from when to when.';

CREATE VIEW published.agency_group AS
    SELECT DISTINCT mc.membership_id AS agency_id, c.group_name FROM public.agency_membership_category mc JOIN public.agency_category c USING (paragraph);
COMMENT ON VIEW published.agency_group IS 'The groups of the Schedule that an agency falls under.';

CREATE VIEW published.document AS
    SELECT d.id, d.slug, d.kind, d.title, d.predecessor_id FROM public.document d
    WHERE EXISTS (SELECT FROM public.version v WHERE v.document_id = d.id AND v.published_at IS NOT NULL);
COMMENT ON VIEW published.document IS 'Documents with something published.';

CREATE VIEW published.version AS
    SELECT v.id, v.document_id, v.number, v.title, g.title AS guidance_edition, v.effective_from, v.label, v.is_demonstration,
           v.published_at, v.published_on, v.published_precision, v.withdrawn_at, v.withdrawn_reason, r.origin, r.number AS round_number,
           r.content, r.digest
    FROM public.version v JOIN public.round r ON r.id = v.publishing_round_id JOIN public.guidance_edition g ON g.id = v.guidance_edition_id
    WHERE v.published_at IS NOT NULL;
COMMENT ON VIEW published.version IS 'Published versions with the exact signed bytes.';

CREATE VIEW published.sign_off AS
    SELECT v.id AS version_id, p.id AS partner_id, o.slug AS organisation_slug, p.statutory_kind, a.organisation_name, a.office,
           a.capacity, a.acting_for, CASE WHEN p.publishes_names THEN a.officer_name ELSE '' END AS officer_name,
           a.method, a.at, a.signed_on, a.signed_precision, a.source, a.digest, s.body_digest AS statement_digest
    FROM public.version v JOIN public.act a ON a.round_id = v.publishing_round_id
    JOIN public.safeguarding_partner p ON p.id = a.partner_id JOIN public.organisation o ON o.id = p.organisation_id
    LEFT JOIN public.statement s ON s.id = a.statement_id
    WHERE v.published_at IS NOT NULL;
COMMENT ON VIEW published.sign_off IS 'Who signed what is published: the name of the body that day, the office, and the officer''s name if the partner publishes it.';

CREATE VIEW published.event AS
    SELECT e.id, e.version_id, e.at, e.action, e.partner_id, public.organisation_name_on(p.organisation_id, public.london_day(e.at)) AS organisation_name
    FROM public.event e JOIN public.version v ON v.id = e.version_id LEFT JOIN public.safeguarding_partner p ON p.id = e.partner_id
    WHERE v.published_at IS NOT NULL
      AND (e.action IN ('version.published', 'version.withdrawn')
           OR (e.action IN ('round.opened', 'round.signed', 'round.completed', 'recorded.entered', 'recorded.confirmed')
               AND e.subject_kind = 'round' AND e.subject_id = v.publishing_round_id));
COMMENT ON VIEW published.event IS 'The public part of a version''s timeline: of its publishing round and its publication; no persons.';

GRANT SELECT ON ALL TABLES IN SCHEMA published TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
