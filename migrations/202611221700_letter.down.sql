BEGIN;
DROP TABLE letter;
DROP FUNCTION letter_fate();
UPDATE schema_migrations SET dirty = false;
COMMIT;
