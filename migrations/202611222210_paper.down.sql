BEGIN;

DROP VIEW published.year_authority;
DROP VIEW published.signed_year;
DROP VIEW published.sign_off;
CREATE VIEW published.sign_off AS
    SELECT v.id AS version_id, p.id AS partner_id, o.slug AS organisation_slug, p.statutory_kind, a.organisation_name, a.office,
           a.capacity, a.acting_for, CASE WHEN p.publishes_names THEN a.officer_name ELSE '' END AS officer_name,
           a.method, a.at, a.signed_on, a.signed_precision, a.source, a.digest, s.body_digest AS statement_digest,
           coalesce(a.instrument, '') AS instrument, a.instrument_on
    FROM public.version v JOIN public.act a ON a.round_id = v.publishing_round_id
    JOIN public.safeguarding_partner p ON p.id = a.partner_id JOIN public.organisation o ON o.id = p.organisation_id
    LEFT JOIN public.statement s ON s.id = a.statement_id
    WHERE v.published_at IS NOT NULL;
COMMENT ON VIEW published.sign_off IS 'Who signed what is published: the name of the body that day, the office, and the officer''s name if the partner publishes it.';
GRANT SELECT ON published.sign_off TO portal_public, portal_app;
CREATE OR REPLACE FUNCTION round_set_aside_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round;
BEGIN
    SELECT * INTO r FROM round WHERE id = NEW.round_id FOR UPDATE;
    IF NOT FOUND OR r.outcome <> 'complete' OR EXISTS (SELECT FROM version v WHERE v.publishing_round_id = r.id) THEN
        RAISE EXCEPTION 'only a complete, unpublished round can be set aside' USING ERRCODE = '23001', CONSTRAINT = 'round_set_aside_unpublished';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION round_set_aside_guard() IS 'A complete round can be set aside until it is published.';
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
CREATE OR REPLACE FUNCTION round_fill_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO seat (round_id, partner_id)
    SELECT NEW.id, p.id FROM safeguarding_partner p
    WHERE p.during @> NEW.seats_on AND p.retracted_at IS NULL
      AND EXISTS (SELECT FROM partner_area pa JOIN document_area da USING (area_id) JOIN version v ON v.document_id = da.document_id
                  JOIN area ar ON ar.id = pa.area_id
                  WHERE pa.partner_id = p.id AND v.id = NEW.paper_id
                    AND pa.during @> NEW.seats_on AND pa.retracted_at IS NULL AND da.during @> NEW.seats_on AND da.retracted_at IS NULL
                    AND ar.starts_on <= NEW.seats_on AND coalesce(ar.ends_on, 'infinity') >= NEW.seats_on)
      AND EXISTS (SELECT FROM document_kind_seat ks JOIN document d ON d.kind = ks.document_kind JOIN version v ON v.document_id = d.id
                  WHERE v.id = NEW.paper_id AND ks.statutory_kind = p.statutory_kind)
    ORDER BY p.id FOR SHARE OF p;
    IF NOT EXISTS (SELECT FROM seat WHERE round_id = NEW.id) OR EXISTS (
        SELECT FROM document_kind_seat ks JOIN document d ON d.kind = ks.document_kind JOIN version v ON v.document_id = d.id
        WHERE v.id = NEW.paper_id AND NOT EXISTS (SELECT FROM seat s JOIN safeguarding_partner p ON p.id = s.partner_id
            WHERE s.round_id = NEW.id AND p.statutory_kind = ks.statutory_kind)) THEN
        RAISE EXCEPTION 'a kind of safeguarding partner has no seat' USING ERRCODE = '23001', CONSTRAINT = 'round_seats_each_kind';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION round_fill_seats() IS 'Seats: the safeguarding partners of the document''s areas on the day, of the kinds that sign such a document.';
