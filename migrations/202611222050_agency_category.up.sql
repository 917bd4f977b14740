BEGIN;

-- The Schedule's categories become dated records that business support keeps, and an agency's reason can be put better:
-- earlier wordings stay in the tables of the past.

ALTER TABLE agency_category
    ADD COLUMN starts_on  date,
    ADD COLUMN ends_on    date,
    ADD COLUMN source     text NOT NULL DEFAULT '',
    ADD COLUMN known_from timestamptz;
ALTER TABLE agency_category DISABLE TRIGGER USER;
UPDATE agency_category SET known_from = recorded_at, source = 'Schedule to SI 2018/789',
    starts_on = CASE WHEN confidence = 'confirmed' THEN date '2018-06-29' END;
ALTER TABLE agency_category ENABLE TRIGGER USER;
ALTER TABLE agency_category
    ALTER COLUMN known_from SET NOT NULL,
    ALTER COLUMN known_from SET DEFAULT clock_timestamp(),
    ADD CONSTRAINT agency_category_paragraph_positive CHECK (paragraph BETWEEN 1 AND 999),
    ADD CONSTRAINT agency_category_group_length CHECK (length(btrim(group_name)) BETWEEN 1 AND 100),
    ADD CONSTRAINT agency_category_category_length CHECK (length(btrim(category)) BETWEEN 1 AND 300),
    ADD CONSTRAINT agency_category_source_length CHECK (length(source) <= 300),
    ADD CONSTRAINT agency_category_confirmed_by_source CHECK (confidence <> 'confirmed' OR btrim(source) <> ''),
    ADD CONSTRAINT agency_category_ends_after_start CHECK (ends_on >= starts_on);
COMMENT ON COLUMN agency_category.starts_on IS 'First day in force; null if it is not known.';
COMMENT ON COLUMN agency_category.ends_on IS 'Last day in force, inclusive; null while it lasts.';
COMMENT ON COLUMN agency_category.source IS 'Where the wording was read.';
COMMENT ON COLUMN agency_category.known_from IS 'Since when the row is known as it stands; earlier wordings are in agency_category_past.';
DROP TRIGGER agency_category_recorded ON agency_category;
CREATE TRIGGER agency_category_recorded BEFORE INSERT OR UPDATE ON agency_category FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TABLE agency_category_past (known_until timestamptz NOT NULL, LIKE agency_category);
COMMENT ON TABLE agency_category_past IS 'What agency_category said before, from known_from until known_until.';
COMMENT ON COLUMN agency_category_past.known_until IS 'When another wording took its place.';
CREATE TRIGGER agency_category_past_insert_only BEFORE UPDATE OR DELETE ON agency_category_past FOR EACH ROW EXECUTE FUNCTION forbid_change('agency_category_past_insert_only');
CREATE TRIGGER agency_category_past_no_truncate BEFORE TRUNCATE ON agency_category_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('agency_category_past_insert_only');
CREATE INDEX agency_category_past_paragraph_idx ON agency_category_past (paragraph);
GRANT SELECT ON agency_category_past TO portal_app;
GRANT INSERT (paragraph, group_name, category, confidence, starts_on, ends_on, source) ON agency_category TO portal_app;
GRANT UPDATE (group_name, category, confidence, starts_on, ends_on, source) ON agency_category TO portal_app;

GRANT UPDATE (reason) ON agency_membership TO portal_app;

CREATE VIEW published.agency_category AS
    SELECT paragraph, group_name, category, starts_on, ends_on FROM public.agency_category WHERE confidence = 'confirmed';
COMMENT ON VIEW published.agency_category IS 'The categories of the Schedule whose wording is confirmed.';
CREATE VIEW published.agency_in_category AS
    SELECT mc.membership_id AS agency_id, mc.paragraph FROM public.agency_membership_category mc JOIN public.agency_category c USING (paragraph)
    WHERE c.confidence = 'confirmed' AND mc.retracted_at IS NULL;
COMMENT ON VIEW published.agency_in_category IS 'Which agency falls under which category, where the wording is confirmed.';
GRANT SELECT ON published.agency_category, published.agency_in_category TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
