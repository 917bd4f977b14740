BEGIN;
DROP VIEW published.document_kind_coverage, published.requirement;
DROP TRIGGER round_coverage ON round;
DROP FUNCTION round_coverage();
DROP FUNCTION coverage_proposed(bigint);
DROP TABLE requirement_coverage, document_kind_coverage;
DROP FUNCTION requirement_coverage_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
