BEGIN;
DROP TRIGGER section_guard ON section;
DROP FUNCTION section_guard();
DROP TRIGGER section_no_truncate ON section;
DROP TRIGGER section_kept ON section;
DROP TRIGGER version_no_truncate ON version;
DROP TRIGGER version_kept ON version;
DROP TRIGGER version_born_draft ON version;
DROP FUNCTION version_born_draft();
DROP TRIGGER version_guard ON version;
DROP FUNCTION version_guard();
ALTER TABLE event DROP CONSTRAINT event_version_fkey;
DROP INDEX version_publishing_round_key;
ALTER TABLE version DROP CONSTRAINT version_publishing_round_fkey;
DROP TABLE remark_answer, remark, recorded_confirmation, act, evidence_file, statement, round_set_aside, seat, round;
DROP FUNCTION remark_guard(), round_set_aside_guard(), recorded_confirmation_guard(), round_not_stuck(), act_guard(), round_ends(),
    round_is_done(bigint), round_fill_seats(), round_opens(), version_has_live_round(bigint);
UPDATE schema_migrations SET dirty = false;
COMMIT;
