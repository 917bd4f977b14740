BEGIN;
DROP TRIGGER organisation_groups ON organisation;
DROP FUNCTION organisation_group_guard;
UPDATE schema_migrations SET dirty = false;
COMMIT;
