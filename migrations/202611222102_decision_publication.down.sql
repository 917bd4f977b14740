BEGIN;
DROP VIEW published.bank_holiday, published.decision_authorises, published.decision_search, published.decision_correction, published.decision_former_ref,
    published.decision_record, published.decision;
DROP TRIGGER bank_holiday_published_changed ON bank_holiday;
DROP TRIGGER decision_authorises_published_changed ON decision_authorises;
DROP TABLE decision_search, decision_line, decision_correction, decision_publication;
DROP TRIGGER organisation_decision_guarded ON organisation;
DROP TRIGGER decision_file_guarded ON decision_file;
DROP TRIGGER decision_exempt_guarded ON decision_exempt;
DROP TRIGGER decision_spread_to_desk ON decision;
DROP TRIGGER decision_recorded ON decision;
DROP TRIGGER decision_moves ON decision;
DROP TRIGGER decision_is_retracted ON decision;
DROP FUNCTION decision_publication_spread(), decision_publication_guard(), decision_line_of_desk(), decision_spread(decision, bigint),
    organisation_decision_guard(), decision_exempt_guard(), decision_guard(), decision_missing(decision, text), decision_has(decision, text);
UPDATE schema_migrations SET dirty = false;
COMMIT;
