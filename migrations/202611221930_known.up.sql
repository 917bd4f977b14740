BEGIN;

-- What was known when. Every dated fact keeps each wording that it had: the day on which a fact holds is in starts_on and
-- ends_on, the time at which it was known so is in known_from, and what was known before is in a table of the same columns
-- whose name ends in _past. Nothing is deleted: what was entered in error is retracted with a reason.

CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.recorded_at := clock_timestamp();
        NEW.known_from := NEW.recorded_at;
        RETURN NEW;
    END IF;
    NEW.recorded_at := OLD.recorded_at;
    NEW.known_from := OLD.known_from;
    IF to_jsonb(NEW) - 'during' IS NOT DISTINCT FROM to_jsonb(OLD) - 'during' THEN -- during: generated only after this trigger
        RETURN NEW;
    END IF;
    NEW.known_from := greatest(clock_timestamp(), OLD.known_from + interval '1 microsecond'); -- a clock may be set back
    EXECUTE format('INSERT INTO public.%I SELECT $1, ($2).*', TG_TABLE_NAME || '_past') USING NEW.known_from, OLD;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION remember() IS 'The database alone says when a row was recorded and since when it is known as it stands; what it said before goes to the table of the past.';

CREATE FUNCTION retraction_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.retracted_at := NULL;
        NEW.retracted_reason := NULL;
        RETURN NEW;
    END IF;
    IF OLD.retracted_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was retracted stays so' USING ERRCODE = '23001', CONSTRAINT = 'retracted_final';
    END IF;
    NEW.retracted_at := CASE WHEN NEW.retracted_reason IS NOT NULL THEN clock_timestamp() END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION retraction_guard() IS 'Nothing is born retracted, the database says when, and a retraction is final.';

-- area
ALTER TABLE area ADD COLUMN known_from timestamptz;
ALTER TABLE area DISABLE TRIGGER USER;
UPDATE area SET known_from = recorded_at;
ALTER TABLE area ENABLE TRIGGER USER;
ALTER TABLE area ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN area.known_from IS 'Since when the row is known as it stands; earlier wordings are in area_past.';
DROP TRIGGER area_recorded ON area;
CREATE TRIGGER area_recorded BEFORE INSERT OR UPDATE ON area FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TABLE area_past (known_until timestamptz NOT NULL, LIKE area);
COMMENT ON TABLE area_past IS 'What area said before, from known_from until known_until.';
COMMENT ON COLUMN area_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER area_past_insert_only BEFORE UPDATE OR DELETE ON area_past FOR EACH ROW EXECUTE FUNCTION forbid_change('area_past_insert_only');
CREATE TRIGGER area_past_no_truncate BEFORE TRUNCATE ON area_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('area_past_insert_only');
GRANT SELECT ON area_past TO portal_app;

-- organisation
ALTER TABLE organisation ADD COLUMN known_from timestamptz;
ALTER TABLE organisation DISABLE TRIGGER USER;
UPDATE organisation SET known_from = recorded_at;
ALTER TABLE organisation ENABLE TRIGGER USER;
ALTER TABLE organisation ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN organisation.known_from IS 'Since when the row is known as it stands; earlier wordings are in organisation_past.';
ALTER TABLE organisation ADD COLUMN retracted_at timestamptz, ADD COLUMN retracted_reason text,
    ADD CONSTRAINT organisation_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT organisation_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000);
COMMENT ON COLUMN organisation.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER organisation_recorded ON organisation;
CREATE TRIGGER organisation_recorded BEFORE INSERT OR UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER organisation_is_retracted BEFORE INSERT OR UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON organisation TO portal_app;

CREATE TABLE organisation_past (known_until timestamptz NOT NULL, LIKE organisation);
COMMENT ON TABLE organisation_past IS 'What organisation said before, from known_from until known_until.';
COMMENT ON COLUMN organisation_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER organisation_past_insert_only BEFORE UPDATE OR DELETE ON organisation_past FOR EACH ROW EXECUTE FUNCTION forbid_change('organisation_past_insert_only');
CREATE TRIGGER organisation_past_no_truncate BEFORE TRUNCATE ON organisation_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('organisation_past_insert_only');
GRANT SELECT ON organisation_past TO portal_app;

