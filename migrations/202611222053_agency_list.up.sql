BEGIN;

-- Indexes for lists of thousands of agencies: the name of a day, the page after a key, a part of a name.

CREATE INDEX organisation_name_day_idx ON organisation_name (organisation_id, starts_on) WHERE retracted_at IS NULL;
CREATE INDEX organisation_name_sorted_idx ON organisation_name (lower(name), organisation_id) WHERE retracted_at IS NULL;
CREATE INDEX organisation_name_part_idx ON organisation_name USING gin (name gin_trgm_ops) WHERE retracted_at IS NULL;
CREATE INDEX agency_membership_organisation_idx ON agency_membership (organisation_id) WHERE retracted_at IS NULL;
CREATE INDEX role_grant_organisation_idx ON role_grant (organisation_id) WHERE ended_at IS NULL;

UPDATE schema_migrations SET dirty = false;
COMMIT;
