BEGIN;

DROP TRIGGER expenditure_unmatched ON expenditure;
DROP TRIGGER ledger_entry_unmatched ON ledger_entry;
DROP TABLE bank_match_part, bank_match, bank_line, bank_file;
DROP FUNCTION expenditure_matched_guard(), ledger_entry_matched_guard(), bank_match_part_whole(), bank_match_whole(), bank_match_is_whole(bigint), bank_match_guard(),
    bank_match_part_guard(), bank_file_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
