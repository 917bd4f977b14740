BEGIN;
DROP FUNCTION requirements_known(bigint, timestamptz);
DROP TABLE guidance_requirement_past, guidance_requirement;
DROP FUNCTION guidance_requirement_guard();
ALTER TABLE guidance_edition DROP CONSTRAINT guidance_edition_title_length;
UPDATE schema_migrations SET dirty = false;
COMMIT;
