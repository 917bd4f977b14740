BEGIN;

-- Delegation: a lead officer names a delegate for dates and papers. The delegate's authority comes from the lead
-- officer's, so it never reaches further and ends with it. Under which instrument a delegate acted stands in the act.

ALTER TABLE appointment
    ADD COLUMN instrument_on date,
    ADD COLUMN instrument_file bigint CONSTRAINT appointment_instrument_file_fkey REFERENCES stored_file,
    ADD COLUMN delegated_under bigint CONSTRAINT appointment_delegated_under_fkey REFERENCES appointment,
    ADD CONSTRAINT appointment_only_delegates_are_named CHECK (delegated_under IS NULL OR capacity = 'delegate'),
    ADD CONSTRAINT appointment_dated_instrument CHECK (instrument_on IS NULL OR btrim(instrument) <> '');
ALTER TABLE appointment_past ADD COLUMN instrument_on date, ADD COLUMN instrument_file bigint, ADD COLUMN delegated_under bigint;
COMMENT ON COLUMN appointment.instrument_on IS 'Date of the instrument, if it has one.';
COMMENT ON COLUMN appointment.instrument_file IS 'The instrument itself. It is attached once and never replaced.';
COMMENT ON COLUMN appointment.delegated_under IS 'The lead officer''s appointment under which this delegate was named; null where the body itself gives the authority.';
CREATE INDEX appointment_delegated_under_idx ON appointment (delegated_under);
GRANT INSERT (instrument_on, delegated_under) ON appointment TO portal_app;
GRANT UPDATE (instrument_file) ON appointment TO portal_app;
CREATE INDEX appointment_instrument_file_idx ON appointment (instrument_file) WHERE instrument_file IS NOT NULL;

