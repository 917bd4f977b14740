BEGIN;
-- Retracted rows and earlier wordings have no place in the schema before; going down is for development only.
DROP VIEW published.contact_post, published.known_agency_category, published.known_area, published.known_organisation, published.known_organisation_name, published.known_safeguarding_partner, published.known_agency, published.known_lead_office, published.known_organisation_identifier, published.known_organisation_address;
CREATE OR REPLACE VIEW published.organisation AS
    SELECT id, slug, kind, starts_on, ends_on, note, is_demonstration FROM public.organisation;
CREATE OR REPLACE VIEW published.organisation_name AS
    SELECT organisation_id, name, starts_on, ends_on, during FROM public.organisation_name;
CREATE OR REPLACE VIEW published.organisation_succession AS
    SELECT predecessor_id, successor_id, takes_over_on, note FROM public.organisation_succession;
CREATE OR REPLACE VIEW published.safeguarding_partner AS
    SELECT id, organisation_id, statutory_kind, starts_on, ends_on, during FROM public.safeguarding_partner;
CREATE OR REPLACE VIEW published.agency AS
    SELECT id, organisation_id, basis, reason, is_demonstration, starts_on, ends_on, during FROM public.agency_membership;
CREATE OR REPLACE VIEW published.agency_group AS
    SELECT DISTINCT mc.membership_id AS agency_id, c.group_name FROM public.agency_membership_category mc JOIN public.agency_category c USING (paragraph)
    WHERE c.confidence = 'confirmed';
DROP TABLE post_holder_past;
DROP TABLE post_holder;
DROP TABLE post_past;
DROP TABLE post;
DROP TABLE organisation_address_past;
DROP TABLE organisation_address;
DROP TABLE organisation_identifier_past;
DROP TABLE organisation_identifier;
CREATE OR REPLACE FUNCTION round_fill_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO seat (round_id, partner_id)
    SELECT NEW.id, p.id FROM safeguarding_partner p
    WHERE p.during @> NEW.seats_on
      AND EXISTS (SELECT FROM partner_area pa JOIN document_area da USING (area_id) JOIN version v ON v.document_id = da.document_id
                  WHERE pa.partner_id = p.id AND v.id = NEW.paper_id)
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
DROP TRIGGER safeguarding_partner_retracted_unused ON safeguarding_partner;
DROP FUNCTION partner_retraction_guard();
DROP TRIGGER organisation_retracted_unused ON organisation;
DROP FUNCTION organisation_retraction_guard();
CREATE OR REPLACE FUNCTION organisation_name_on(organisation bigint, on_day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.name FROM public.organisation_name n WHERE n.organisation_id = organisation
    ORDER BY (n.during @> on_day) DESC, (coalesce(n.starts_on, '-infinity') <= on_day) DESC,
             CASE WHEN coalesce(n.starts_on, '-infinity') <= on_day THEN n.starts_on END DESC NULLS LAST, n.starts_on ASC NULLS FIRST
    LIMIT 1
$$;
ALTER TABLE agency_membership DROP CONSTRAINT agency_membership_no_overlap,
    ADD CONSTRAINT agency_membership_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&);
ALTER TABLE safeguarding_partner DROP CONSTRAINT safeguarding_partner_no_overlap,
    ADD CONSTRAINT safeguarding_partner_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&);
ALTER TABLE organisation_name DROP CONSTRAINT organisation_name_no_overlap,
    ADD CONSTRAINT organisation_name_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&);
DROP INDEX organisation_succession_successor_idx;
DROP INDEX organisation_succession_key;
ALTER TABLE organisation_succession ADD CONSTRAINT organisation_succession_key UNIQUE (predecessor_id, successor_id);
DROP INDEX organisation_slug_key;
ALTER TABLE organisation ADD CONSTRAINT organisation_slug_key UNIQUE (slug);
DROP INDEX agency_membership_category_paragraph_idx, agency_membership_category_once;
ALTER TABLE agency_membership_category DROP COLUMN id, ADD CONSTRAINT agency_membership_category_pkey PRIMARY KEY (membership_id, paragraph);
DROP TABLE area_past;
DROP TRIGGER area_recorded ON area;
CREATE TRIGGER area_recorded BEFORE INSERT OR UPDATE ON area FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE area DROP COLUMN known_from;
DROP TABLE organisation_past;
DROP TRIGGER organisation_is_retracted ON organisation;
ALTER TABLE organisation DROP COLUMN retracted_at, DROP COLUMN retracted_reason;
DROP TRIGGER organisation_recorded ON organisation;
CREATE TRIGGER organisation_recorded BEFORE INSERT OR UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE organisation DROP COLUMN known_from;
DROP TABLE organisation_name_past;
DROP TRIGGER organisation_name_is_retracted ON organisation_name;
ALTER TABLE organisation_name DROP COLUMN retracted_at, DROP COLUMN retracted_reason;
DROP TRIGGER organisation_name_recorded ON organisation_name;
CREATE TRIGGER organisation_name_recorded BEFORE INSERT OR UPDATE ON organisation_name FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE organisation_name DROP COLUMN known_from;
DROP TABLE organisation_succession_past;
DROP TRIGGER organisation_succession_is_retracted ON organisation_succession;
ALTER TABLE organisation_succession DROP COLUMN retracted_at, DROP COLUMN retracted_reason;
DROP TRIGGER organisation_succession_recorded ON organisation_succession;
CREATE TRIGGER organisation_succession_recorded BEFORE INSERT OR UPDATE ON organisation_succession FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE organisation_succession DROP COLUMN known_from;
DROP TABLE safeguarding_partner_past;
DROP TRIGGER safeguarding_partner_is_retracted ON safeguarding_partner;
ALTER TABLE safeguarding_partner DROP COLUMN retracted_at, DROP COLUMN retracted_reason;
DROP TRIGGER safeguarding_partner_recorded ON safeguarding_partner;
CREATE TRIGGER safeguarding_partner_recorded BEFORE INSERT OR UPDATE ON safeguarding_partner FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE safeguarding_partner DROP COLUMN known_from;
DROP TABLE agency_membership_past;
DROP TRIGGER agency_membership_is_retracted ON agency_membership;
ALTER TABLE agency_membership DROP COLUMN retracted_at, DROP COLUMN retracted_reason;
DROP TRIGGER agency_membership_recorded ON agency_membership;
CREATE TRIGGER agency_membership_recorded BEFORE INSERT OR UPDATE ON agency_membership FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE agency_membership DROP COLUMN known_from;
DROP TABLE agency_membership_category_past;
DROP TRIGGER agency_membership_category_is_retracted ON agency_membership_category;
ALTER TABLE agency_membership_category DROP COLUMN retracted_at, DROP COLUMN retracted_reason;
DROP TRIGGER agency_membership_category_recorded ON agency_membership_category;
CREATE TRIGGER agency_membership_category_recorded BEFORE INSERT OR UPDATE ON agency_membership_category FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE agency_membership_category DROP COLUMN known_from;
DROP TABLE appointment_past;
DROP TRIGGER appointment_recorded ON appointment;
CREATE TRIGGER appointment_recorded BEFORE INSERT OR UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
ALTER TABLE appointment DROP COLUMN known_from;
DROP FUNCTION retraction_guard();
DROP FUNCTION remember();
UPDATE schema_migrations SET dirty = false;
COMMIT;
