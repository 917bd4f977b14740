BEGIN;

-- Who reads for an agency, and what its staff find wrong in its entry.

CREATE TABLE agency_reader (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT agency_reader_pkey PRIMARY KEY,
    organisation_id  bigint NOT NULL CONSTRAINT agency_reader_organisation_fkey REFERENCES organisation,
    account_id       bigint CONSTRAINT agency_reader_account_fkey REFERENCES account,
    name             text NOT NULL CONSTRAINT agency_reader_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    email            text NOT NULL CONSTRAINT agency_reader_email_form CHECK (email = lower(email) AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    post             text NOT NULL DEFAULT '' CONSTRAINT agency_reader_post_length CHECK (length(post) <= 200),
    capacity         text NOT NULL CONSTRAINT agency_reader_capacity_known CHECK (capacity IN ('leader', 'designated safeguarding lead', 'governor', 'practitioner')),
    starts_on        date NOT NULL,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT agency_reader_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT agency_reader_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT agency_reader_once EXCLUDE USING gist (organisation_id WITH =, email WITH =, capacity WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE agency_reader IS 'A person who reads for a relevant agency, in a capacity, from when to when. Never shown to the public.';
COMMENT ON COLUMN agency_reader.account_id IS 'Their account, once they have one as staff of the agency.';
COMMENT ON COLUMN agency_reader.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN agency_reader.during IS 'starts_on to ends_on as a range.';
COMMENT ON COLUMN agency_reader.known_from IS 'Since when the row is known as it stands; earlier wordings are in agency_reader_past.';
COMMENT ON COLUMN agency_reader.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE INDEX agency_reader_account_idx ON agency_reader (account_id);
CREATE TRIGGER agency_reader_recorded BEFORE INSERT OR UPDATE ON agency_reader FOR EACH ROW EXECUTE FUNCTION remember();
CREATE TRIGGER agency_reader_is_retracted BEFORE INSERT OR UPDATE ON agency_reader FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TABLE agency_reader_past (known_until timestamptz NOT NULL, LIKE agency_reader);
COMMENT ON TABLE agency_reader_past IS 'What agency_reader said before, from known_from until known_until.';
COMMENT ON COLUMN agency_reader_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER agency_reader_past_insert_only BEFORE UPDATE OR DELETE ON agency_reader_past FOR EACH ROW EXECUTE FUNCTION forbid_change('agency_reader_past_insert_only');
CREATE TRIGGER agency_reader_past_no_truncate BEFORE TRUNCATE ON agency_reader_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('agency_reader_past_insert_only');
GRANT SELECT ON agency_reader, agency_reader_past TO portal_app;
GRANT INSERT (organisation_id, account_id, name, email, post, capacity, starts_on, ends_on) ON agency_reader TO portal_app;
GRANT UPDATE (account_id, name, email, post, ends_on, retracted_reason) ON agency_reader TO portal_app;

CREATE FUNCTION agency_reader_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM agency_membership m WHERE m.organisation_id = NEW.organisation_id AND m.retracted_at IS NULL) THEN
        RAISE EXCEPTION 'the organisation is no relevant agency' USING ERRCODE = '23001', CONSTRAINT = 'agency_reader_is_agency';
    END IF;
    IF NEW.account_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.account_id IS DISTINCT FROM OLD.account_id) AND NOT EXISTS (
        SELECT FROM role_grant g WHERE g.account_id = NEW.account_id AND g.organisation_id = NEW.organisation_id
          AND g.role = 'agency-staff' AND g.ended_at IS NULL) THEN
        RAISE EXCEPTION 'the account is not one of the agency''s staff' USING ERRCODE = '23001', CONSTRAINT = 'agency_reader_account_of_agency';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agency_reader_guard() IS 'Readers are those of a relevant agency, and their accounts are of its staff.';
CREATE TRIGGER agency_reader_guard BEFORE INSERT OR UPDATE ON agency_reader FOR EACH ROW EXECUTE FUNCTION agency_reader_guard();

CREATE TABLE correction (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT correction_pkey PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT correction_organisation_fkey REFERENCES organisation,
    field           text NOT NULL CONSTRAINT correction_field_known CHECK (field IN
                    ('name', 'basis', 'categories', 'reason', 'dates', 'address', 'identifiers', 'post-title', 'post-email', 'post-phone', 'readers', 'other')),
    post_id         bigint CONSTRAINT correction_post_fkey REFERENCES post,
    words           text NOT NULL CONSTRAINT correction_words_length CHECK (length(btrim(words)) BETWEEN 1 AND 2000),
    suggested       text NOT NULL DEFAULT '' CONSTRAINT correction_suggested_length CHECK (length(suggested) <= 2000),
    proposed_by     bigint NOT NULL CONSTRAINT correction_proposed_by_fkey REFERENCES account,
    outcome         text CONSTRAINT correction_outcome_known CHECK (outcome IN ('accepted', 'declined')),
    answer          text NOT NULL DEFAULT '' CONSTRAINT correction_answer_length CHECK (length(answer) <= 2000),
    applied         boolean NOT NULL DEFAULT false,
    decided_by      bigint CONSTRAINT correction_decided_by_fkey REFERENCES account,
    decided_at      timestamptz,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT correction_post_for_its_fields CHECK ((post_id IS NOT NULL) = (field LIKE 'post-%')),
    CONSTRAINT correction_post_with_value CHECK (field NOT LIKE 'post-%' OR btrim(suggested) <> ''),
    CONSTRAINT correction_decided_whole CHECK (num_nulls(outcome, decided_by, decided_at) IN (0, 3)),
    CONSTRAINT correction_declined_with_reason CHECK (outcome <> 'declined' OR btrim(answer) <> ''),
    CONSTRAINT correction_applied_when_accepted CHECK (NOT applied OR outcome IS NOT DISTINCT FROM 'accepted'),
    CONSTRAINT correction_two_people CHECK (decided_by <> proposed_by)
);
COMMENT ON TABLE correction IS 'What an agency''s staff find wrong in its entry, and what business support answered. Never shown to the public.';
COMMENT ON COLUMN correction.field IS 'What of the entry is wrong; post-… is a detail of the contact post post_id.';
COMMENT ON COLUMN correction.words IS 'What is wrong, in free words.';
COMMENT ON COLUMN correction.suggested IS 'What it should say, if they know.';
COMMENT ON COLUMN correction.applied IS 'Whether accepting it changed the entry at once.';
CREATE INDEX correction_organisation_idx ON correction (organisation_id);
CREATE INDEX correction_post_idx ON correction (post_id);
CREATE INDEX correction_waiting_idx ON correction (id) WHERE outcome IS NULL;
CREATE TRIGGER correction_recorded BEFORE INSERT OR UPDATE ON correction FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE FUNCTION correction_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.outcome IS NOT NULL THEN
            RAISE EXCEPTION 'an answer is final' USING ERRCODE = '23001', CONSTRAINT = 'correction_final';
        END IF;
        NEW.decided_at := CASE WHEN NEW.outcome IS NOT NULL THEN clock_timestamp() END;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM role_grant g WHERE g.account_id = NEW.proposed_by AND g.organisation_id = NEW.organisation_id
                   AND g.role = 'agency-staff' AND g.ended_at IS NULL) THEN
        RAISE EXCEPTION 'only the agency''s own staff propose a correction' USING ERRCODE = '23001', CONSTRAINT = 'correction_proposed_by_agency';
    END IF;
    IF NEW.post_id IS NOT NULL AND NOT EXISTS (SELECT FROM post p WHERE p.id = NEW.post_id AND p.organisation_id = NEW.organisation_id) THEN
        RAISE EXCEPTION 'the post is another body''s' USING ERRCODE = '23001', CONSTRAINT = 'correction_post_of_agency';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION correction_guard() IS 'An agency''s own staff propose, for its own posts; an answer is final, and the database says when.';
CREATE TRIGGER correction_guard BEFORE INSERT OR UPDATE ON correction FOR EACH ROW EXECUTE FUNCTION correction_guard();
CREATE TRIGGER correction_kept BEFORE DELETE ON correction FOR EACH ROW EXECUTE FUNCTION forbid_change('correction_kept');
CREATE TRIGGER correction_no_truncate BEFORE TRUNCATE ON correction FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('correction_kept');
GRANT SELECT ON correction TO portal_app;
GRANT INSERT (organisation_id, field, post_id, words, suggested, proposed_by) ON correction TO portal_app;
GRANT UPDATE (outcome, answer, applied, decided_by) ON correction TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
