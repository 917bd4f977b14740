BEGIN;

-- Who the partnership is: its areas, the organisations in it, and what each of them is to it, from when to when.

CREATE TABLE partnership (
    id              smallint CONSTRAINT partnership_pkey PRIMARY KEY DEFAULT 1 CONSTRAINT partnership_one_row CHECK (id = 1),
    name            text NOT NULL CONSTRAINT partnership_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    short_name      text NOT NULL CONSTRAINT partnership_short_name_length CHECK (length(btrim(short_name)) BETWEEN 1 AND 40),
    logo_text       text NOT NULL CONSTRAINT partnership_logo_text_length CHECK (length(btrim(logo_text)) BETWEEN 1 AND 80),
    contact_office  text NOT NULL DEFAULT '',
    contact_email   text NOT NULL DEFAULT '',
    contact_phone   text NOT NULL DEFAULT '',
    contact_address text NOT NULL DEFAULT '',
    revision        integer NOT NULL DEFAULT 1,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE partnership IS 'The one local safeguarding children partnership that this installation serves.';
COMMENT ON COLUMN partnership.logo_text IS 'Words shown in the header where others have a logo.';
COMMENT ON COLUMN partnership.contact_office IS 'Post that answers questions, for example "Business support team".';
COMMENT ON COLUMN partnership.revision IS 'Goes up with every change, so that two editors at once are noticed.';
CREATE TRIGGER partnership_recorded BEFORE INSERT OR UPDATE ON partnership FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON partnership TO portal_app;
GRANT UPDATE (name, short_name, logo_text, contact_office, contact_email, contact_phone, contact_address, revision) ON partnership TO portal_app;

CREATE TABLE concern_number (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT concern_number_pkey PRIMARY KEY,
    position    integer NOT NULL,
    label       text NOT NULL CONSTRAINT concern_number_label_length CHECK (length(btrim(label)) BETWEEN 1 AND 120),
    number      text NOT NULL CONSTRAINT concern_number_form CHECK (number ~ '^[0-9][0-9 ]{2,20}$'),
    hours       text NOT NULL DEFAULT '' CONSTRAINT concern_number_hours_length CHECK (length(hours) <= 120),
    removed_at  timestamptz,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE concern_number IS 'Telephone numbers of "Worried about a child?", shown on every page together with 999.';
COMMENT ON COLUMN concern_number.removed_at IS 'Set when the number is no longer shown; rows are never deleted.';
CREATE TRIGGER concern_number_recorded BEFORE INSERT OR UPDATE ON concern_number FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON concern_number TO portal_app;
GRANT UPDATE (position, label, number, hours, removed_at) ON concern_number TO portal_app;

CREATE TABLE area (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT area_pkey PRIMARY KEY,
    name        text NOT NULL CONSTRAINT area_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    gss_code    text CONSTRAINT area_gss_code_form CHECK (gss_code ~ '^E[0-9]{8}$'),
    starts_on   date NOT NULL,
    ends_on     date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT area_name_key UNIQUE (name),
    CONSTRAINT area_ends_after_start CHECK (ends_on >= starts_on)
);
COMMENT ON TABLE area IS 'A local authority area that the partnership covers, from when to when.';
COMMENT ON COLUMN area.gss_code IS 'Government Statistical Service code of the local authority.';
COMMENT ON COLUMN area.ends_on IS 'Last day, inclusive; null while it lasts.';
CREATE TRIGGER area_recorded BEFORE INSERT OR UPDATE ON area FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON area TO portal_app;
GRANT UPDATE (name, gss_code, starts_on, ends_on) ON area TO portal_app;

CREATE TABLE organisation (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT organisation_pkey PRIMARY KEY,
    slug             text NOT NULL CONSTRAINT organisation_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    kind             text NOT NULL CONSTRAINT organisation_kind_known CHECK (kind IN
                     ('local authority', 'police', 'health', 'district council', 'education', 'criminal justice', 'voluntary', 'predecessor board', 'other')),
    starts_on        date,
    ends_on          date,
    note             text NOT NULL DEFAULT '' CONSTRAINT organisation_note_length CHECK (length(note) <= 2000),
    is_demonstration boolean NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT organisation_slug_key UNIQUE (slug),
    CONSTRAINT organisation_ends_after_start CHECK (ends_on >= starts_on)
);
COMMENT ON TABLE organisation IS 'A body: safeguarding partner, relevant agency or predecessor. Its names are in organisation_name.';
COMMENT ON COLUMN organisation.starts_on IS 'First day of its existence, if known.';
COMMENT ON COLUMN organisation.ends_on IS 'Last day of its existence, inclusive; null while it lasts.';
COMMENT ON COLUMN organisation.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
CREATE TRIGGER organisation_recorded BEFORE INSERT OR UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON organisation TO portal_app;
GRANT UPDATE (kind, starts_on, ends_on, note) ON organisation TO portal_app;

CREATE TABLE organisation_name (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT organisation_name_pkey PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT organisation_name_organisation_fkey REFERENCES organisation,
    name            text NOT NULL CONSTRAINT organisation_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    starts_on       date,
    ends_on         date,
    during          daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT organisation_name_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&)
);
COMMENT ON TABLE organisation_name IS 'The name of an organisation from day to day. A sign-off shows the name of its day.';
COMMENT ON COLUMN organisation_name.starts_on IS 'First day of the name; null if it was always called so.';
COMMENT ON COLUMN organisation_name.ends_on IS 'Last day of the name, inclusive; null while it lasts.';
COMMENT ON COLUMN organisation_name.during IS 'starts_on to ends_on as a range, for the exclusion constraint and its index.';
CREATE TRIGGER organisation_name_recorded BEFORE INSERT OR UPDATE ON organisation_name FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON organisation_name TO portal_app;
GRANT UPDATE (ends_on) ON organisation_name TO portal_app;

-- The name of the day; before the first known name the first one, after the last one the last.
CREATE FUNCTION organisation_name_on(organisation bigint, on_day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.name FROM public.organisation_name n WHERE n.organisation_id = organisation
    ORDER BY (n.during @> on_day) DESC, (coalesce(n.starts_on, '-infinity') <= on_day) DESC,
             CASE WHEN coalesce(n.starts_on, '-infinity') <= on_day THEN n.starts_on END DESC NULLS LAST, n.starts_on ASC NULLS FIRST
    LIMIT 1
$$;
COMMENT ON FUNCTION organisation_name_on(bigint, date) IS 'The name that an organisation had on a day. With its owner''s rights, since public views call it.';

CREATE TABLE organisation_succession (
    id             bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT organisation_succession_pkey PRIMARY KEY,
    predecessor_id bigint NOT NULL CONSTRAINT organisation_succession_predecessor_fkey REFERENCES organisation,
    successor_id   bigint NOT NULL CONSTRAINT organisation_succession_successor_fkey REFERENCES organisation,
    takes_over_on  date NOT NULL,
    note           text NOT NULL DEFAULT '' CONSTRAINT organisation_succession_note_length CHECK (length(note) <= 2000),
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT organisation_succession_key UNIQUE (predecessor_id, successor_id),
    CONSTRAINT organisation_succession_two_bodies CHECK (predecessor_id <> successor_id)
);
COMMENT ON TABLE organisation_succession IS 'One body took over from another on a day. It changes no act of either.';
COMMENT ON COLUMN organisation_succession.takes_over_on IS 'First day of the successor in the predecessor''s place.';
CREATE TRIGGER organisation_succession_recorded BEFORE INSERT OR UPDATE ON organisation_succession FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON organisation_succession TO portal_app;

CREATE TABLE safeguarding_partner (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT safeguarding_partner_pkey PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT safeguarding_partner_organisation_fkey REFERENCES organisation,
    statutory_kind  text NOT NULL CONSTRAINT safeguarding_partner_kind_known CHECK (statutory_kind IN ('local authority', 'police', 'health')),
    publishes_names boolean NOT NULL DEFAULT false,
    starts_on       date NOT NULL,
    ends_on         date,
    during          daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT safeguarding_partner_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT safeguarding_partner_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&)
);
COMMENT ON TABLE safeguarding_partner IS 'An organisation in its time as statutory safeguarding partner. How many there are is data.';
COMMENT ON COLUMN safeguarding_partner.statutory_kind IS 'The kind of body in the Children Act 2004, section 16E.';
COMMENT ON COLUMN safeguarding_partner.publishes_names IS 'Whether the public page of sign-offs gives the officer''s name besides the office.';
COMMENT ON COLUMN safeguarding_partner.ends_on IS 'Last day as partner, inclusive; null while it lasts.';
COMMENT ON COLUMN safeguarding_partner.during IS 'starts_on to ends_on as a range, for the exclusion constraint and its index.';
CREATE TRIGGER safeguarding_partner_recorded BEFORE INSERT OR UPDATE ON safeguarding_partner FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON safeguarding_partner TO portal_app;
GRANT UPDATE (publishes_names, ends_on) ON safeguarding_partner TO portal_app;

CREATE TABLE partner_area (
    partner_id  bigint NOT NULL CONSTRAINT partner_area_partner_fkey REFERENCES safeguarding_partner,
    area_id     bigint NOT NULL CONSTRAINT partner_area_area_fkey REFERENCES area,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT partner_area_pkey PRIMARY KEY (partner_id, area_id)
);
COMMENT ON TABLE partner_area IS 'The areas in which a safeguarding partner shares the duty. A police force may share it in several.';
CREATE TRIGGER partner_area_recorded BEFORE INSERT OR UPDATE ON partner_area FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON partner_area TO portal_app;

CREATE TABLE agency_category (
    paragraph   integer CONSTRAINT agency_category_pkey PRIMARY KEY,
    group_name  text NOT NULL,
    category    text NOT NULL,
    confidence  text NOT NULL CONSTRAINT agency_category_confidence_known CHECK (confidence IN ('confirmed', 'part-confirmed', 'unconfirmed')),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE agency_category IS 'Kinds of relevant agency in the Schedule to SI 2018/789.';
COMMENT ON COLUMN agency_category.paragraph IS 'Paragraph of the Schedule.';
COMMENT ON COLUMN agency_category.confidence IS 'How sure we are of the wording; unconfirmed wording is never shown to the public as law.';
CREATE TRIGGER agency_category_recorded BEFORE INSERT OR UPDATE ON agency_category FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON agency_category TO portal_app;

CREATE TABLE agency_membership (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT agency_membership_pkey PRIMARY KEY,
    organisation_id  bigint NOT NULL CONSTRAINT agency_membership_organisation_fkey REFERENCES organisation,
    basis            text NOT NULL CONSTRAINT agency_membership_basis_known CHECK (basis IN ('chosen', 'designated', 'invitee')),
    reason           text NOT NULL DEFAULT '' CONSTRAINT agency_membership_reason_length CHECK (length(reason) <= 2000),
    is_demonstration boolean NOT NULL DEFAULT false,
    starts_on        date NOT NULL,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT agency_membership_ends_after_start CHECK (ends_on >= starts_on),
    CONSTRAINT agency_membership_no_overlap EXCLUDE USING gist (organisation_id WITH =, during WITH &&)
);
COMMENT ON TABLE agency_membership IS 'An organisation in its time as relevant agency.';
COMMENT ON COLUMN agency_membership.basis IS 'chosen by the partners, designated by law, or a non-statutory invitee.';
COMMENT ON COLUMN agency_membership.reason IS 'Why the partners chose the agency.';
COMMENT ON COLUMN agency_membership.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
COMMENT ON COLUMN agency_membership.ends_on IS 'Last day as relevant agency, inclusive; null while it lasts.';
COMMENT ON COLUMN agency_membership.during IS 'starts_on to ends_on as a range, for the exclusion constraint and its index.';
CREATE TRIGGER agency_membership_recorded BEFORE INSERT OR UPDATE ON agency_membership FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON agency_membership TO portal_app;
GRANT UPDATE (ends_on) ON agency_membership TO portal_app;

CREATE TABLE agency_membership_category (
    membership_id bigint NOT NULL CONSTRAINT agency_membership_category_membership_fkey REFERENCES agency_membership,
    paragraph     integer NOT NULL CONSTRAINT agency_membership_category_paragraph_fkey REFERENCES agency_category,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT agency_membership_category_pkey PRIMARY KEY (membership_id, paragraph)
);
COMMENT ON TABLE agency_membership_category IS 'The Schedule''s categories that an agency falls under: none for an invitee.';
CREATE TRIGGER agency_membership_category_recorded BEFORE INSERT OR UPDATE ON agency_membership_category FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT, INSERT ON agency_membership_category TO portal_app;

INSERT INTO agency_category (paragraph, group_name, category, confidence) VALUES
    (1, 'Education and childcare', 'Proprietor of an Academy school', 'confirmed'),
    (2, 'Education and childcare', 'Proprietor of a 16 to 19 Academy', 'confirmed'),
    (3, 'Education and childcare', 'Proprietor of an alternative provision Academy', 'confirmed'),
    (4, 'Education and childcare', 'Governing body of a maintained school', 'confirmed'),
    (5, 'Education and childcare', 'Governing body of a maintained nursery school', 'confirmed'),
    (6, 'Education and childcare', 'Pupil referral unit', 'confirmed'),
    (7, 'Education and childcare', 'Proprietor of a registered independent educational institution', 'confirmed'),
    (8, 'Education and childcare', 'Proprietor of an approved non-maintained special school', 'confirmed'),
    (9, 'Education and childcare', 'Proprietor of a special post-16 institution', 'confirmed'),
    (10, 'Education and childcare', 'Governing body in the further education sector', 'confirmed'),
    (11, 'Education and childcare', 'Governing body of an English higher education provider', 'confirmed'),
    (12, 'Education and childcare', 'Other funded provider of education or training (Education and Inspections Act 2006, Part 8, Chapter 3)', 'confirmed'),
    (13, 'Education and childcare', 'Registered childcare provider (Childcare Act 2006, Part 3)', 'confirmed'),
    (14, 'Education and childcare', 'Provider of a children''s centre', 'confirmed'),
    (15, 'Health and social care', 'NHS England', 'unconfirmed'),
    (16, 'Health and social care', 'NHS trust', 'unconfirmed'),
    (17, 'Health and social care', 'NHS foundation trust', 'unconfirmed'),
    (18, 'Health and social care', 'Adoption support agency', 'unconfirmed'),
    (19, 'Health and social care', 'Registered adoption society', 'unconfirmed'),
    (20, 'Health and social care', 'Fostering agency', 'unconfirmed'),
    (21, 'Health and social care', 'Children''s home', 'unconfirmed'),
    (22, 'Health and social care', 'Residential family centre', 'unconfirmed'),
    (23, 'Health and social care', 'Residential holiday scheme for disabled children', 'unconfirmed'),
    (24, 'Health and social care', 'Other regulated health or care provider', 'unconfirmed'),
    (25, 'Local government', 'District council that is not itself a children''s services authority', 'unconfirmed'),
    (26, 'Criminal justice', 'Children and Family Court Advisory and Support Service (Cafcass)', 'unconfirmed'),
    (27, 'Criminal justice', 'Youth offending team', 'unconfirmed'),
    (28, 'Criminal justice', 'Probation provider', 'unconfirmed'),
    (29, 'Criminal justice', 'Prison, young offender institution, secure training centre or secure college', 'unconfirmed'),
    (30, 'Police and immigration', 'British Transport Police', 'unconfirmed'),
    (31, 'Police and immigration', 'Port police force', 'unconfirmed'),
    (32, 'Police and immigration', 'Immigration, asylum, nationality and customs officials', 'unconfirmed'),
    (33, 'Miscellaneous', 'Charity', 'unconfirmed'),
    (34, 'Miscellaneous', 'Religious organisation', 'unconfirmed'),
    (35, 'Miscellaneous', 'Person or body involved in the provision, supervision or oversight of sport or leisure', 'unconfirmed');

UPDATE schema_migrations SET dirty = false;
COMMIT;
