BEGIN;
DROP TABLE decision_authorises, decision_file, decision_remark, decision_override, decision_deferral, decision_call_in_past, decision_call_in,
    decision_exempt_past, decision_exempt, decision_past, decision;
DROP FUNCTION decision_authorises_guard();
UPDATE schema_migrations SET dirty = false;
COMMIT;