-- organisation_name
ALTER TABLE organisation_name ADD COLUMN known_from timestamptz;
ALTER TABLE organisation_name DISABLE TRIGGER USER;
UPDATE organisation_name SET known_from = recorded_at;
ALTER TABLE organisation_name ENABLE TRIGGER USER;
ALTER TABLE organisation_name ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN organisation_name.known_from IS 'Since when the row is known as it stands; earlier wordings are in organisation_name_past.';
ALTER TABLE organisation_name ADD COLUMN retracted_at timestamptz, ADD COLUMN retracted_reason text,
    ADD CONSTRAINT organisation_name_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT organisation_name_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000);
COMMENT ON COLUMN organisation_name.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER organisation_name_recorded ON organisation_name;
CREATE TRIGGER organisation_name_recorded BEFORE INSERT OR UPDATE ON organisation_name FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER organisation_name_is_retracted BEFORE INSERT OR UPDATE ON organisation_name FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON organisation_name TO portal_app;

CREATE TABLE organisation_name_past (known_until timestamptz NOT NULL, LIKE organisation_name);
COMMENT ON TABLE organisation_name_past IS 'What organisation_name said before, from known_from until known_until.';
COMMENT ON COLUMN organisation_name_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER organisation_name_past_insert_only BEFORE UPDATE OR DELETE ON organisation_name_past FOR EACH ROW EXECUTE FUNCTION forbid_change('organisation_name_past_insert_only');
CREATE TRIGGER organisation_name_past_no_truncate BEFORE TRUNCATE ON organisation_name_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('organisation_name_past_insert_only');
GRANT SELECT ON organisation_name_past TO portal_app;

-- organisation_succession
ALTER TABLE organisation_succession ADD COLUMN known_from timestamptz;
ALTER TABLE organisation_succession DISABLE TRIGGER USER;
UPDATE organisation_succession SET known_from = recorded_at;
ALTER TABLE organisation_succession ENABLE TRIGGER USER;
ALTER TABLE organisation_succession ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN organisation_succession.known_from IS 'Since when the row is known as it stands; earlier wordings are in organisation_succession_past.';
ALTER TABLE organisation_succession ADD COLUMN retracted_at timestamptz, ADD COLUMN retracted_reason text,
    ADD CONSTRAINT organisation_succession_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT organisation_succession_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000);
COMMENT ON COLUMN organisation_succession.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER organisation_succession_recorded ON organisation_succession;
CREATE TRIGGER organisation_succession_recorded BEFORE INSERT OR UPDATE ON organisation_succession FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER organisation_succession_is_retracted BEFORE INSERT OR UPDATE ON organisation_succession FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON organisation_succession TO portal_app;

CREATE TABLE organisation_succession_past (known_until timestamptz NOT NULL, LIKE organisation_succession);
COMMENT ON TABLE organisation_succession_past IS 'What organisation_succession said before, from known_from until known_until.';
COMMENT ON COLUMN organisation_succession_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER organisation_succession_past_insert_only BEFORE UPDATE OR DELETE ON organisation_succession_past FOR EACH ROW EXECUTE FUNCTION forbid_change('organisation_succession_past_insert_only');
CREATE TRIGGER organisation_succession_past_no_truncate BEFORE TRUNCATE ON organisation_succession_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('organisation_succession_past_insert_only');
GRANT SELECT ON organisation_succession_past TO portal_app;

-- safeguarding_partner
ALTER TABLE safeguarding_partner ADD COLUMN known_from timestamptz;
ALTER TABLE safeguarding_partner DISABLE TRIGGER USER;
UPDATE safeguarding_partner SET known_from = recorded_at;
ALTER TABLE safeguarding_partner ENABLE TRIGGER USER;
ALTER TABLE safeguarding_partner ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN safeguarding_partner.known_from IS 'Since when the row is known as it stands; earlier wordings are in safeguarding_partner_past.';
ALTER TABLE safeguarding_partner ADD COLUMN retracted_at timestamptz, ADD COLUMN retracted_reason text,
    ADD CONSTRAINT safeguarding_partner_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT safeguarding_partner_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000);
COMMENT ON COLUMN safeguarding_partner.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER safeguarding_partner_recorded ON safeguarding_partner;
CREATE TRIGGER safeguarding_partner_recorded BEFORE INSERT OR UPDATE ON safeguarding_partner FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER safeguarding_partner_is_retracted BEFORE INSERT OR UPDATE ON safeguarding_partner FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON safeguarding_partner TO portal_app;

