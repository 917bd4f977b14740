BEGIN;
DROP TABLE decision_mask, decision_period, decision_requirement, bank_holiday;
UPDATE schema_migrations SET dirty = false;
COMMIT;
