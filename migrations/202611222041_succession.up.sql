BEGIN;

-- Succession: one body takes the place of another, or several of several, or one takes another name or comes to its end.
-- A succession is never changed; recorded in error it is reversed, with what its recording changed elsewhere.

CREATE TABLE succession (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT succession_pkey PRIMARY KEY,
    kind             text NOT NULL CONSTRAINT succession_kind_known CHECK (kind IN ('rename', 'merger', 'split', 'takeover', 'abolition')),
    takes_effect_on  date NOT NULL,
    note             text NOT NULL DEFAULT '' CONSTRAINT succession_note_length CHECK (length(note) <= 2000),
    outlasting       text NOT NULL DEFAULT '' CONSTRAINT succession_outlasting_length CHECK (length(outlasting) <= 2000),
    outlasting_until date,
    recorded_by      bigint CONSTRAINT succession_recorded_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    reversed_by      bigint CONSTRAINT succession_reversed_by_fkey REFERENCES account,
    reversed_at      timestamptz,
    reversed_reason  text,
    CONSTRAINT succession_id_day_key UNIQUE (id, takes_effect_on),
    CONSTRAINT succession_outlasting_functions CHECK (outlasting_until IS NULL OR btrim(outlasting) <> ''),
    CONSTRAINT succession_outlasting_after CHECK (outlasting_until >= takes_effect_on),
    CONSTRAINT succession_reversed_whole CHECK ((reversed_at IS NULL) = (reversed_reason IS NULL) AND (reversed_by IS NULL OR reversed_at IS NOT NULL)),
    CONSTRAINT succession_reversed_with_reason CHECK (length(btrim(reversed_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE succession IS 'What became of bodies on a day: renamed, merged, split, taken over or abolished. It changes no act of any of them.';
COMMENT ON COLUMN succession.takes_effect_on IS 'First day on which it is so.';
COMMENT ON COLUMN succession.outlasting IS 'Functions that the predecessor keeps after the day, in words.';
COMMENT ON COLUMN succession.outlasting_until IS 'Last day of those functions, inclusive; null if it is open.';
COMMENT ON COLUMN succession.recorded_by IS 'Null where a command of the installation, or an earlier release, recorded it.';
COMMENT ON COLUMN succession.reversed_at IS 'When it was found to be recorded in error; from then on it counts for nothing.';

CREATE TABLE succession_body (
    succession_id   bigint NOT NULL CONSTRAINT succession_body_succession_fkey REFERENCES succession,
    organisation_id bigint NOT NULL CONSTRAINT succession_body_organisation_fkey REFERENCES organisation,
    part            text NOT NULL CONSTRAINT succession_body_part_known CHECK (part IN ('predecessor', 'successor')),
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT succession_body_pkey PRIMARY KEY (succession_id, organisation_id)
);
COMMENT ON TABLE succession_body IS 'The bodies of a succession. None is its own successor.';
CREATE INDEX succession_body_organisation_idx ON succession_body (organisation_id);

CREATE TABLE succession_change (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT succession_change_pkey PRIMARY KEY,
    succession_id   bigint NOT NULL CONSTRAINT succession_change_succession_fkey REFERENCES succession,
    organisation_id bigint CONSTRAINT succession_change_organisation_fkey REFERENCES organisation,
    name_id         bigint CONSTRAINT succession_change_name_fkey REFERENCES organisation_name,
    partner_id      bigint CONSTRAINT succession_change_partner_fkey REFERENCES safeguarding_partner,
    share_id        bigint CONSTRAINT succession_change_share_fkey REFERENCES partner_area,
    agency_id       bigint CONSTRAINT succession_change_agency_fkey REFERENCES agency_membership,
    post_id         bigint CONSTRAINT succession_change_post_fkey REFERENCES post,
    holder_id       bigint CONSTRAINT succession_change_holder_fkey REFERENCES post_holder,
    made            boolean NOT NULL,
    was_ends_on     date,
    set_ends_on     date,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT succession_change_of_one CHECK (num_nonnulls(organisation_id, name_id, partner_id, share_id, agency_id, post_id, holder_id) = 1),
    CONSTRAINT succession_change_made_or_ended CHECK (made = (set_ends_on IS NULL) AND (was_ends_on IS NULL OR NOT made))
);
COMMENT ON TABLE succession_change IS 'What the recording of a succession made, or ended, elsewhere: a reversal takes exactly this back.';
COMMENT ON COLUMN succession_change.made IS 'Whether the row was made; otherwise it was given its last day.';
COMMENT ON COLUMN succession_change.was_ends_on IS 'The last day that the row had before; null if it was open.';
COMMENT ON COLUMN succession_change.set_ends_on IS 'The last day that it was given.';
CREATE INDEX succession_change_succession_idx ON succession_change (succession_id);

-- Every link that is recorded already gets a succession of its own.
ALTER TABLE organisation_succession ADD COLUMN succession_id bigint;
ALTER TABLE organisation_succession_past ADD COLUMN succession_id bigint;
COMMENT ON COLUMN organisation_succession.succession_id IS 'The succession that joins the two bodies.';
ALTER TABLE organisation_succession DISABLE TRIGGER USER;
DO $$ DECLARE l organisation_succession; header bigint;
BEGIN
    FOR l IN SELECT * FROM organisation_succession ORDER BY id LOOP
        INSERT INTO succession (kind, takes_effect_on, note, recorded_at, reversed_at, reversed_reason)
        VALUES ('takeover', l.takes_over_on, l.note, l.recorded_at, l.retracted_at, l.retracted_reason) RETURNING id INTO header;
        INSERT INTO succession_body (succession_id, organisation_id, part) VALUES (header, l.predecessor_id, 'predecessor'), (header, l.successor_id, 'successor');
        UPDATE organisation_succession SET succession_id = header WHERE id = l.id;
    END LOOP;
END $$;
ALTER TABLE organisation_succession ENABLE TRIGGER USER;
ALTER TABLE organisation_succession ALTER COLUMN succession_id SET NOT NULL,
    ADD CONSTRAINT organisation_succession_of_succession FOREIGN KEY (succession_id, takes_over_on) REFERENCES succession (id, takes_effect_on);
CREATE INDEX organisation_succession_succession_idx ON organisation_succession (succession_id);

CREATE TRIGGER succession_recorded BEFORE INSERT OR UPDATE ON succession FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER succession_body_recorded BEFORE INSERT OR UPDATE ON succession_body FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER succession_body_insert_only BEFORE UPDATE OR DELETE ON succession_body FOR EACH ROW EXECUTE FUNCTION forbid_change('succession_body_insert_only');
CREATE TRIGGER succession_body_no_truncate BEFORE TRUNCATE ON succession_body FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('succession_body_insert_only');
CREATE TRIGGER succession_change_recorded BEFORE INSERT OR UPDATE ON succession_change FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER succession_change_insert_only BEFORE UPDATE OR DELETE ON succession_change FOR EACH ROW EXECUTE FUNCTION forbid_change('succession_change_insert_only');
CREATE TRIGGER succession_change_no_truncate BEFORE TRUNCATE ON succession_change FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('succession_change_insert_only');

CREATE FUNCTION succession_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.reversed_at := NULL;
        NEW.reversed_reason := NULL;
        NEW.reversed_by := NULL;
        RETURN NEW;
    END IF;
    IF OLD.reversed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a reversed succession stays reversed' USING ERRCODE = '23001', CONSTRAINT = 'succession_reversal_final';
    END IF;
    NEW.reversed_at := CASE WHEN NEW.reversed_reason IS NOT NULL THEN clock_timestamp() END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION succession_guard() IS 'A succession is born standing; the database says when it is reversed, and a reversal is final.';
CREATE TRIGGER succession_guard BEFORE INSERT OR UPDATE ON succession FOR EACH ROW EXECUTE FUNCTION succession_guard();

CREATE FUNCTION organisation_succession_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('organisation_succession')); -- two successions at once could close a circle unseen
    IF NEW.succession_id IS NULL THEN -- as a release before this one writes it
        INSERT INTO succession (kind, takes_effect_on, note) VALUES ('takeover', NEW.takes_over_on, NEW.note) RETURNING id INTO NEW.succession_id;
        INSERT INTO succession_body (succession_id, organisation_id, part)
            SELECT NEW.succession_id, NEW.predecessor_id, 'predecessor' UNION SELECT NEW.succession_id, NEW.successor_id, 'successor'
            ON CONFLICT DO NOTHING;
    END IF;
    IF EXISTS (WITH RECURSIVE later AS (
            SELECT s.successor_id FROM organisation_succession s WHERE s.predecessor_id = NEW.successor_id AND s.retracted_at IS NULL
            UNION SELECT s.successor_id FROM organisation_succession s JOIN later l ON l.successor_id = s.predecessor_id WHERE s.retracted_at IS NULL)
        SELECT FROM later WHERE successor_id = NEW.predecessor_id) THEN
        RAISE EXCEPTION 'the successor is itself a predecessor' USING ERRCODE = '23001', CONSTRAINT = 'organisation_succession_no_circle';
    END IF;
    PERFORM FROM organisation o WHERE o.id IN (NEW.predecessor_id, NEW.successor_id) FOR SHARE;
    IF EXISTS (SELECT FROM organisation o WHERE o.id = NEW.predecessor_id AND o.starts_on >= NEW.takes_over_on)
       OR EXISTS (SELECT FROM organisation o WHERE o.id = NEW.successor_id AND (o.starts_on > NEW.takes_over_on OR o.ends_on < NEW.takes_over_on)) THEN
        RAISE EXCEPTION 'the predecessor was not there before the day, or the successor not on it' USING ERRCODE = '23001', CONSTRAINT = 'organisation_succession_day_order';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_succession_guard() IS 'No body succeeds itself over others; the predecessor was there before the day, the successor is there on it.';
CREATE TRIGGER organisation_succession_guard BEFORE INSERT ON organisation_succession FOR EACH ROW EXECUTE FUNCTION organisation_succession_guard();

CREATE FUNCTION organisation_days_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM organisation_succession s WHERE s.successor_id = NEW.id AND s.retracted_at IS NULL AND s.takes_over_on > NEW.ends_on) THEN
        RAISE EXCEPTION 'the organisation takes the place of another after that day' USING ERRCODE = '23001', CONSTRAINT = 'organisation_ends_after_succession';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_days_guard() IS 'No body ends before the day on which it took the place of another.';
CREATE TRIGGER organisation_days_guard BEFORE UPDATE OF ends_on ON organisation FOR EACH ROW EXECUTE FUNCTION organisation_days_guard();

-- Checked at commit: header, bodies, links and changes are written one after another.
CREATE FUNCTION succession_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE s succession; before int; after int;
BEGIN
    SELECT * INTO s FROM succession WHERE id = CASE TG_TABLE_NAME WHEN 'succession' THEN (to_jsonb(NEW)->>'id')::bigint ELSE (to_jsonb(NEW)->>'succession_id')::bigint END;
    SELECT count(*) FILTER (WHERE part = 'predecessor'), count(*) FILTER (WHERE part = 'successor') INTO before, after
        FROM succession_body WHERE succession_id = s.id;
    IF NOT (CASE s.kind WHEN 'rename' THEN before = 1 AND after = 0 WHEN 'abolition' THEN before >= 1 AND after = 0
        WHEN 'takeover' THEN before = 1 AND after = 1 WHEN 'merger' THEN before >= 2 AND after >= 1 ELSE before >= 1 AND after >= 2 END) THEN
        RAISE EXCEPTION 'a % of % by %', s.kind, before, after USING ERRCODE = '23001', CONSTRAINT = 'succession_bodies_of_kind';
    END IF;
    IF EXISTS (SELECT FROM succession_body p CROSS JOIN succession_body f
            WHERE p.succession_id = s.id AND f.succession_id = s.id AND p.part = 'predecessor' AND f.part = 'successor'
              AND NOT EXISTS (SELECT FROM organisation_succession l WHERE l.succession_id = s.id AND l.predecessor_id = p.organisation_id
                              AND l.successor_id = f.organisation_id AND (l.retracted_at IS NULL) = (s.reversed_at IS NULL)))
       OR (SELECT count(*) FROM organisation_succession l WHERE l.succession_id = s.id) <> before * after THEN
        RAISE EXCEPTION 'the links of a succession stand and fall with it' USING ERRCODE = '23001', CONSTRAINT = 'succession_links';
    END IF;
    IF s.reversed_at IS NOT NULL AND EXISTS (SELECT FROM succession_change c
            LEFT JOIN organisation o ON o.id = c.organisation_id LEFT JOIN organisation_name n ON n.id = c.name_id
            LEFT JOIN safeguarding_partner p ON p.id = c.partner_id LEFT JOIN partner_area h ON h.id = c.share_id
            LEFT JOIN agency_membership a ON a.id = c.agency_id
            WHERE c.succession_id = s.id AND c.made
              AND coalesce(o.retracted_at, n.retracted_at, p.retracted_at, h.retracted_at, a.retracted_at) IS NULL) THEN
        RAISE EXCEPTION 'what a reversed succession made counts for nothing' USING ERRCODE = '23001', CONSTRAINT = 'succession_reversed_with_all';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION succession_whole() IS 'A succession has the bodies of its kind, a link for each pair, and when it is reversed nothing that it made is left.';
CREATE CONSTRAINT TRIGGER succession_whole AFTER INSERT OR UPDATE ON succession DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION succession_whole();
CREATE CONSTRAINT TRIGGER succession_body_whole AFTER INSERT ON succession_body DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION succession_whole();
CREATE CONSTRAINT TRIGGER organisation_succession_whole AFTER INSERT OR UPDATE ON organisation_succession DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION succession_whole();

GRANT SELECT ON succession, succession_body, succession_change TO portal_app;
GRANT INSERT (kind, takes_effect_on, note, outlasting, outlasting_until, recorded_by) ON succession TO portal_app;
GRANT UPDATE (reversed_by, reversed_reason) ON succession TO portal_app;
GRANT INSERT (succession_id, organisation_id, part) ON succession_body TO portal_app;
GRANT INSERT (succession_id, organisation_id, name_id, partner_id, share_id, agency_id, post_id, holder_id, made, was_ends_on, set_ends_on) ON succession_change TO portal_app;

CREATE OR REPLACE VIEW published.organisation_succession AS
    SELECT predecessor_id, successor_id, takes_over_on, note, succession_id FROM public.organisation_succession WHERE retracted_at IS NULL;
CREATE VIEW published.succession AS
    SELECT id, kind, takes_effect_on, note, outlasting, outlasting_until, recorded_at FROM public.succession WHERE reversed_at IS NULL;
COMMENT ON VIEW published.succession IS 'What became of bodies, without what was reversed.';
CREATE VIEW published.succession_body AS
    SELECT b.succession_id, b.organisation_id, b.part FROM public.succession_body b JOIN public.succession s ON s.id = b.succession_id WHERE s.reversed_at IS NULL;
COMMENT ON VIEW published.succession_body IS 'The bodies of each succession.';
CREATE TRIGGER succession_published_changed AFTER INSERT OR UPDATE OR DELETE ON succession FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER succession_body_published_changed AFTER INSERT OR UPDATE OR DELETE ON succession_body FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON ALL TABLES IN SCHEMA published TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
