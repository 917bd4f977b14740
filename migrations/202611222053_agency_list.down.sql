BEGIN;
DROP INDEX role_grant_organisation_idx, agency_membership_organisation_idx, organisation_name_part_idx, organisation_name_sorted_idx, organisation_name_day_idx;
UPDATE schema_migrations SET dirty = false;
COMMIT;
