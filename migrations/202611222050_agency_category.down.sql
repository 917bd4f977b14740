BEGIN;
DROP VIEW published.agency_in_category, published.agency_category;
REVOKE UPDATE (reason) ON agency_membership FROM portal_app;
REVOKE INSERT (paragraph, group_name, category, confidence, starts_on, ends_on, source) ON agency_category FROM portal_app;
REVOKE UPDATE (group_name, category, confidence, starts_on, ends_on, source) ON agency_category FROM portal_app;
DROP TABLE agency_category_past;
DROP TRIGGER agency_category_recorded ON agency_category;
CREATE TRIGGER agency_category_recorded BEFORE INSERT OR UPDATE ON agency_category FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE agency_category
    DROP CONSTRAINT agency_category_paragraph_positive, DROP CONSTRAINT agency_category_group_length, DROP CONSTRAINT agency_category_category_length,
    DROP COLUMN starts_on, DROP COLUMN ends_on, DROP COLUMN source, DROP COLUMN known_from;
UPDATE schema_migrations SET dirty = false;
COMMIT;
