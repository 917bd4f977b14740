BEGIN;
DROP VIEW published.sign_off;
CREATE VIEW published.sign_off AS
    SELECT v.id AS version_id, p.id AS partner_id, o.slug AS organisation_slug, p.statutory_kind, a.organisation_name, a.office,
           a.capacity, a.acting_for, CASE WHEN p.publishes_names THEN a.officer_name ELSE '' END AS officer_name,
           a.method, a.at, a.signed_on, a.signed_precision, a.source, a.digest, s.body_digest AS statement_digest
    FROM public.version v JOIN public.act a ON a.round_id = v.publishing_round_id
    JOIN public.safeguarding_partner p ON p.id = a.partner_id JOIN public.organisation o ON o.id = p.organisation_id
    LEFT JOIN public.statement s ON s.id = a.statement_id
    WHERE v.published_at IS NOT NULL;
COMMENT ON VIEW published.sign_off IS 'Who signed what is published: the name of the body that day, the office, and the officer''s name if the partner publishes it.';
GRANT SELECT ON published.sign_off TO portal_public, portal_app;
DROP TABLE delegate_request;
DROP FUNCTION delegate_request_guard();
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
    SELECT * INTO s FROM statement WHERE id = NEW.statement_id;
    IF NOT FOUND OR s.expires_at < NEW.at THEN
        RAISE EXCEPTION 'the statement has expired' USING ERRCODE = '23001', CONSTRAINT = 'act_statement_fresh';
    END IF;
    NEW.signed_on := today;
    NEW.office := a.office;
    NEW.capacity := a.capacity;
    NEW.acting_for := a.acting_for;
    NEW.officer_name := s.officer_name;
    NEW.reason := s.reason;
    NEW.organisation_name := organisation_name_on(p.organisation_id, today);
    RETURN NEW;
END $$;
ALTER TABLE act DROP CONSTRAINT act_under_instrument, DROP COLUMN instrument, DROP COLUMN instrument_on;
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
DROP TRIGGER appointment_named ON appointment;
DROP FUNCTION appointment_delegation_guard();
DROP FUNCTION appointment_counts(appointment, date);
REVOKE INSERT (instrument_on, delegated_under), UPDATE (instrument_file) ON appointment FROM portal_app;
ALTER TABLE appointment DROP COLUMN instrument_on, DROP COLUMN instrument_file, DROP COLUMN delegated_under;
ALTER TABLE appointment_past DROP COLUMN instrument_on, DROP COLUMN instrument_file, DROP COLUMN delegated_under;
UPDATE schema_migrations SET dirty = false;
COMMIT;