CREATE TABLE safeguarding_partner_past (known_until timestamptz NOT NULL, LIKE safeguarding_partner);
COMMENT ON TABLE safeguarding_partner_past IS 'What safeguarding_partner said before, from known_from until known_until.';
COMMENT ON COLUMN safeguarding_partner_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER safeguarding_partner_past_insert_only BEFORE UPDATE OR DELETE ON safeguarding_partner_past FOR EACH ROW EXECUTE FUNCTION forbid_change('safeguarding_partner_past_insert_only');
CREATE TRIGGER safeguarding_partner_past_no_truncate BEFORE TRUNCATE ON safeguarding_partner_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('safeguarding_partner_past_insert_only');
GRANT SELECT ON safeguarding_partner_past TO portal_app;

-- agency_membership
ALTER TABLE agency_membership ADD COLUMN known_from timestamptz;
ALTER TABLE agency_membership DISABLE TRIGGER USER;
UPDATE agency_membership SET known_from = recorded_at;
ALTER TABLE agency_membership ENABLE TRIGGER USER;
ALTER TABLE agency_membership ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN agency_membership.known_from IS 'Since when the row is known as it stands; earlier wordings are in agency_membership_past.';
ALTER TABLE agency_membership ADD COLUMN retracted_at timestamptz, ADD COLUMN retracted_reason text,
    ADD CONSTRAINT agency_membership_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT agency_membership_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000);
COMMENT ON COLUMN agency_membership.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER agency_membership_recorded ON agency_membership;
CREATE TRIGGER agency_membership_recorded BEFORE INSERT OR UPDATE ON agency_membership FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER agency_membership_is_retracted BEFORE INSERT OR UPDATE ON agency_membership FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON agency_membership TO portal_app;

CREATE TABLE agency_membership_past (known_until timestamptz NOT NULL, LIKE agency_membership);
COMMENT ON TABLE agency_membership_past IS 'What agency_membership said before, from known_from until known_until.';
COMMENT ON COLUMN agency_membership_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER agency_membership_past_insert_only BEFORE UPDATE OR DELETE ON agency_membership_past FOR EACH ROW EXECUTE FUNCTION forbid_change('agency_membership_past_insert_only');
CREATE TRIGGER agency_membership_past_no_truncate BEFORE TRUNCATE ON agency_membership_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('agency_membership_past_insert_only');
GRANT SELECT ON agency_membership_past TO portal_app;

-- agency_membership_category
ALTER TABLE agency_membership_category ADD COLUMN known_from timestamptz;
ALTER TABLE agency_membership_category DISABLE TRIGGER USER;
UPDATE agency_membership_category SET known_from = recorded_at;
ALTER TABLE agency_membership_category ENABLE TRIGGER USER;
ALTER TABLE agency_membership_category ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN agency_membership_category.known_from IS 'Since when the row is known as it stands; earlier wordings are in agency_membership_category_past.';
ALTER TABLE agency_membership_category ADD COLUMN retracted_at timestamptz, ADD COLUMN retracted_reason text,
    ADD CONSTRAINT agency_membership_category_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    ADD CONSTRAINT agency_membership_category_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000);
COMMENT ON COLUMN agency_membership_category.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
DROP TRIGGER agency_membership_category_recorded ON agency_membership_category;
CREATE TRIGGER agency_membership_category_recorded BEFORE INSERT OR UPDATE ON agency_membership_category FOR EACH ROW EXECUTE FUNCTION remember();
ALTER TABLE agency_membership_category DROP CONSTRAINT agency_membership_category_pkey,
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT agency_membership_category_pkey PRIMARY KEY;
CREATE UNIQUE INDEX agency_membership_category_once ON agency_membership_category (membership_id, paragraph) WHERE retracted_at IS NULL;
CREATE INDEX agency_membership_category_paragraph_idx ON agency_membership_category (paragraph);
CREATE TRIGGER agency_membership_category_is_retracted BEFORE INSERT OR UPDATE ON agency_membership_category FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON agency_membership_category TO portal_app;

CREATE TABLE agency_membership_category_past (known_until timestamptz NOT NULL, LIKE agency_membership_category);
COMMENT ON TABLE agency_membership_category_past IS 'What agency_membership_category said before, from known_from until known_until.';
COMMENT ON COLUMN agency_membership_category_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER agency_membership_category_past_insert_only BEFORE UPDATE OR DELETE ON agency_membership_category_past FOR EACH ROW EXECUTE FUNCTION forbid_change('agency_membership_category_past_insert_only');
CREATE TRIGGER agency_membership_category_past_no_truncate BEFORE TRUNCATE ON agency_membership_category_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('agency_membership_category_past_insert_only');
GRANT SELECT ON agency_membership_category_past TO portal_app;

