BEGIN;

-- A second paper is put to the safeguarding partners: the contributions and the budget of a financial year. What the
-- rounds need to know of a paper, of either kind, they find in the views paper and paper_area.

CREATE FUNCTION financial_year_words(year integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT year || '/' || right((year + 1)::text, 2)
$$;
COMMENT ON FUNCTION financial_year_words(integer) IS 'A financial year as people write it: 2019/20.';

CREATE VIEW paper AS
    SELECT 'version' AS kind, v.id, d.kind AS subject, d.slug, v.number, v.title, v.title || ', version ' || v.number AS name,
           v.effective_from, v.is_demonstration, v.publishing_round_id AS settled_by, v.published_at IS NOT NULL AS is_public,
           v.id AS version_id, NULL::integer AS financial_year
    FROM version v JOIN document d ON d.id = v.document_id
    UNION ALL
    SELECT 'funding year', y.financial_year, 'annual budget', replace(financial_year_words(y.financial_year), '/', '-'), y.financial_year, t.title,
           t.title, NULL, y.is_demonstration, y.agreed_round_id, y.agreed_round_id IS NOT NULL AND y.released_at IS NOT NULL, NULL, y.financial_year
    FROM funding_year y CROSS JOIN LATERAL (
        SELECT 'Contributions and budget for ' || financial_year_words(y.financial_year) AS title) t;
COMMENT ON VIEW paper IS 'What can be put to the safeguarding partners: versions of documents, and financial years.';
COMMENT ON COLUMN paper.kind IS 'version or funding year, as in round.paper_kind.';
COMMENT ON COLUMN paper.id IS 'As in round.paper_id: an identifier of version, or a financial year.';
COMMENT ON COLUMN paper.subject IS 'What an appointment must cover to act on it: the kind of document, or annual budget.';
COMMENT ON COLUMN paper.name IS 'What it is called where it stands alone.';
COMMENT ON COLUMN paper.settled_by IS 'The round whose bytes were published, or made the year agreed.';
COMMENT ON COLUMN paper.is_public IS 'Whether anybody may read it.';
GRANT SELECT ON paper TO portal_app;

CREATE VIEW paper_area AS
    SELECT 'version' AS kind, v.id, da.area_id, da.during FROM document_area da JOIN version v ON v.document_id = da.document_id WHERE da.retracted_at IS NULL
    UNION ALL
    SELECT 'funding year', y.financial_year, a.id, daterange(a.starts_on, a.ends_on, '[]') FROM funding_year y CROSS JOIN area a;
COMMENT ON VIEW paper_area IS 'The areas that a paper is for: those of the document, or for a financial year all of the partnership''s.';
GRANT SELECT ON paper_area TO portal_app;

COMMENT ON TABLE document_kind_seat IS 'The kinds of safeguarding partner that sign a kind of document, or the annual budget; at least one of each.';
INSERT INTO document_kind_seat (document_kind, statutory_kind) VALUES
    ('annual budget', 'local authority'), ('annual budget', 'police'), ('annual budget', 'health');
COMMENT ON COLUMN appointment.papers IS 'What it covers: kinds of document, and annual budget for the financial years. Empty means all.';

ALTER TABLE round DROP CONSTRAINT round_paper_kind_known,
    ADD CONSTRAINT round_paper_kind_known CHECK (paper_kind IN ('version', 'funding year')),
    ADD CONSTRAINT round_recorded_of_versions CHECK (origin = 'portal' OR paper_kind = 'version');
COMMENT ON COLUMN round.paper_id IS 'The paper: of kind version, an identifier of version; of kind funding year, the financial year.';

CREATE FUNCTION partner_signs(p safeguarding_partner, paper_kind text, paper bigint, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p.during @> on_day AND p.retracted_at IS NULL
       AND EXISTS (SELECT FROM public.partner_area pa JOIN public.paper_area xa USING (area_id) JOIN public.area ar ON ar.id = pa.area_id
                   WHERE pa.partner_id = p.id AND xa.kind = paper_kind AND xa.id = paper
                     AND pa.during @> on_day AND pa.retracted_at IS NULL AND xa.during @> on_day
                     AND ar.starts_on <= on_day AND coalesce(ar.ends_on, 'infinity') >= on_day)
       AND EXISTS (SELECT FROM public.paper x JOIN public.document_kind_seat ks ON ks.document_kind = x.subject
                   WHERE x.kind = paper_kind AND x.id = paper AND ks.statutory_kind = p.statutory_kind)
$$;
COMMENT ON FUNCTION partner_signs(safeguarding_partner, text, bigint, date) IS 'Whether a partner has a seat if a round on the paper opens on a day.';

CREATE FUNCTION paper_has_live_round(kind text, paper bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM round r WHERE r.paper_kind = kind AND r.paper_id = paper
        AND (r.outcome = 'open' OR (r.outcome = 'complete' AND NOT EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id))))
$$;
COMMENT ON FUNCTION paper_has_live_round(text, bigint) IS 'Whether a paper is frozen by a round: an open one, or a complete one that is not set aside.';
CREATE OR REPLACE FUNCTION version_has_live_round(version bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT paper_has_live_round('version', version)
$$;

-- What is signed is what is proposed: the lines, each with its payer, and the budget.
CREATE FUNCTION funding_lines_frozen(frozen jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_array(
        (SELECT jsonb_agg(jsonb_build_array((l->>'line')::bigint, l->>'slug', l->>'form', (l->>'payerTotalPence')::bigint, (l->>'pence')::bigint) ORDER BY (l->>'line')::bigint)
         FROM jsonb_array_elements(frozen->'lines') l),
        (SELECT jsonb_agg(jsonb_build_array(b->>'category', (b->>'pence')::bigint) ORDER BY (b->>'category') COLLATE "C") FROM jsonb_array_elements(frozen->'budget') b))
$$;
COMMENT ON FUNCTION funding_lines_frozen(jsonb) IS 'The lines and the budget of a frozen year (funding-year/1), to compare with those proposed.';
CREATE FUNCTION funding_lines_proposed(year integer) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_array(
        (SELECT jsonb_agg(jsonb_build_array(l.id, o.slug, l.form, l.payer_total_pence, l.pence) ORDER BY l.id)
         FROM funding_line l JOIN organisation o ON o.id = l.organisation_id WHERE l.financial_year = year AND l.removed_at IS NULL),
        (SELECT jsonb_agg(jsonb_build_array(c.name, b.pence) ORDER BY c.name COLLATE "C") FROM budget_line b JOIN funding_category c ON c.code = b.category WHERE b.financial_year = year))
$$;
COMMENT ON FUNCTION funding_lines_proposed(integer) IS 'The lines and the budget of a year as they are proposed now.';

CREATE OR REPLACE FUNCTION round_opens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version; y funding_year; frozen jsonb;
BEGIN
    IF NEW.paper_kind = 'version' THEN
        SELECT * INTO v FROM version WHERE id = NEW.paper_id FOR UPDATE;
        IF NOT FOUND OR v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL THEN
            RAISE EXCEPTION 'there is no such draft' USING ERRCODE = '23001', CONSTRAINT = 'round_of_a_draft';
        END IF;
    ELSIF NEW.paper_kind = 'funding year' THEN
        SELECT * INTO y FROM funding_year WHERE financial_year = NEW.paper_id FOR UPDATE;
        IF NOT FOUND OR y.agreed_at IS NOT NULL THEN
            RAISE EXCEPTION 'no such year is being proposed' USING ERRCODE = '23001', CONSTRAINT = 'round_of_a_proposed_year';
        END IF;
    END IF;
    IF paper_has_live_round(NEW.paper_kind, NEW.paper_id) THEN
        RAISE EXCEPTION 'the paper has a live round' USING ERRCODE = '23001', CONSTRAINT = 'round_one_live';
    END IF;
    frozen := convert_from(NEW.content, 'UTF8')::jsonb;
    IF NEW.paper_kind = 'funding year' THEN
        IF frozen->>'schema' IS DISTINCT FROM 'funding-year/1' OR frozen->>'financialYear' IS DISTINCT FROM financial_year_words(y.financial_year)
           OR frozen->>'openingPence' IS DISTINCT FROM y.opening_pence::text
           OR funding_lines_frozen(frozen) IS DISTINCT FROM funding_lines_proposed(y.financial_year) THEN
            RAISE EXCEPTION 'the frozen figures are not those of the year' USING ERRCODE = '23001', CONSTRAINT = 'round_content_of_year';
        END IF;
    ELSIF NEW.paper_kind = 'version' AND (v.effective_from IS NULL OR frozen->>'effectiveFrom' IS DISTINCT FROM v.effective_from::text
       OR (frozen->>'number')::int IS DISTINCT FROM v.number OR frozen->>'title' IS DISTINCT FROM v.title) THEN
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
COMMENT ON FUNCTION round_opens() IS 'A round opens on a draft, or a year that is being proposed, without a live round, with its text and its day.';

CREATE OR REPLACE FUNCTION round_fill_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO seat (round_id, partner_id)
    SELECT NEW.id, p.id FROM safeguarding_partner p
    WHERE partner_signs(p, NEW.paper_kind, NEW.paper_id, NEW.seats_on)
    ORDER BY p.id FOR SHARE OF p;
    IF NOT EXISTS (SELECT FROM seat WHERE round_id = NEW.id) OR EXISTS (
        SELECT FROM document_kind_seat ks JOIN paper x ON x.subject = ks.document_kind
        WHERE x.kind = NEW.paper_kind AND x.id = NEW.paper_id AND NOT EXISTS (SELECT FROM seat s JOIN safeguarding_partner p ON p.id = s.partner_id
            WHERE s.round_id = NEW.id AND p.statutory_kind = ks.statutory_kind)) THEN
        RAISE EXCEPTION 'a kind of safeguarding partner has no seat' USING ERRCODE = '23001', CONSTRAINT = 'round_seats_each_kind';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION round_fill_seats() IS 'Seats: the safeguarding partners of the paper''s areas on the day, of the kinds that sign such a paper.';

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
       OR NOT (a.papers = '{}' OR (SELECT x.subject FROM paper x WHERE x.kind = r.paper_kind AND x.id = r.paper_id) = ANY (a.papers)) THEN
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

-- A complete round makes its year agreed in the same transaction (see funding), so there is nothing to set aside.
CREATE OR REPLACE FUNCTION round_set_aside_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round;
BEGIN
    SELECT * INTO r FROM round WHERE id = NEW.round_id FOR UPDATE;
    IF NOT FOUND OR r.outcome <> 'complete' OR EXISTS (SELECT FROM version v WHERE v.publishing_round_id = r.id) THEN
        RAISE EXCEPTION 'only a complete, unpublished round can be set aside' USING ERRCODE = '23001', CONSTRAINT = 'round_set_aside_unpublished';
    END IF;
    IF r.paper_kind = 'funding year' THEN
        RAISE EXCEPTION 'an agreed year stands' USING ERRCODE = '23001', CONSTRAINT = 'round_set_aside_not_agreed';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION round_set_aside_guard() IS 'A complete round of a version can be set aside until it is published; an agreed year stands.';

DROP VIEW published.sign_off;
CREATE VIEW published.sign_off AS
    SELECT x.version_id, x.financial_year, p.id AS partner_id, o.slug AS organisation_slug, p.statutory_kind, a.organisation_name, a.office,
           a.capacity, a.acting_for, CASE WHEN p.publishes_names THEN a.officer_name ELSE '' END AS officer_name,
           a.method, a.at, a.signed_on, a.signed_precision, a.source, a.digest, s.body_digest AS statement_digest,
           coalesce(a.instrument, '') AS instrument, a.instrument_on
    FROM public.paper x JOIN public.act a ON a.round_id = x.settled_by
    JOIN public.safeguarding_partner p ON p.id = a.partner_id JOIN public.organisation o ON o.id = p.organisation_id
    LEFT JOIN public.statement s ON s.id = a.statement_id
    WHERE x.is_public;
COMMENT ON VIEW published.sign_off IS 'Who signed what is public: the name of the body that day, the office, and the officer''s name if the partner publishes it.';
CREATE VIEW published.signed_year AS
    SELECT x.financial_year, x.title, x.is_demonstration, r.number AS round_number, r.ended_at AS agreed_at, r.content, r.digest
    FROM public.paper x JOIN public.round r ON r.id = x.settled_by WHERE x.is_public AND x.kind = 'funding year';
COMMENT ON VIEW published.signed_year IS 'Financial years that every safeguarding partner signed and that were released, with the exact signed bytes.';
CREATE VIEW published.year_authority AS
    SELECT DISTINCT l.decision_id, l.financial_year FROM public.funding_line l JOIN public.decision_line d ON d.decision_id = l.decision_id AND d.is_public
    JOIN public.paper x ON x.financial_year = l.financial_year AND x.is_public WHERE l.removed_at IS NULL;
COMMENT ON VIEW published.year_authority IS 'The published records that authorised lines of a signed and released year.';
GRANT SELECT ON published.sign_off, published.signed_year, published.year_authority TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
