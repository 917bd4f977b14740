BEGIN;

-- A seat at a sign-off comes only from an appointment that one person proposes and another confirms, neither being
-- the appointee.

CREATE TABLE appointment (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT appointment_pkey PRIMARY KEY,
    account_id    bigint NOT NULL CONSTRAINT appointment_account_fkey REFERENCES account,
    partner_id    bigint NOT NULL CONSTRAINT appointment_partner_fkey REFERENCES safeguarding_partner,
    office        text NOT NULL CONSTRAINT appointment_office_length CHECK (length(btrim(office)) BETWEEN 1 AND 200),
    capacity      text NOT NULL CONSTRAINT appointment_capacity_known CHECK (capacity IN ('lead', 'delegate')),
    acting_for    text NOT NULL DEFAULT '' CONSTRAINT appointment_acting_for_length CHECK (length(acting_for) <= 200),
    instrument    text NOT NULL DEFAULT '' CONSTRAINT appointment_instrument_length CHECK (length(instrument) <= 2000),
    papers        text[] NOT NULL DEFAULT '{}',
    starts_on     date NOT NULL,
    ends_on       date,
    during        daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    proposed_by   bigint CONSTRAINT appointment_proposed_by_fkey REFERENCES account,
    proposed_at   timestamptz,
    confirmed_by  bigint CONSTRAINT appointment_confirmed_by_fkey REFERENCES account,
    confirmed_at  timestamptz,
    refused_by    bigint CONSTRAINT appointment_refused_by_fkey REFERENCES account,
    refused_at    timestamptz,
    withdrawn_by  bigint CONSTRAINT appointment_withdrawn_by_fkey REFERENCES account,
    withdrawn_at  timestamptz,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT appointment_id_account_partner_key UNIQUE (id, account_id, partner_id),
    CONSTRAINT appointment_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT appointment_delegate_acts_for CHECK ((capacity = 'delegate') = (btrim(acting_for) <> '')),
    CONSTRAINT appointment_not_proposed_by_appointee CHECK (proposed_by <> account_id),
    CONSTRAINT appointment_not_confirmed_by_appointee CHECK (confirmed_by <> account_id),
    CONSTRAINT appointment_two_people CHECK (confirmed_by IS NULL OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by)),
    CONSTRAINT appointment_confirmed_or_refused CHECK (confirmed_at IS NULL OR refused_at IS NULL),
    CONSTRAINT appointment_confirmed_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT appointment_proposed_whole CHECK ((proposed_by IS NULL) = (proposed_at IS NULL)),
    CONSTRAINT appointment_one_lead EXCLUDE USING gist (partner_id WITH =, during WITH &&)
        WHERE (capacity = 'lead' AND confirmed_at IS NOT NULL AND withdrawn_at IS NULL)
);
COMMENT ON TABLE appointment IS 'A lead officer''s or delegate''s dated authority to act for one safeguarding partner.';
COMMENT ON COLUMN appointment.office IS 'Office title as published: Chief Constable.';
COMMENT ON COLUMN appointment.acting_for IS 'For a delegate: the office for which they act.';
COMMENT ON COLUMN appointment.instrument IS 'What gives the authority: scheme of delegation, letter of date.';
COMMENT ON COLUMN appointment.papers IS 'Kinds of paper that it covers; empty means all.';
COMMENT ON COLUMN appointment.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN appointment.during IS 'starts_on to ends_on as a range, for the exclusion constraint and its index.';
COMMENT ON COLUMN appointment.proposed_by IS 'Null while only a command of the installation asked for it; then somebody proposes it first.';
COMMENT ON COLUMN appointment.withdrawn_at IS 'When it was withdrawn with immediate effect, before its last day.';
CREATE INDEX appointment_account_idx ON appointment (account_id);
CREATE INDEX appointment_partner_idx ON appointment (partner_id);
CREATE TRIGGER appointment_recorded BEFORE INSERT OR UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION appointment_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.proposed_at := CASE WHEN NEW.proposed_by IS NOT NULL THEN clock_timestamp() END;
        RETURN NEW;
    END IF;
    IF OLD.refused_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a refused or withdrawn appointment stays so' USING ERRCODE = '23001', CONSTRAINT = 'appointment_final';
    END IF;
    IF (OLD.proposed_by IS NOT NULL AND NEW.proposed_by IS DISTINCT FROM OLD.proposed_by)
       OR (OLD.confirmed_by IS NOT NULL AND NEW.confirmed_by IS DISTINCT FROM OLD.confirmed_by) THEN
        RAISE EXCEPTION 'who proposed and who confirmed stands' USING ERRCODE = '23001', CONSTRAINT = 'appointment_final';
    END IF;
    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND EXISTS (SELECT FROM act a
        WHERE a.appointment_id = NEW.id AND london_day(a.at) > NEW.ends_on) THEN
        RAISE EXCEPTION 'an act was done under the appointment after that day' USING ERRCODE = '23001', CONSTRAINT = 'appointment_ends_after_acts';
    END IF;
    -- Stamped here, after the row lock was had, so that no act lies outside the term.
    NEW.proposed_at := CASE WHEN NEW.proposed_by IS NOT NULL THEN coalesce(OLD.proposed_at, clock_timestamp()) END;
    NEW.confirmed_at := CASE WHEN NEW.confirmed_by IS NOT NULL THEN coalesce(OLD.confirmed_at, clock_timestamp()) END;
    NEW.refused_at := CASE WHEN NEW.refused_by IS NOT NULL THEN clock_timestamp() END;
    NEW.withdrawn_at := CASE WHEN NEW.withdrawn_by IS NOT NULL THEN clock_timestamp() END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION appointment_guard() IS 'Appointments move one way, at the time of the database, and never away from under an act.';
CREATE TRIGGER appointment_moves BEFORE INSERT OR UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_guard();
GRANT SELECT ON appointment TO portal_app;
GRANT INSERT (account_id, partner_id, office, capacity, acting_for, instrument, papers, starts_on, ends_on, proposed_by) ON appointment TO portal_app;
GRANT UPDATE (ends_on, proposed_by, confirmed_by, refused_by, withdrawn_by) ON appointment TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
