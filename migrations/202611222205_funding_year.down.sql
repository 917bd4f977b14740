BEGIN;

DROP TABLE budget_line, funding_line_part, funding_line, funding_year, funding_category;
DROP FUNCTION next_revision();

UPDATE schema_migrations SET dirty = false;
COMMIT;
