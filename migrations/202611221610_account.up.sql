BEGIN;

-- Who can sign in, and in which roles. Seats at a sign-off come from appointments, never from a role.

CREATE TABLE account (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT account_pkey PRIMARY KEY,
    email         text NOT NULL CONSTRAINT account_email_form CHECK (email = lower(email) AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    name          text NOT NULL CONSTRAINT account_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    password_hash text CONSTRAINT account_password_hash_form CHECK (password_hash LIKE '$argon2id$%'),
    epoch         integer NOT NULL DEFAULT 1,
    suspended_at  timestamptz,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT account_email_key UNIQUE (email)
);
COMMENT ON TABLE account IS 'A person who can sign in. People are invited first and never deleted: suspended.';
COMMENT ON COLUMN account.password_hash IS 'argon2id in its text form; null until the invitation is accepted.';
COMMENT ON COLUMN account.epoch IS 'Goes up when the password changes, the account is suspended or a role ends; a session of an older epoch is over.';
CREATE TRIGGER account_recorded BEFORE INSERT OR UPDATE ON account FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION account_bump_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.password_hash IS DISTINCT FROM OLD.password_hash OR NEW.suspended_at IS DISTINCT FROM OLD.suspended_at THEN
        NEW.epoch := OLD.epoch + 1;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION account_bump_epoch() IS 'Ends the sessions of an account whose password or suspension changes.';
CREATE TRIGGER account_epoch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION account_bump_epoch();
GRANT SELECT, INSERT ON account TO portal_app;
GRANT UPDATE (name, email, password_hash, suspended_at, epoch) ON account TO portal_app;

CREATE TABLE role_grant (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT role_grant_pkey PRIMARY KEY,
    account_id      bigint NOT NULL CONSTRAINT role_grant_account_fkey REFERENCES account,
    role            text NOT NULL CONSTRAINT role_grant_role_known CHECK (role IN
                    ('office', 'business-support', 'agency-staff', 'scrutineer', 'administrator')),
    organisation_id bigint CONSTRAINT role_grant_organisation_fkey REFERENCES organisation,
    granted_by      bigint CONSTRAINT role_grant_granted_by_fkey REFERENCES account,
    granted_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by        bigint CONSTRAINT role_grant_ended_by_fkey REFERENCES account,
    ended_at        timestamptz,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT role_grant_bound CHECK ((organisation_id IS NOT NULL) = (role IN ('office', 'agency-staff'))),
    CONSTRAINT role_grant_not_to_self CHECK (granted_by <> account_id)
);
COMMENT ON TABLE role_grant IS 'A role that an account holds: for one organisation, or for the partnership. Lead officers have none: they hold appointments.';
COMMENT ON COLUMN role_grant.organisation_id IS 'The body that an office or agency-staff role is bound to; null for the others.';
COMMENT ON COLUMN role_grant.granted_by IS 'Null if granted by a command of the installation.';
COMMENT ON COLUMN role_grant.ended_at IS 'When the role ended; null while it is held.';
CREATE UNIQUE INDEX role_grant_held_key ON role_grant (account_id, role, coalesce(organisation_id, 0)) WHERE ended_at IS NULL;
CREATE TRIGGER role_grant_recorded BEFORE INSERT OR UPDATE ON role_grant FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION role_grant_ended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'an ended role stays ended' USING ERRCODE = '23001', CONSTRAINT = 'role_grant_ends_once';
    END IF;
    NEW.ended_at := clock_timestamp();
    UPDATE account SET epoch = epoch + 1 WHERE id = NEW.account_id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION role_grant_ended() IS 'A role ends once, at the time of the database, and with it the sessions of its holder.';
CREATE TRIGGER role_grant_ends_once BEFORE UPDATE ON role_grant FOR EACH ROW EXECUTE FUNCTION role_grant_ended();
GRANT SELECT, INSERT ON role_grant TO portal_app;
GRANT UPDATE (ended_by, ended_at) ON role_grant TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
