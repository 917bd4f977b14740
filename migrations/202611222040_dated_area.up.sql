BEGIN;

-- A partner may share another area from a day on, and a document may be made for other areas from a day on: a partnership
-- splits, or two of them merge.

ALTER TABLE partner_area DROP CONSTRAINT partner_area_pkey;
ALTER TABLE partner_area
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT partner_area_pkey PRIMARY KEY,
    ADD COLUMN starts_on date,
    ADD COLUMN ends_on date,
    ADD COLUMN during daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    ADD COLUMN known_from timestamptz,
    ADD COLUMN retracted_at timestamptz,
    ADD COLUMN retracted_reason text,
    ADD CONSTRAINT partner_area_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT partner_area_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    ADD CONSTRAINT partner_area_no_overlap EXCLUDE USING gist (partner_id WITH =, area_id WITH =, during WITH &&) WHERE (retracted_at IS NULL);
ALTER TABLE partner_area DISABLE TRIGGER USER;
UPDATE partner_area SET known_from = recorded_at;
ALTER TABLE partner_area ENABLE TRIGGER USER;
ALTER TABLE partner_area ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN partner_area.starts_on IS 'First day; null: for the whole time of the partner.';
COMMENT ON COLUMN partner_area.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN partner_area.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN partner_area.known_from IS 'Since when the row is known as it stands; earlier wordings are in partner_area_past.';
COMMENT ON COLUMN partner_area.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER partner_area_recorded ON partner_area;
CREATE TRIGGER partner_area_recorded BEFORE INSERT OR UPDATE ON partner_area FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER partner_area_is_retracted BEFORE INSERT OR UPDATE ON partner_area FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (ends_on, retracted_reason) ON partner_area TO portal_app;
CREATE TABLE partner_area_past (known_until timestamptz NOT NULL, LIKE partner_area);
COMMENT ON TABLE partner_area_past IS 'What partner_area said before, from known_from until known_until.';
COMMENT ON COLUMN partner_area_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER partner_area_past_insert_only BEFORE UPDATE OR DELETE ON partner_area_past FOR EACH ROW EXECUTE FUNCTION forbid_change('partner_area_past_insert_only');
CREATE TRIGGER partner_area_past_no_truncate BEFORE TRUNCATE ON partner_area_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('partner_area_past_insert_only');
GRANT SELECT ON partner_area_past TO portal_app;

ALTER TABLE document_area DROP CONSTRAINT document_area_pkey;
ALTER TABLE document_area
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT document_area_pkey PRIMARY KEY,
    ADD COLUMN starts_on date,
    ADD COLUMN ends_on date,
    ADD COLUMN during daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    ADD COLUMN known_from timestamptz,
    ADD COLUMN retracted_at timestamptz,
    ADD COLUMN retracted_reason text,
    ADD CONSTRAINT document_area_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT document_area_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    ADD CONSTRAINT document_area_no_overlap EXCLUDE USING gist (document_id WITH =, area_id WITH =, during WITH &&) WHERE (retracted_at IS NULL);
ALTER TABLE document_area DISABLE TRIGGER USER;
UPDATE document_area SET known_from = recorded_at;
ALTER TABLE document_area ENABLE TRIGGER USER;
ALTER TABLE document_area ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN document_area.starts_on IS 'First day; null: since the document began.';
COMMENT ON COLUMN document_area.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN document_area.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN document_area.known_from IS 'Since when the row is known as it stands; earlier wordings are in document_area_past.';
COMMENT ON COLUMN document_area.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER document_area_recorded ON document_area;
CREATE TRIGGER document_area_recorded BEFORE INSERT OR UPDATE ON document_area FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER document_area_is_retracted BEFORE INSERT OR UPDATE ON document_area FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (ends_on, retracted_reason) ON document_area TO portal_app;
CREATE TABLE document_area_past (known_until timestamptz NOT NULL, LIKE document_area);
COMMENT ON TABLE document_area_past IS 'What document_area said before, from known_from until known_until.';
COMMENT ON COLUMN document_area_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER document_area_past_insert_only BEFORE UPDATE OR DELETE ON document_area_past FOR EACH ROW EXECUTE FUNCTION forbid_change('document_area_past_insert_only');
CREATE TRIGGER document_area_past_no_truncate BEFORE TRUNCATE ON document_area_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('document_area_past_insert_only');
GRANT SELECT ON document_area_past TO portal_app;

CREATE OR REPLACE VIEW published.partner_area AS
    SELECT partner_id, area_id, starts_on, ends_on, during FROM public.partner_area WHERE retracted_at IS NULL;
CREATE VIEW published.known_partner_area AS
    SELECT partner_id, area_id, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.partner_area WHERE retracted_at IS NULL
    UNION ALL SELECT partner_id, area_id, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.partner_area_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_partner_area IS 'The areas that the partners share as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE TRIGGER partner_area_past_published_changed AFTER INSERT ON partner_area_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON ALL TABLES IN SCHEMA published TO portal_public, portal_app;

-- A seat belongs to a partner that counts, for an area that partner, document and partnership have on the day. The row
-- of the partner is locked, so that it is not retracted from under its seat.
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

CREATE FUNCTION appointment_partner_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM safeguarding_partner p WHERE p.id = NEW.partner_id AND p.retracted_at IS NOT NULL FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'the partner was retracted' USING ERRCODE = '23001', CONSTRAINT = 'appointment_of_partner_that_counts';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION appointment_partner_guard() IS 'Nobody is appointed to a partner that was retracted.';
CREATE TRIGGER appointment_of_partner_that_counts BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION appointment_partner_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