-- appointment
ALTER TABLE appointment ADD COLUMN known_from timestamptz;
ALTER TABLE appointment DISABLE TRIGGER USER;
UPDATE appointment SET known_from = recorded_at;
ALTER TABLE appointment ENABLE TRIGGER USER;
ALTER TABLE appointment ALTER COLUMN known_from SET NOT NULL, ALTER COLUMN known_from SET DEFAULT clock_timestamp();
COMMENT ON COLUMN appointment.known_from IS 'Since when the row is known as it stands; earlier wordings are in appointment_past.';
DROP TRIGGER appointment_recorded ON appointment;
CREATE TRIGGER appointment_recorded BEFORE INSERT OR UPDATE ON appointment FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TABLE appointment_past (known_until timestamptz NOT NULL, LIKE appointment);
COMMENT ON TABLE appointment_past IS 'What appointment said before, from known_from until known_until.';
COMMENT ON COLUMN appointment_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER appointment_past_insert_only BEFORE UPDATE OR DELETE ON appointment_past FOR EACH ROW EXECUTE FUNCTION forbid_change('appointment_past_insert_only');
CREATE TRIGGER appointment_past_no_truncate BEFORE TRUNCATE ON appointment_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('appointment_past_insert_only');
GRANT SELECT ON appointment_past TO portal_app;

-- What was retracted stands in nobody's way.
ALTER TABLE organisation DROP CONSTRAINT organisation_slug_key;
CREATE UNIQUE INDEX organisation_slug_key ON organisation (slug) WHERE retracted_at IS NULL;
ALTER TABLE organisation_succession DROP CONSTRAINT organisation_succession_key;
CREATE UNIQUE INDEX organisation_succession_key ON organisation_succession (predecessor_id, successor_id) WHERE retracted_at IS NULL;
CREATE INDEX organisation_succession_successor_idx ON organisation_succession (successor_id);
ALTER TABLE organisation_name DROP CONSTRAINT organisation_name_no_overlap,
    ADD CONSTRAINT organisation_name_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&) WHERE (retracted_at IS NULL);
ALTER TABLE safeguarding_partner DROP CONSTRAINT safeguarding_partner_no_overlap,
    ADD CONSTRAINT safeguarding_partner_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&) WHERE (retracted_at IS NULL);
ALTER TABLE agency_membership DROP CONSTRAINT agency_membership_no_overlap,
    ADD CONSTRAINT agency_membership_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&) WHERE (retracted_at IS NULL);
CREATE INDEX organisation_name_past_organisation_idx ON organisation_name_past (organisation_id);
CREATE INDEX agency_membership_past_organisation_idx ON agency_membership_past (organisation_id);

CREATE OR REPLACE FUNCTION organisation_name_on(organisation bigint, on_day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.name FROM public.organisation_name n WHERE n.organisation_id = organisation AND n.retracted_at IS NULL
    ORDER BY (n.during @> on_day) DESC, (coalesce(n.starts_on, '-infinity') <= on_day) DESC,
             CASE WHEN coalesce(n.starts_on, '-infinity') <= on_day THEN n.starts_on END DESC NULLS LAST, n.starts_on ASC NULLS FIRST
    LIMIT 1
$$;

-- A body is retracted only when nothing that counts hangs on it; a partner only if it never had a seat or an appointment.
CREATE FUNCTION organisation_retraction_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.retracted_reason IS NULL OR OLD.retracted_reason IS NOT NULL THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM safeguarding_partner p WHERE p.organisation_id = NEW.id AND p.retracted_at IS NULL)
       OR EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = NEW.id AND m.retracted_at IS NULL)
       OR EXISTS (SELECT FROM organisation_succession s WHERE NEW.id IN (s.predecessor_id, s.successor_id) AND s.retracted_at IS NULL)
       OR EXISTS (SELECT FROM post p WHERE p.organisation_id = NEW.id AND p.retracted_at IS NULL)
       OR EXISTS (SELECT FROM role_grant g WHERE g.organisation_id = NEW.id AND g.ended_at IS NULL) THEN
        RAISE EXCEPTION 'something that counts hangs on the organisation' USING ERRCODE = '23001', CONSTRAINT = 'organisation_retracted_unused';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_retraction_guard() IS 'An organisation is retracted only when nothing that counts hangs on it.';
CREATE TRIGGER organisation_retracted_unused BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION organisation_retraction_guard();