CREATE FUNCTION appointment_counts(a appointment, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT a.confirmed_at IS NOT NULL AND a.withdrawn_at IS NULL AND a.during @> on_day
       AND (a.delegated_under IS NULL OR EXISTS (SELECT FROM public.appointment l
            WHERE l.id = a.delegated_under AND l.confirmed_at IS NOT NULL AND l.withdrawn_at IS NULL AND l.during @> on_day))
$$;
COMMENT ON FUNCTION appointment_counts(appointment, date) IS 'Whether an appointment gives authority on a day: confirmed, not withdrawn, in its term, and with it the lead officer''s under which a delegate was named.';

CREATE FUNCTION appointment_delegation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE l appointment;
BEGIN
    IF NEW.delegated_under IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO l FROM appointment WHERE id = NEW.delegated_under FOR SHARE;
    IF NOT FOUND OR l.capacity <> 'lead' OR l.partner_id <> NEW.partner_id OR l.confirmed_at IS NULL OR l.withdrawn_at IS NOT NULL
       OR NEW.proposed_by IS DISTINCT FROM l.account_id THEN
        RAISE EXCEPTION 'only the partner''s own lead officer names its delegate' USING ERRCODE = '23001', CONSTRAINT = 'appointment_named_by_lead';
    END IF;
    IF NOT l.during @> daterange(NEW.starts_on, NEW.ends_on, '[]') THEN
        RAISE EXCEPTION 'a delegate is named for days of the lead officer''s own term' USING ERRCODE = '23001', CONSTRAINT = 'appointment_named_within_term';
    END IF;
    IF l.papers <> '{}' AND (NEW.papers = '{}' OR NOT NEW.papers <@ l.papers) THEN
        RAISE EXCEPTION 'a delegate is named for papers that the lead officer signs' USING ERRCODE = '23001', CONSTRAINT = 'appointment_named_within_papers';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION appointment_delegation_guard() IS 'A delegate whom a lead officer names gets no more than that lead officer has.';
CREATE TRIGGER appointment_named BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_delegation_guard();

-- Nor is the lead officer's term drawn back from under an act of a delegate named in it.
CREATE OR REPLACE FUNCTION appointment_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
    IF OLD.instrument_file IS NOT NULL AND NEW.instrument_file IS DISTINCT FROM OLD.instrument_file THEN
        RAISE EXCEPTION 'the instrument is attached once' USING ERRCODE = '23001', CONSTRAINT = 'appointment_instrument_once';
    END IF;
    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND EXISTS (SELECT FROM act a
        WHERE (a.appointment_id = NEW.id OR a.appointment_id IN (SELECT d.id FROM appointment d WHERE d.delegated_under = NEW.id))
          AND london_day(a.at) > NEW.ends_on) THEN
        RAISE EXCEPTION 'an act was done under the appointment after that day' USING ERRCODE = '23001', CONSTRAINT = 'appointment_ends_after_acts';
    END IF;
    -- Stamped here, after the row lock was had, so that no act lies outside the term.
    NEW.proposed_at := CASE WHEN NEW.proposed_by IS NOT NULL THEN coalesce(OLD.proposed_at, clock_timestamp()) END;
    NEW.confirmed_at := CASE WHEN NEW.confirmed_by IS NOT NULL THEN coalesce(OLD.confirmed_at, clock_timestamp()) END;
    NEW.refused_at := CASE WHEN NEW.refused_by IS NOT NULL THEN clock_timestamp() END;
    NEW.withdrawn_at := CASE WHEN NEW.withdrawn_by IS NOT NULL THEN clock_timestamp() END;
    RETURN NEW;
END $$;

ALTER TABLE act ADD COLUMN instrument text, ADD COLUMN instrument_on date;
COMMENT ON COLUMN act.instrument IS 'What gave the authority, in the words of the appointment on the day; null for a recorded sign-off.';
COMMENT ON COLUMN act.instrument_on IS 'Date of that instrument, if it has one.';
ALTER TABLE act DISABLE TRIGGER USER;
UPDATE act SET instrument = a.instrument FROM appointment a WHERE a.id = act.appointment_id;
ALTER TABLE act ENABLE TRIGGER USER;
ALTER TABLE act ADD CONSTRAINT act_under_instrument CHECK ((instrument IS NULL) = (appointment_id IS NULL));

CREATE OR REPLACE FUNCTION act_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round; s statement; a appointment; p safeguarding_partner; today date;
BEGIN
    SELECT * INTO r FROM round WHERE id = NEW.round_id FOR UPDATE;
    IF NOT FOUND OR r.outcome <> 'open' OR round_is_done(r.id) THEN
        RAISE EXCEPTION 'the round is not open' USING ERRCODE = '23001', CONSTRAINT = 'act_round_open';
    END IF;
    IF (NEW.method = 'recorded') <> (r.origin = 'recorded') THEN
        RAISE EXCEPTION 'a recorded act belongs to a recorded round' USING ERRCODE = '23001', CONSTRAINT = 'act_method_of_origin';
    END IF;
    NEW.at := clock_timestamp();
    today := london_day(NEW.at);
    SELECT * INTO p FROM safeguarding_partner WHERE id = NEW.partner_id FOR SHARE;
    IF NEW.method = 'recorded' THEN
        IF NEW.signed_on > today THEN
            RAISE EXCEPTION 'a sign-off made elsewhere lies in the past' USING ERRCODE = '23001', CONSTRAINT = 'act_recorded_in_past';
        END IF;
        NEW.organisation_name := organisation_name_on(p.organisation_id, NEW.signed_on);
        NEW.instrument := NULL;
        NEW.instrument_on := NULL;
        RETURN NEW;
    END IF;
    IF NOT p.during @> today THEN
        RAISE EXCEPTION 'the body is no safeguarding partner today' USING ERRCODE = '23001', CONSTRAINT = 'act_partner_of_today';
    END IF;
    PERFORM FROM account WHERE id = NEW.account_id AND suspended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the account is suspended' USING ERRCODE = '23001', CONSTRAINT = 'act_account_active';
    END IF;
    SELECT * INTO a FROM appointment WHERE id = NEW.appointment_id FOR SHARE;
    IF NOT FOUND OR a.confirmed_at IS NULL OR a.withdrawn_at IS NOT NULL OR NOT a.during @> today
       OR NOT (a.papers = '{}' OR (SELECT d.kind FROM document d JOIN version v ON v.document_id = d.id WHERE v.id = r.paper_id) = ANY (a.papers)) THEN
        RAISE EXCEPTION 'the appointment gives no authority for this today' USING ERRCODE = '23001', CONSTRAINT = 'act_appointment_of_today';
    END IF;
    IF a.delegated_under IS NOT NULL THEN
        PERFORM FROM appointment l WHERE l.id = a.delegated_under AND l.confirmed_at IS NOT NULL AND l.withdrawn_at IS NULL AND l.during @> today FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the lead officer who named the delegate holds the office no longer' USING ERRCODE = '23001', CONSTRAINT = 'act_delegating_lead_of_today';
        END IF;
    END IF;
    SELECT * INTO s FROM statement WHERE id = NEW.statement_id;
    IF NOT FOUND OR s.expires_at < NEW.at THEN
        RAISE EXCEPTION 'the statement has expired' USING ERRCODE = '23001', CONSTRAINT = 'act_statement_fresh';
    END IF;
    NEW.signed_on := today;
    NEW.office := a.office;
    NEW.capacity := a.capacity;
    NEW.acting_for := a.acting_for;
    NEW.instrument := a.instrument;
    NEW.instrument_on := a.instrument_on;
    NEW.officer_name := s.officer_name;
    NEW.reason := s.reason;
    NEW.organisation_name := organisation_name_on(p.organisation_id, today);
    RETURN NEW;
END $$;

CREATE TABLE delegate_request (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT delegate_request_pkey PRIMARY KEY,
    lead_id       bigint NOT NULL CONSTRAINT delegate_request_lead_fkey REFERENCES appointment,
    name          text NOT NULL CONSTRAINT delegate_request_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    email         text NOT NULL CONSTRAINT delegate_request_email_form CHECK (email = lower(email) AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    office        text NOT NULL CONSTRAINT delegate_request_office_length CHECK (length(btrim(office)) BETWEEN 1 AND 200),
    papers        text[] NOT NULL DEFAULT '{}',
    instrument    text NOT NULL DEFAULT '' CONSTRAINT delegate_request_instrument_length CHECK (length(instrument) <= 2000),
    instrument_on date,
    starts_on     date NOT NULL,
    ends_on       date,
    answer        text CONSTRAINT delegate_request_answer_known CHECK (answer IN ('named', 'declined', 'taken back')),
    answered_by   bigint CONSTRAINT delegate_request_answered_by_fkey REFERENCES account,
    answered_at   timestamptz,
    reason        text NOT NULL DEFAULT '' CONSTRAINT delegate_request_reason_length CHECK (length(reason) <= 2000),
    made_id       bigint CONSTRAINT delegate_request_made_fkey REFERENCES appointment,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT delegate_request_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT delegate_request_answered_whole CHECK (num_nulls(answer, answered_by, answered_at) IN (0, 3)),
    CONSTRAINT delegate_request_declined_with_reason CHECK (answer <> 'declined' OR btrim(reason) <> ''),
    CONSTRAINT delegate_request_named_whole CHECK ((made_id IS NOT NULL) = (answer IS NOT DISTINCT FROM 'named'))
);
COMMENT ON TABLE delegate_request IS 'A lead officer asks for a delegate who has no account yet. Business support has the person invited, and the proposal is made as it was asked.';
COMMENT ON COLUMN delegate_request.lead_id IS 'The lead officer''s appointment, under which the delegate is to act.';
COMMENT ON COLUMN delegate_request.answer IS 'Null while it waits; taken back by the lead officer.';
COMMENT ON COLUMN delegate_request.answered_at IS 'When, by the clock of the database.';
COMMENT ON COLUMN delegate_request.made_id IS 'The appointment proposed on it.';
CREATE INDEX delegate_request_lead_idx ON delegate_request (lead_id);
CREATE TRIGGER delegate_request_recorded BEFORE INSERT OR UPDATE ON delegate_request FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE FUNCTION delegate_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answer IS NOT NULL THEN
        RAISE EXCEPTION 'an answered request stays so' USING ERRCODE = '23001', CONSTRAINT = 'delegate_request_final';
    END IF;
    NEW.answered_at := CASE WHEN NEW.answer IS NOT NULL THEN clock_timestamp() END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION delegate_request_guard() IS 'A request is answered once.';
CREATE TRIGGER delegate_request_answered_once BEFORE UPDATE ON delegate_request FOR EACH ROW EXECUTE FUNCTION delegate_request_guard();
CREATE TRIGGER delegate_request_kept BEFORE DELETE ON delegate_request FOR EACH ROW EXECUTE FUNCTION forbid_change('delegate_request_kept');
CREATE TRIGGER delegate_request_no_truncate BEFORE TRUNCATE ON delegate_request FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('delegate_request_kept');
GRANT SELECT ON delegate_request TO portal_app;
GRANT INSERT (lead_id, name, email, office, papers, instrument, instrument_on, starts_on, ends_on) ON delegate_request TO portal_app;
GRANT UPDATE (answer, answered_by, reason, made_id) ON delegate_request TO portal_app;

CREATE OR REPLACE VIEW published.sign_off AS
    SELECT v.id AS version_id, p.id AS partner_id, o.slug AS organisation_slug, p.statutory_kind, a.organisation_name, a.office,
           a.capacity, a.acting_for, CASE WHEN p.publishes_names THEN a.officer_name ELSE '' END AS officer_name,
           a.method, a.at, a.signed_on, a.signed_precision, a.source, a.digest, s.body_digest AS statement_digest,
           coalesce(a.instrument, '') AS instrument, a.instrument_on
    FROM public.version v JOIN public.act a ON a.round_id = v.publishing_round_id
    JOIN public.safeguarding_partner p ON p.id = a.partner_id JOIN public.organisation o ON o.id = p.organisation_id
    LEFT JOIN public.statement s ON s.id = a.statement_id
    WHERE v.published_at IS NOT NULL;

UPDATE schema_migrations SET dirty = false;
COMMIT;
