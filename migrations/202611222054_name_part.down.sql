BEGIN;
ALTER INDEX organisation_name_part_idx RESET (fastupdate);
UPDATE schema_migrations SET dirty = false;
COMMIT;
