BEGIN;

DROP VIEW published.spend_line, published.category_spending, published.ledger_summary;

UPDATE schema_migrations SET dirty = false;
COMMIT;
