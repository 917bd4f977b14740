BEGIN;
DROP TRIGGER appointment_of_partner_that_counts ON appointment;
DROP FUNCTION appointment_partner_guard();
CREATE OR REPLACE FUNCTION round_fill_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO seat (round_id, partner_id)
    SELECT NEW.id, p.id FROM safeguarding_partner p
    WHERE p.during @> NEW.seats_on AND p.retracted_at IS NULL
      AND EXISTS (SELECT FROM partner_area pa JOIN document_area da USING (area_id) JOIN version v ON v.document_id = da.document_id
                  JOIN area ar ON ar.id = pa.area_id
                  WHERE pa.partner_id = p.id AND v.id = NEW.paper_id
                    AND ar.starts_on <= NEW.seats_on AND coalesce(ar.ends_on, 'infinity') >= NEW.seats_on)
      AND EXISTS (SELECT FROM document_kind_seat ks JOIN document d ON d.kind = ks.document_kind JOIN version v ON v.document_id = d.id
                  WHERE v.id = NEW.paper_id AND ks.statutory_kind = p.statutory_kind)
    ORDER BY p.id;
    IF NOT EXISTS (SELECT FROM seat WHERE round_id = NEW.id) OR EXISTS (
        SELECT FROM document_kind_seat ks JOIN document d ON d.kind = ks.document_kind JOIN version v ON v.document_id = d.id
        WHERE v.id = NEW.paper_id AND NOT EXISTS (SELECT FROM seat s JOIN safeguarding_partner p ON p.id = s.partner_id
            WHERE s.round_id = NEW.id AND p.statutory_kind = ks.statutory_kind)) THEN
        RAISE EXCEPTION 'a kind of safeguarding partner has no seat' USING ERRCODE = '23001', CONSTRAINT = 'round_seats_each_kind';
    END IF;
    RETURN NULL;
END $$;
DROP VIEW published.known_partner_area;
DROP VIEW published.partner_area;
DROP TABLE partner_area_past;
DROP TRIGGER partner_area_is_retracted ON partner_area;
DROP TRIGGER partner_area_recorded ON partner_area;
ALTER TABLE partner_area DROP CONSTRAINT partner_area_no_overlap, DROP CONSTRAINT partner_area_pkey, DROP COLUMN during, DROP COLUMN starts_on, DROP COLUMN ends_on,
    DROP COLUMN known_from, DROP COLUMN retracted_at, DROP COLUMN retracted_reason, DROP COLUMN id,
    ADD CONSTRAINT partner_area_pkey PRIMARY KEY (partner_id, area_id);
CREATE TRIGGER partner_area_recorded BEFORE INSERT OR UPDATE ON partner_area FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
DROP TABLE document_area_past;
DROP TRIGGER document_area_is_retracted ON document_area;
DROP TRIGGER document_area_recorded ON document_area;
ALTER TABLE document_area DROP CONSTRAINT document_area_no_overlap, DROP CONSTRAINT document_area_pkey, DROP COLUMN during, DROP COLUMN starts_on, DROP COLUMN ends_on,
    DROP COLUMN known_from, DROP COLUMN retracted_at, DROP COLUMN retracted_reason, DROP COLUMN id,
    ADD CONSTRAINT document_area_pkey PRIMARY KEY (document_id, area_id);
CREATE TRIGGER document_area_recorded BEFORE INSERT OR UPDATE ON document_area FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE VIEW published.partner_area AS SELECT partner_id, area_id FROM public.partner_area;
COMMENT ON VIEW published.partner_area IS 'Which areas they share.';
GRANT SELECT ON published.partner_area TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
