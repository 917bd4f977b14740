BEGIN;
DROP TABLE agency_membership_category, agency_membership, agency_category, partner_area, safeguarding_partner, organisation_succession;
DROP FUNCTION organisation_name_on(bigint, date);
DROP TABLE organisation_name, organisation, area, concern_number, partnership;
UPDATE schema_migrations SET dirty = false;
COMMIT;
