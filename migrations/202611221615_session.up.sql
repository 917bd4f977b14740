BEGIN;

-- Sessions, the links that are used once, and the counting of wrong passwords.

CREATE TABLE session (
    token      text CONSTRAINT session_pkey PRIMARY KEY CONSTRAINT session_token_is_hash CHECK (length(token) = 43),
    data       bytea NOT NULL CONSTRAINT session_data_length CHECK (octet_length(data) <= 16384),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    CONSTRAINT session_absolute_life CHECK (expires_at <= started_at + interval '12 hours')
);
COMMENT ON TABLE session IS 'Who is signed in. An ended session stays as a tombstone, so that a slow request can''t bring it back.';
COMMENT ON COLUMN session.token IS 'SHA-256 of the token in the cookie, in base64: the table opens no session.';
COMMENT ON COLUMN session.data IS 'Account, epoch and a message for the next page.';
COMMENT ON COLUMN session.expires_at IS 'Moves with every request, up to twelve hours after the start.';
COMMENT ON COLUMN session.ended_at IS 'Signed out, or renewed under another token.';
CREATE INDEX session_started_idx ON session (started_at);

CREATE FUNCTION session_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an ended session stays ended' USING ERRCODE = '23001', CONSTRAINT = 'session_stays_ended';
    END IF;
    NEW.started_at := OLD.started_at;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION session_stays_ended() IS 'The last guard against a session that comes back.';
CREATE TRIGGER session_stays_ended BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION session_stays_ended();

CREATE FUNCTION sweep_sessions() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM session WHERE started_at < clock_timestamp() - interval '2 days' RETURNING 1) SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION sweep_sessions() IS 'Removes sessions so old that no request can still hold them. The application itself may delete nothing.';
REVOKE ALL ON FUNCTION sweep_sessions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_sessions() TO portal_app;
GRANT SELECT, INSERT ON session TO portal_app;
GRANT UPDATE (data, expires_at, ended_at) ON session TO portal_app;

CREATE TABLE one_time_link (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT one_time_link_pkey PRIMARY KEY,
    account_id  bigint NOT NULL CONSTRAINT one_time_link_account_fkey REFERENCES account,
    purpose     text NOT NULL CONSTRAINT one_time_link_purpose_known CHECK (purpose IN ('invitation', 'reset')),
    nonce       bytea NOT NULL CONSTRAINT one_time_link_nonce_length CHECK (octet_length(nonce) = 32),
    token_hash  bytea NOT NULL CONSTRAINT one_time_link_token_is_hash CHECK (octet_length(token_hash) = 32),
    issued_by   bigint CONSTRAINT one_time_link_issued_by_fkey REFERENCES account,
    issued_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    replaced_at timestamptz,
    CONSTRAINT one_time_link_token_key UNIQUE (token_hash),
    CONSTRAINT one_time_link_one_end CHECK (used_at IS NULL OR replaced_at IS NULL),
    CONSTRAINT one_time_link_life CHECK (expires_at <= issued_at + interval '8 days')
);
COMMENT ON TABLE one_time_link IS 'Links of invitations and forgotten passwords. The token is made from the row and the installation''s key, and kept nowhere.';
COMMENT ON COLUMN one_time_link.nonce IS 'What makes the token of this link unlike any other; useless without the key.';
COMMENT ON COLUMN one_time_link.token_hash IS 'SHA-256 of the token.';
COMMENT ON COLUMN one_time_link.issued_by IS 'Null if the person asked for it, or a command of the installation.';
COMMENT ON COLUMN one_time_link.replaced_at IS 'When a newer link, or a password set otherwise, put it out of use.';
CREATE INDEX one_time_link_account_idx ON one_time_link (account_id, id);

CREATE FUNCTION one_time_link_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL OR OLD.replaced_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link is used once' USING ERRCODE = '23001', CONSTRAINT = 'one_time_link_once';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION one_time_link_once() IS 'A used or replaced link stays so.';
CREATE TRIGGER one_time_link_once BEFORE UPDATE ON one_time_link FOR EACH ROW EXECUTE FUNCTION one_time_link_once();
GRANT SELECT, INSERT ON one_time_link TO portal_app;
GRANT UPDATE (used_at, replaced_at) ON one_time_link TO portal_app;

CREATE TABLE password_attempt (
    subject       text CONSTRAINT password_attempt_pkey PRIMARY KEY CONSTRAINT password_attempt_subject_length CHECK (length(subject) <= 100),
    tries         integer NOT NULL CONSTRAINT password_attempt_tries_positive CHECK (tries >= 0),
    last_at       timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
COMMENT ON TABLE password_attempt IS 'Passwords tried, counted per account and per network, known accounts or not. After too many comes a wait that grows.';
COMMENT ON COLUMN password_attempt.subject IS 'A digest of the e-mail address, or the network that the tries came from.';
COMMENT ON COLUMN password_attempt.tries IS 'Tries since the last success, counted before the password is looked at.';
CREATE INDEX password_attempt_last_idx ON password_attempt (last_at);

CREATE FUNCTION sweep_password_attempts() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM password_attempt WHERE last_at < clock_timestamp() - interval '2 days' RETURNING 1) SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION sweep_password_attempts() IS 'Removes counters that count nothing any more.';
REVOKE ALL ON FUNCTION sweep_password_attempts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sweep_password_attempts() TO portal_app;
GRANT SELECT, INSERT ON password_attempt TO portal_app;
GRANT UPDATE (tries, last_at, blocked_until) ON password_attempt TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