CREATE FUNCTION partner_retraction_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL
       AND (EXISTS (SELECT FROM seat s WHERE s.partner_id = NEW.id) OR EXISTS (SELECT FROM appointment a WHERE a.partner_id = NEW.id)) THEN
        RAISE EXCEPTION 'the partner had a seat or an appointment' USING ERRCODE = '23001', CONSTRAINT = 'safeguarding_partner_retracted_unused';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION partner_retraction_guard() IS 'A time as safeguarding partner is retracted only if nobody was ever appointed or asked to sign for it.';
CREATE TRIGGER safeguarding_partner_retracted_unused BEFORE UPDATE ON safeguarding_partner FOR EACH ROW EXECUTE FUNCTION partner_retraction_guard();

-- A seat belongs to a partner that counts, in an area that the partnership covers on the day.
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

CREATE TABLE organisation_identifier (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT organisation_identifier_pkey PRIMARY KEY,
    organisation_id  bigint NOT NULL CONSTRAINT organisation_identifier_organisation_fkey REFERENCES organisation,
    scheme           text NOT NULL CONSTRAINT organisation_identifier_scheme_known CHECK (scheme IN ('gss', 'ods', 'urn', 'ukprn', 'charity', 'company')),
    value            text NOT NULL CONSTRAINT organisation_identifier_form CHECK (CASE scheme
                         WHEN 'gss' THEN value ~ '^[EW][0-9]{8}$' WHEN 'ods' THEN value ~ '^[A-Z0-9]{3,8}$'
                         WHEN 'urn' THEN value ~ '^[0-9]{6}$' WHEN 'ukprn' THEN value ~ '^1[0-9]{7}$'
                         WHEN 'charity' THEN value ~ '^[0-9]{6,7}(-[0-9]{1,3})?$' ELSE value ~ '^([0-9]{8}|[A-Z]{2}[0-9]{6})$' END),
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT organisation_identifier_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT organisation_identifier_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT organisation_identifier_one_of_a_scheme EXCLUDE USING gist (organisation_id WITH =, scheme WITH =, during WITH &&) WHERE (retracted_at IS NULL),
    CONSTRAINT organisation_identifier_one_holder EXCLUDE USING gist (scheme WITH =, value WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE organisation_identifier IS 'The code by which a public register knows an organisation, from day to day.';
COMMENT ON COLUMN organisation_identifier.scheme IS 'gss: ONS area code; ods: NHS organisation; urn: school; ukprn: learning provider; charity: Charity Commission; company: Companies House.';
COMMENT ON COLUMN organisation_identifier.starts_on IS 'First day; null if it always was so.';
COMMENT ON COLUMN organisation_identifier.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN organisation_identifier.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN organisation_identifier.known_from IS 'Since when the row is known as it stands; earlier wordings are in organisation_identifier_past.';
COMMENT ON COLUMN organisation_identifier.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER organisation_identifier_recorded BEFORE INSERT OR UPDATE ON organisation_identifier FOR EACH ROW EXECUTE FUNCTION remember();
GRANT SELECT ON organisation_identifier TO portal_app;
GRANT INSERT (organisation_id, scheme, value, starts_on, ends_on) ON organisation_identifier TO portal_app;
GRANT UPDATE (starts_on, ends_on) ON organisation_identifier TO portal_app;
CREATE TRIGGER organisation_identifier_is_retracted BEFORE INSERT OR UPDATE ON organisation_identifier FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON organisation_identifier TO portal_app;

CREATE TABLE organisation_identifier_past (known_until timestamptz NOT NULL, LIKE organisation_identifier);
COMMENT ON TABLE organisation_identifier_past IS 'What organisation_identifier said before, from known_from until known_until.';
COMMENT ON COLUMN organisation_identifier_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER organisation_identifier_past_insert_only BEFORE UPDATE OR DELETE ON organisation_identifier_past FOR EACH ROW EXECUTE FUNCTION forbid_change('organisation_identifier_past_insert_only');
CREATE TRIGGER organisation_identifier_past_no_truncate BEFORE TRUNCATE ON organisation_identifier_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('organisation_identifier_past_insert_only');
GRANT SELECT ON organisation_identifier_past TO portal_app;

CREATE TABLE organisation_address (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT organisation_address_pkey PRIMARY KEY,
    organisation_id  bigint NOT NULL CONSTRAINT organisation_address_organisation_fkey REFERENCES organisation,
    address          text NOT NULL CONSTRAINT organisation_address_length CHECK (length(btrim(address)) BETWEEN 1 AND 500),
    postcode         text NOT NULL DEFAULT '' CONSTRAINT organisation_address_postcode_form CHECK (postcode = '' OR postcode ~ '^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$'),
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT organisation_address_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT organisation_address_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT organisation_address_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE organisation_address IS 'The postal address of an organisation, from day to day.';
COMMENT ON COLUMN organisation_address.address IS 'Lines of the address without the postcode.';
COMMENT ON COLUMN organisation_address.starts_on IS 'First day; null if it always was so.';
COMMENT ON COLUMN organisation_address.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN organisation_address.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN organisation_address.known_from IS 'Since when the row is known as it stands; earlier wordings are in organisation_address_past.';
COMMENT ON COLUMN organisation_address.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER organisation_address_recorded BEFORE INSERT OR UPDATE ON organisation_address FOR EACH ROW EXECUTE FUNCTION remember();
GRANT SELECT ON organisation_address TO portal_app;
GRANT INSERT (organisation_id, address, postcode, starts_on, ends_on) ON organisation_address TO portal_app;
GRANT UPDATE (ends_on) ON organisation_address TO portal_app;
CREATE TRIGGER organisation_address_is_retracted BEFORE INSERT OR UPDATE ON organisation_address FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON organisation_address TO portal_app;

CREATE TABLE organisation_address_past (known_until timestamptz NOT NULL, LIKE organisation_address);
COMMENT ON TABLE organisation_address_past IS 'What organisation_address said before, from known_from until known_until.';
COMMENT ON COLUMN organisation_address_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER organisation_address_past_insert_only BEFORE UPDATE OR DELETE ON organisation_address_past FOR EACH ROW EXECUTE FUNCTION forbid_change('organisation_address_past_insert_only');
CREATE TRIGGER organisation_address_past_no_truncate BEFORE TRUNCATE ON organisation_address_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('organisation_address_past_insert_only');
GRANT SELECT ON organisation_address_past TO portal_app;

CREATE TABLE post (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT post_pkey PRIMARY KEY,
    organisation_id  bigint CONSTRAINT post_organisation_fkey REFERENCES organisation,
    title            text NOT NULL CONSTRAINT post_title_length CHECK (length(btrim(title)) BETWEEN 1 AND 200),
    email            text NOT NULL DEFAULT '' CONSTRAINT post_email_form CHECK (email = '' OR (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254)),
    phone            text NOT NULL DEFAULT '' CONSTRAINT post_phone_form CHECK (phone = '' OR phone ~ '^[0-9][0-9 ]{2,20}$'),
    is_contact       boolean NOT NULL DEFAULT false,
    publishes_names  boolean NOT NULL DEFAULT false,
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    reviewed_on      date,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT post_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT post_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT post_contact_reachable CHECK (NOT is_contact OR email <> '' OR phone <> '')
);
COMMENT ON TABLE post IS 'A post in an organisation, or with none in the partnership itself. Who held it when is in post_holder.';
COMMENT ON COLUMN post.organisation_id IS 'The body of the post; null for a post of the partnership itself.';
COMMENT ON COLUMN post.is_contact IS 'Whether the public is told to write to this post.';
COMMENT ON COLUMN post.publishes_names IS 'Whether public pages name the holder besides the post.';
COMMENT ON COLUMN post.reviewed_on IS 'Day on which business support last found it right; a post not reviewed for long is stale.';
CREATE INDEX post_organisation_idx ON post (organisation_id);
COMMENT ON COLUMN post.starts_on IS 'First day; null if it always was so.';
COMMENT ON COLUMN post.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN post.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN post.known_from IS 'Since when the row is known as it stands; earlier wordings are in post_past.';
COMMENT ON COLUMN post.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER post_recorded BEFORE INSERT OR UPDATE ON post FOR EACH ROW EXECUTE FUNCTION remember();
GRANT SELECT ON post TO portal_app;
GRANT INSERT (organisation_id, title, email, phone, is_contact, publishes_names, starts_on, ends_on, reviewed_on) ON post TO portal_app;
GRANT UPDATE (title, email, phone, is_contact, publishes_names, ends_on, reviewed_on) ON post TO portal_app;
CREATE TRIGGER post_is_retracted BEFORE INSERT OR UPDATE ON post FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON post TO portal_app;

CREATE TABLE post_past (known_until timestamptz NOT NULL, LIKE post);
COMMENT ON TABLE post_past IS 'What post said before, from known_from until known_until.';
COMMENT ON COLUMN post_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER post_past_insert_only BEFORE UPDATE OR DELETE ON post_past FOR EACH ROW EXECUTE FUNCTION forbid_change('post_past_insert_only');
CREATE TRIGGER post_past_no_truncate BEFORE TRUNCATE ON post_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('post_past_insert_only');
GRANT SELECT ON post_past TO portal_app;

CREATE TABLE post_holder (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT post_holder_pkey PRIMARY KEY,
    post_id          bigint NOT NULL CONSTRAINT post_holder_post_fkey REFERENCES post,
    name             text NOT NULL CONSTRAINT post_holder_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    account_id       bigint CONSTRAINT post_holder_account_fkey REFERENCES account,
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT post_holder_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT post_holder_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE post_holder IS 'Who holds a post from when to when. Two may share one; ending an account ends nothing here.';
COMMENT ON COLUMN post_holder.account_id IS 'The holder''s account, if there is one.';
CREATE INDEX post_holder_post_idx ON post_holder (post_id);
CREATE INDEX post_holder_account_idx ON post_holder (account_id);
COMMENT ON COLUMN post_holder.starts_on IS 'First day; null if it always was so.';
COMMENT ON COLUMN post_holder.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN post_holder.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN post_holder.known_from IS 'Since when the row is known as it stands; earlier wordings are in post_holder_past.';
COMMENT ON COLUMN post_holder.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER post_holder_recorded BEFORE INSERT OR UPDATE ON post_holder FOR EACH ROW EXECUTE FUNCTION remember();
GRANT SELECT ON post_holder TO portal_app;
GRANT INSERT (post_id, name, account_id, starts_on, ends_on) ON post_holder TO portal_app;
GRANT UPDATE (ends_on) ON post_holder TO portal_app;
CREATE TRIGGER post_holder_is_retracted BEFORE INSERT OR UPDATE ON post_holder FOR EACH ROW EXECUTE FUNCTION retraction_guard();
GRANT UPDATE (retracted_reason) ON post_holder TO portal_app;

CREATE TABLE post_holder_past (known_until timestamptz NOT NULL, LIKE post_holder);
COMMENT ON TABLE post_holder_past IS 'What post_holder said before, from known_from until known_until.';
COMMENT ON COLUMN post_holder_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER post_holder_past_insert_only BEFORE UPDATE OR DELETE ON post_holder_past FOR EACH ROW EXECUTE FUNCTION forbid_change('post_holder_past_insert_only');
CREATE TRIGGER post_holder_past_no_truncate BEFORE TRUNCATE ON post_holder_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('post_holder_past_insert_only');
GRANT SELECT ON post_holder_past TO portal_app;

CREATE TRIGGER organisation_identifier_published_changed AFTER INSERT OR UPDATE OR DELETE ON organisation_identifier FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_address_published_changed AFTER INSERT OR UPDATE OR DELETE ON organisation_address FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER post_published_changed AFTER INSERT OR UPDATE OR DELETE ON post FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER post_holder_published_changed AFTER INSERT OR UPDATE OR DELETE ON post_holder FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

-- What anybody may read, without what was retracted.
CREATE OR REPLACE VIEW published.organisation AS
    SELECT id, slug, kind, starts_on, ends_on, note, is_demonstration FROM public.organisation WHERE retracted_at IS NULL;
CREATE OR REPLACE VIEW published.organisation_name AS
    SELECT organisation_id, name, starts_on, ends_on, during FROM public.organisation_name WHERE retracted_at IS NULL;
CREATE OR REPLACE VIEW published.organisation_succession AS
    SELECT predecessor_id, successor_id, takes_over_on, note FROM public.organisation_succession WHERE retracted_at IS NULL;
CREATE OR REPLACE VIEW published.safeguarding_partner AS
    SELECT id, organisation_id, statutory_kind, starts_on, ends_on, during FROM public.safeguarding_partner WHERE retracted_at IS NULL;
CREATE OR REPLACE VIEW published.agency AS
    SELECT id, organisation_id, basis, reason, is_demonstration, starts_on, ends_on, during FROM public.agency_membership WHERE retracted_at IS NULL;
CREATE OR REPLACE VIEW published.agency_group AS
    SELECT DISTINCT mc.membership_id AS agency_id, c.group_name FROM public.agency_membership_category mc JOIN public.agency_category c USING (paragraph)
    WHERE c.confidence = 'confirmed' AND mc.retracted_at IS NULL;

-- Every published wording with the time for which it was known, the present one until infinity.
CREATE VIEW published.known_area AS
    SELECT id, name, gss_code, starts_on, ends_on, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.area
    UNION ALL SELECT id, name, gss_code, starts_on, ends_on, recorded_at, known_from, known_until FROM public.area_past;
COMMENT ON VIEW published.known_area IS 'The areas as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_organisation AS
    SELECT id, slug, kind, starts_on, ends_on, note, is_demonstration, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.organisation WHERE retracted_at IS NULL
    UNION ALL SELECT id, slug, kind, starts_on, ends_on, note, is_demonstration, recorded_at, known_from, known_until FROM public.organisation_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_organisation IS 'The bodies as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_organisation_name AS
    SELECT organisation_id, name, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.organisation_name WHERE retracted_at IS NULL
    UNION ALL SELECT organisation_id, name, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.organisation_name_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_organisation_name IS 'Their names as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_safeguarding_partner AS
    SELECT id, organisation_id, statutory_kind, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.safeguarding_partner WHERE retracted_at IS NULL
    UNION ALL SELECT id, organisation_id, statutory_kind, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.safeguarding_partner_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_safeguarding_partner IS 'The safeguarding partners as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_agency AS
    SELECT id, organisation_id, basis, reason, is_demonstration, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.agency_membership WHERE retracted_at IS NULL
    UNION ALL SELECT id, organisation_id, basis, reason, is_demonstration, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.agency_membership_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_agency IS 'The relevant agencies as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_lead_office AS
    SELECT partner_id, office, capacity, acting_for, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.appointment WHERE confirmed_at IS NOT NULL AND withdrawn_at IS NULL
    UNION ALL SELECT partner_id, office, capacity, acting_for, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.appointment_past WHERE confirmed_at IS NOT NULL AND withdrawn_at IS NULL;
COMMENT ON VIEW published.known_lead_office IS 'The offices that sign for a partner, delegates included as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_organisation_identifier AS
    SELECT organisation_id, scheme, value, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.organisation_identifier WHERE retracted_at IS NULL
    UNION ALL SELECT organisation_id, scheme, value, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.organisation_identifier_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_organisation_identifier IS 'Their codes in public registers as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_organisation_address AS
    SELECT organisation_id, address, postcode, starts_on, ends_on, during, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.organisation_address WHERE retracted_at IS NULL
    UNION ALL SELECT organisation_id, address, postcode, starts_on, ends_on, during, recorded_at, known_from, known_until FROM public.organisation_address_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_organisation_address IS 'Their addresses as known at any time: a row counts at a time after known_from and up to known_until.';
CREATE VIEW published.known_agency_category AS
    SELECT membership_id AS agency_id, paragraph, recorded_at, known_from, timestamptz 'infinity' AS known_until FROM public.agency_membership_category WHERE retracted_at IS NULL
    UNION ALL SELECT membership_id, paragraph, recorded_at, known_from, known_until FROM public.agency_membership_category_past WHERE retracted_at IS NULL;
COMMENT ON VIEW published.known_agency_category IS 'The paragraphs of the Schedule that an agency falls under, as known at any time.';
CREATE VIEW published.contact_post AS
    SELECT p.id, p.organisation_id, p.title, p.email, p.phone, p.starts_on, p.ends_on, p.during,
           CASE WHEN p.publishes_names THEN ARRAY(SELECT h.name FROM public.post_holder h
               WHERE h.post_id = p.id AND h.retracted_at IS NULL AND h.during @> public.london_day(now()) ORDER BY h.name) ELSE '{}' END AS holders
    FROM public.post p WHERE p.is_contact AND p.retracted_at IS NULL;
COMMENT ON VIEW published.contact_post IS 'Posts to which anybody may write; the holder of today by name only where the post publishes names.';
CREATE TRIGGER area_past_published_changed AFTER INSERT ON area_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_past_published_changed AFTER INSERT ON organisation_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_name_past_published_changed AFTER INSERT ON organisation_name_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_succession_past_published_changed AFTER INSERT ON organisation_succession_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER safeguarding_partner_past_published_changed AFTER INSERT ON safeguarding_partner_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER agency_membership_past_published_changed AFTER INSERT ON agency_membership_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER agency_membership_category_past_published_changed AFTER INSERT ON agency_membership_category_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER appointment_past_published_changed AFTER INSERT ON appointment_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_identifier_past_published_changed AFTER INSERT ON organisation_identifier_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_address_past_published_changed AFTER INSERT ON organisation_address_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER post_past_published_changed AFTER INSERT ON post_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER post_holder_past_published_changed AFTER INSERT ON post_holder_past FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON ALL TABLES IN SCHEMA published TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
