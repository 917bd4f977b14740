BEGIN;

-- Letters, word for word as they are sent. Those that carry a one-time link have no row here or anywhere.

CREATE TABLE letter (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT letter_pkey PRIMARY KEY,
    kind        text NOT NULL CONSTRAINT letter_kind_form CHECK (kind ~ '^[a-z]+(-[a-z]+)*$' AND length(kind) <= 40),
    occasion    text NOT NULL CONSTRAINT letter_occasion_length CHECK (length(occasion) BETWEEN 1 AND 80),
    account_id  bigint CONSTRAINT letter_account_fkey REFERENCES account,
    email       text NOT NULL CONSTRAINT letter_email_form CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    name        text NOT NULL CONSTRAINT letter_name_length CHECK (length(name) <= 200),
    subject     text NOT NULL CONSTRAINT letter_subject_length CHECK (length(btrim(subject)) BETWEEN 1 AND 400),
    body_text   text NOT NULL CONSTRAINT letter_body_text_length CHECK (length(body_text) BETWEEN 1 AND 100000),
    body_html   text NOT NULL CONSTRAINT letter_body_html_length CHECK (length(body_html) BETWEEN 1 AND 200000),
    round_id    bigint CONSTRAINT letter_round_fkey REFERENCES round,
    version_id  bigint CONSTRAINT letter_version_fkey REFERENCES version,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at     timestamptz,
    kept_at     timestamptz,
    failed_at   timestamptz,
    last_error  text NOT NULL DEFAULT '' CONSTRAINT letter_last_error_length CHECK (length(last_error) <= 1000),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT letter_occasion_email_key UNIQUE (occasion, email),
    CONSTRAINT letter_one_fate CHECK (num_nonnulls(sent_at, kept_at, failed_at) <= 1),
    CONSTRAINT letter_failed_with_reason CHECK (failed_at IS NULL OR last_error <> '')
);
COMMENT ON TABLE letter IS 'A letter to one person, exactly as it is sent. It waits until it is sent, kept here, or has failed for good.';
COMMENT ON COLUMN letter.occasion IS 'What it was written for, such as "act 12 signed": one occasion never writes twice to one address.';
COMMENT ON COLUMN letter.account_id IS 'The recipient''s account; null if it goes to an address without one.';
COMMENT ON COLUMN letter.email IS 'Address of that day.';
COMMENT ON COLUMN letter.name IS 'Name of that day.';
COMMENT ON COLUMN letter.round_id IS 'The round that it is about, if any.';
COMMENT ON COLUMN letter.version_id IS 'The version that it is about, if any.';
COMMENT ON COLUMN letter.created_at IS 'When it was written, in the transaction of what it tells.';
COMMENT ON COLUMN letter.sent_at IS 'When the mail server took it.';
COMMENT ON COLUMN letter.kept_at IS 'When it was left here because the installation names no mail server.';
COMMENT ON COLUMN letter.failed_at IS 'When it was given up; last_error says why.';
COMMENT ON COLUMN letter.last_error IS 'What stood in the way at the last try; empty once sent.';
CREATE INDEX letter_kind_idx ON letter (kind, id);
CREATE INDEX letter_email_idx ON letter (email, id);
CREATE TRIGGER letter_recorded BEFORE INSERT OR UPDATE ON letter FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION letter_fate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF num_nonnulls(OLD.sent_at, OLD.kept_at, OLD.failed_at) > 0 THEN
        RAISE EXCEPTION 'what became of a letter stands' USING ERRCODE = '23001', CONSTRAINT = 'letter_fate_final';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION letter_fate() IS 'A letter is sent, kept or given up once.';
CREATE TRIGGER letter_fate_final BEFORE UPDATE ON letter FOR EACH ROW EXECUTE FUNCTION letter_fate();
CREATE TRIGGER letter_kept BEFORE DELETE ON letter FOR EACH ROW EXECUTE FUNCTION forbid_change('letter_kept');
GRANT SELECT ON letter TO portal_app;
GRANT INSERT (kind, occasion, account_id, email, name, subject, body_text, body_html, round_id, version_id) ON letter TO portal_app;
GRANT UPDATE (sent_at, kept_at, failed_at, last_error) ON letter TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
