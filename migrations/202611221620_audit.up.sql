BEGIN;

CREATE TABLE event (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT event_pkey PRIMARY KEY,
    at           timestamptz NOT NULL,
    account_id   bigint CONSTRAINT event_account_fkey REFERENCES account,
    action       text NOT NULL CONSTRAINT event_action_form CHECK (action ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$'),
    subject_kind text NOT NULL CONSTRAINT event_subject_kind_form CHECK (subject_kind ~ '^[a-z]+(-[a-z]+)*$'),
    subject_id   bigint NOT NULL,
    version_id   bigint,
    partner_id   bigint CONSTRAINT event_partner_fkey REFERENCES safeguarding_partner,
    state_before text NOT NULL DEFAULT '',
    state_after  text NOT NULL DEFAULT '',
    request_id   text NOT NULL DEFAULT '',
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE event IS 'What was done, by whom, to what: written in the transaction of what it records and never changed.';
COMMENT ON COLUMN event.account_id IS 'Who did it; null for the portal itself or a command of the installation.';
COMMENT ON COLUMN event.action IS 'What was done, in the past tense: round.opened.';
COMMENT ON COLUMN event.version_id IS 'The version whose timeline shows the event, if any.';
COMMENT ON COLUMN event.partner_id IS 'The safeguarding partner for whom it was done, if any.';
COMMENT ON COLUMN event.state_before IS 'Name of the state before; empty if there was none.';
COMMENT ON COLUMN event.request_id IS 'The request in the log.';
CREATE INDEX event_version_idx ON event (version_id, id) WHERE version_id IS NOT NULL;
CREATE INDEX event_subject_idx ON event (subject_kind, subject_id, id);
CREATE INDEX event_account_idx ON event (account_id, id);
CREATE TRIGGER event_recorded BEFORE INSERT OR UPDATE ON event FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER event_insert_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION forbid_change('event_insert_only');
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('event_insert_only');
GRANT SELECT, INSERT ON event TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
