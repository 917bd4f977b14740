BEGIN;

-- Without a list of pending entries a part of a name is always looked up in the index alone, also after a large import.
ALTER INDEX organisation_name_part_idx SET (fastupdate = off);

UPDATE schema_migrations SET dirty = false;
COMMIT;