CREATE OR REPLACE FUNCTION round_opens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version; frozen jsonb;
BEGIN
    SELECT * INTO v FROM version WHERE id = NEW.paper_id FOR UPDATE;
    IF NOT FOUND OR v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'there is no such draft' USING ERRCODE = '23001', CONSTRAINT = 'round_of_a_draft';
    END IF;
    IF version_has_live_round(v.id) THEN
        RAISE EXCEPTION 'the version has a live round' USING ERRCODE = '23001', CONSTRAINT = 'round_one_live';
    END IF;
    frozen := convert_from(NEW.content, 'UTF8')::jsonb;
    IF v.effective_from IS NULL OR frozen->>'effectiveFrom' IS DISTINCT FROM v.effective_from::text
       OR (frozen->>'number')::int IS DISTINCT FROM v.number OR frozen->>'title' IS DISTINCT FROM v.title THEN
        RAISE EXCEPTION 'the frozen text is not that of the version' USING ERRCODE = '23001', CONSTRAINT = 'round_content_of_version';
    END IF;
    NEW.opened_at := clock_timestamp();
    NEW.outcome := 'open';
    NEW.ended_at := NULL;
    NEW.end_reason := '';
    IF NEW.origin = 'portal' THEN
        NEW.seats_on := london_day(NEW.opened_at);
    ELSIF NEW.seats_on > london_day(NEW.opened_at) THEN
        RAISE EXCEPTION 'a sign-off made elsewhere lies in the past' USING ERRCODE = '23001', CONSTRAINT = 'round_recorded_in_past';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION round_opens() IS 'A round opens on a draft without a live round, with its text and its day.';
CREATE OR REPLACE FUNCTION version_has_live_round(version bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM round r WHERE r.paper_kind = 'version' AND r.paper_id = version
        AND (r.outcome = 'open' OR (r.outcome = 'complete' AND NOT EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id))))
$$;
COMMENT ON FUNCTION version_has_live_round(bigint) IS 'Whether the text of a version is frozen by a round.';

CREATE OR REPLACE FUNCTION round_opens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version; frozen jsonb;
BEGIN
    SELECT * INTO v FROM version WHERE id = NEW.paper_id FOR UPDATE;
    IF NOT FOUND OR v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'there is no such draft' USING ERRCODE = '23001', CONSTRAINT = 'round_of_a_draft';
    END IF;
    IF version_has_live_round(v.id) THEN
        RAISE EXCEPTION 'the version has a live round' USING ERRCODE = '23001', CONSTRAINT = 'round_one_live';
    END IF;
    frozen := convert_from(NEW.content, 'UTF8')::jsonb;
    IF v.effective_from IS NULL OR frozen->>'effectiveFrom' IS DISTINCT FROM v.effective_from::text
       OR (frozen->>'number')::int IS DISTINCT FROM v.number OR frozen->>'title' IS DISTINCT FROM v.title THEN
        RAISE EXCEPTION 'the frozen text is not that of the version' USING ERRCODE = '23001', CONSTRAINT = 'round_content_of_version';
    END IF;
    NEW.opened_at := clock_timestamp();
    NEW.outcome := 'open';
    NEW.ended_at := NULL;
    NEW.end_reason := '';
    IF NEW.origin = 'portal' THEN
        NEW.seats_on := london_day(NEW.opened_at);
    ELSIF NEW.seats_on > london_day(NEW.opened_at) THEN
        RAISE EXCEPTION 'a sign-off made elsewhere lies in the past' USING ERRCODE = '23001', CONSTRAINT = 'round_recorded_in_past';
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION funding_lines_proposed(integer);
DROP FUNCTION funding_lines_frozen(jsonb);
DROP FUNCTION paper_has_live_round(text, bigint);
DROP FUNCTION partner_signs(safeguarding_partner, text, bigint, date);
ALTER TABLE round DROP CONSTRAINT round_recorded_of_versions, DROP CONSTRAINT round_paper_kind_known,
    ADD CONSTRAINT round_paper_kind_known CHECK (paper_kind IN ('version'));
COMMENT ON COLUMN round.paper_id IS 'The paper: of kind version, an identifier of version.';
COMMENT ON COLUMN appointment.papers IS 'Kinds of paper that it covers; empty means all.';
DELETE FROM document_kind_seat WHERE document_kind = 'annual budget';
COMMENT ON TABLE document_kind_seat IS 'The kinds of safeguarding partner that sign a kind of document, at least one of each.';
DROP VIEW paper_area;
DROP VIEW paper;
DROP FUNCTION financial_year_words(integer);

UPDATE schema_migrations SET dirty = false;
COMMIT;
