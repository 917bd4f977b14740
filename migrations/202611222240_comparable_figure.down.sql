BEGIN;

DROP VIEW published.comparable_figure;
DROP TABLE comparable_figure;
DROP FUNCTION comparable_figure_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
