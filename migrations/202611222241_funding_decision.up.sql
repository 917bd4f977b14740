BEGIN;

-- Which published records of decision authorised what organisations give, so that pages can lead to them.

CREATE VIEW published.contribution_decision AS
    SELECT c.id AS contribution_id, coalesce(o.slug, 'partnership') AS body, d.ref, d.number
    FROM published.contribution p JOIN public.contribution c ON c.id = p.id JOIN published.decision d ON d.id = c.decision_id
    LEFT JOIN published.organisation o ON o.id = d.organisation_id;
COMMENT ON VIEW published.contribution_decision IS 'The published record that authorised a published contribution, as it is addressed.';
CREATE VIEW published.funding_line_decision AS
    SELECT l.id AS line_id, coalesce(o.slug, 'partnership') AS body, d.ref, d.number
    FROM published.funding_line p JOIN public.funding_line l ON l.id = p.id JOIN published.decision d ON d.id = l.decision_id
    LEFT JOIN published.organisation o ON o.id = d.organisation_id;
COMMENT ON VIEW published.funding_line_decision IS 'The published record that authorised a line of a released proposal, as it is addressed.';
GRANT SELECT ON published.contribution_decision, published.funding_line_decision TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
