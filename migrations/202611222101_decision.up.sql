BEGIN;

-- Records of decision: the working record, which only signed-in people with the right see. What the public sees is frozen
-- when a stage is published (next migration). Exempt text is in a table of its own.

CREATE TABLE decision (
    id                    bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_pkey PRIMARY KEY,
    organisation_id       bigint CONSTRAINT decision_organisation_fkey REFERENCES organisation,
    origin                text NOT NULL DEFAULT 'entered' CONSTRAINT decision_origin_known CHECK (origin IN ('entered', 'imported')),
    stage                 text NOT NULL CONSTRAINT decision_stage_known CHECK (stage IN ('notice', 'proposed', 'made', 'called in', 'confirmed', 'implemented', 'withdrawn')),
    was_made              boolean NOT NULL DEFAULT false,
    number_printed        text NOT NULL DEFAULT '',
    number_verified       text NOT NULL DEFAULT '',
    number                text NOT NULL DEFAULT '',
    ref                   text NOT NULL DEFAULT '',
    subject               text NOT NULL CONSTRAINT decision_subject_length CHECK (length(btrim(subject)) BETWEEN 1 AND 500),
    maker_title           text NOT NULL DEFAULT '',
    maker_post_id         bigint CONSTRAINT decision_maker_post_fkey REFERENCES post,
    maker_name            text NOT NULL DEFAULT '',
    contact_title         text NOT NULL DEFAULT '',
    contact_post_id       bigint CONSTRAINT decision_contact_post_fkey REFERENCES post,
    is_officer            boolean NOT NULL DEFAULT false,
    source_status         text NOT NULL DEFAULT '',
    source_url            text NOT NULL DEFAULT '' CONSTRAINT decision_source_url_form CHECK (source_url = '' OR (source_url ~ '^https?://[^[:space:]]+$' AND length(source_url) <= 2000)),
    key_decision          text NOT NULL DEFAULT '' CONSTRAINT decision_key_known CHECK (key_decision IN ('', 'yes', 'no')),
    key_reason            text NOT NULL DEFAULT '',
    preamble              text NOT NULL DEFAULT '',
    limbs                 jsonb NOT NULL DEFAULT '[]' CONSTRAINT decision_limbs_are_a_list CHECK (jsonb_typeof(limbs) = 'array'),
    reasons               text NOT NULL DEFAULT '',
    financial             text NOT NULL DEFAULT '',
    consultation          text NOT NULL DEFAULT '',
    alternatives          text NOT NULL DEFAULT '',
    interests             text NOT NULL DEFAULT '',
    dispensation          text NOT NULL DEFAULT '',
    dispensation_by       text NOT NULL DEFAULT '',
    background            text NOT NULL DEFAULT '',
    signed_by             text NOT NULL DEFAULT '',
    later                 text[] NOT NULL DEFAULT '{}' CONSTRAINT decision_later_known CHECK (later <@ ARRAY['limbs', 'reasons', 'financial', 'consultation', 'alternatives', 'interests']),
    notice_on             date,
    notice_precision      text,
    due_on                date,
    due_precision         text,
    made_on               date,
    made_precision        text,
    published_on          date,
    published_precision   text,
    effective_on          date,
    effective_precision   text,
    implemented_on        date,
    implemented_precision text,
    withdrawn_on          date,
    withdrawn_precision   text,
    restriction           text NOT NULL DEFAULT 'open' CONSTRAINT decision_restriction_known CHECK (restriction IN ('open', 'part exempt', 'fully exempt')),
    exempt_category       integer NOT NULL DEFAULT 0 CONSTRAINT decision_exempt_category_known CHECK (exempt_category BETWEEN 0 AND 7),
    public_interest       text NOT NULL DEFAULT '',
    urgency_route         text NOT NULL DEFAULT '' CONSTRAINT decision_urgency_route_known CHECK (urgency_route IN ('', 'general exception', 'special urgency')),
    urgency_reason        text NOT NULL DEFAULT '',
    urgency_told          text NOT NULL DEFAULT '',
    urgency_agreed        text NOT NULL DEFAULT '',
    urgency_on            date,
    urgency_precision     text,
    call_in_applies       boolean NOT NULL DEFAULT true,
    call_in_waived        boolean NOT NULL DEFAULT false,
    call_in_waived_reason text NOT NULL DEFAULT '',
    call_in_waived_by     text NOT NULL DEFAULT '',
    withdrawn_reason      text NOT NULL DEFAULT '',
    is_demonstration      boolean NOT NULL DEFAULT false,
    revision              integer NOT NULL DEFAULT 1,
    created_by            bigint CONSTRAINT decision_created_by_fkey REFERENCES account,
    changed_by            bigint CONSTRAINT decision_changed_by_fkey REFERENCES account,
    recorded_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from            timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at          timestamptz,
    retracted_reason      text,
    CONSTRAINT decision_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT decision_words_length CHECK (greatest(length(number_printed), length(number_verified)) <= 40
        AND greatest(length(maker_title), length(maker_name), length(contact_title), length(dispensation_by), length(signed_by), length(source_status),
                     length(urgency_told), length(urgency_agreed), length(call_in_waived_by)) <= 300),
    CONSTRAINT decision_texts_length CHECK (greatest(length(preamble), length(reasons), length(financial), length(consultation), length(alternatives),
        length(interests), length(dispensation), length(background), length(limbs::text)) <= 100000
        AND greatest(length(key_reason), length(public_interest), length(urgency_reason), length(call_in_waived_reason), length(withdrawn_reason)) <= 5000),
    CONSTRAINT decision_days_with_precision CHECK ((notice_on IS NULL) = (notice_precision IS NULL) AND (due_on IS NULL) = (due_precision IS NULL)
        AND (made_on IS NULL) = (made_precision IS NULL) AND (published_on IS NULL) = (published_precision IS NULL)
        AND (effective_on IS NULL) = (effective_precision IS NULL) AND (implemented_on IS NULL) = (implemented_precision IS NULL)
        AND (withdrawn_on IS NULL) = (withdrawn_precision IS NULL) AND (urgency_on IS NULL) = (urgency_precision IS NULL)),
    CONSTRAINT decision_precisions_known CHECK (array_remove(ARRAY[notice_precision, due_precision, made_precision, published_precision, effective_precision,
        implemented_precision, withdrawn_precision, urgency_precision], NULL) <@ ARRAY['day', 'month', 'year', 'not before']),
    CONSTRAINT decision_made_days_only_if_made CHECK (was_made OR num_nonnulls(made_on, published_on, effective_on, implemented_on) = 0),
    CONSTRAINT decision_later_only_if_proposed CHECK (later = '{}' OR (NOT was_made AND stage IN ('proposed', 'withdrawn'))),
    CONSTRAINT decision_urgency_of_key_decisions CHECK (urgency_route = '' OR key_decision = 'yes'),
    CONSTRAINT decision_withdrawn_for_reason CHECK (stage <> 'withdrawn' OR btrim(withdrawn_reason) <> '')
);
COMMENT ON TABLE decision IS 'A record of decision as it is being worked on. Nothing exempt is in it.';
COMMENT ON COLUMN decision.organisation_id IS 'The body whose record it is; null for the partnership itself.';
COMMENT ON COLUMN decision.origin IS 'imported: taken over from elsewhere as stated, at any stage; it is flagged, not refused, where it disagrees with itself.';
COMMENT ON COLUMN decision.was_made IS 'Whether the decision was ever made; it tells the withdrawn records apart.';
COMMENT ON COLUMN decision.number_printed IS 'As the record prints it: the seed''s 10/00035.';
COMMENT ON COLUMN decision.number_verified IS 'As found elsewhere, for instance in the body''s own register: 19/00035. It counts where there is one.';
COMMENT ON COLUMN decision.number IS 'The number that counts, set by the database.';
COMMENT ON COLUMN decision.ref IS 'The record in an address: its number, or else its row; set by the database.';
COMMENT ON COLUMN decision.maker_title IS 'Who decides, by post, as published.';
COMMENT ON COLUMN decision.source_status IS 'The status in the words of the register that the record was taken from.';
COMMENT ON COLUMN decision.limbs IS 'The lettered parts of the decision: [{"letter": "a", "text": "Agree …"}].';
COMMENT ON COLUMN decision.later IS 'Parts left "to be added after committee", which only a proposed record can.';
COMMENT ON COLUMN decision.due_on IS 'When the decision is due, as its notice says: often not before a day.';
COMMENT ON COLUMN decision.published_on IS 'When the body itself published the record, not this portal.';
COMMENT ON COLUMN decision.effective_on IS 'As the record states it. What the rules say is reckoned and stands beside it.';
COMMENT ON COLUMN decision.exempt_category IS 'Paragraph of the Local Government Act 1972, Schedule 12A, Part 1; 0 for none.';
COMMENT ON COLUMN decision.urgency_told IS 'Post that had notice of a general exception.';
COMMENT ON COLUMN decision.urgency_agreed IS 'Post that agreed to special urgency.';
COMMENT ON COLUMN decision.call_in_waived IS 'A flag of its own: urgency of the decision does not waive call-in.';
COMMENT ON COLUMN decision.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
COMMENT ON COLUMN decision.revision IS 'Goes up with every change, so that two editors at once are noticed.';
COMMENT ON COLUMN decision.known_from IS 'Since when the row is known as it stands; earlier wordings are in decision_past.';
COMMENT ON COLUMN decision.retracted_at IS 'When the record was found to be entered in error, before anything of it was published.';
CREATE UNIQUE INDEX decision_number_key ON decision (coalesce(organisation_id, 0), upper(number)) WHERE number <> '' AND retracted_at IS NULL;
CREATE UNIQUE INDEX decision_ref_key ON decision (coalesce(organisation_id, 0), ref) WHERE retracted_at IS NULL;
CREATE INDEX decision_open_idx ON decision (stage, due_on) WHERE stage IN ('notice', 'proposed', 'called in') AND retracted_at IS NULL;
CREATE INDEX decision_published_on_idx ON decision (published_on) WHERE retracted_at IS NULL;
CREATE INDEX decision_effective_on_idx ON decision (effective_on) WHERE retracted_at IS NULL;
CREATE INDEX decision_made_on_idx ON decision (made_on) WHERE retracted_at IS NULL;

GRANT SELECT ON decision TO portal_app;
GRANT INSERT (organisation_id, origin, stage, is_demonstration, created_by) ON decision TO portal_app;
GRANT UPDATE (stage, retracted_reason) ON decision TO portal_app;
DO $do$
DECLARE columns text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
    WHERE attrelid = 'decision'::regclass AND attnum > 0 AND attname NOT IN ('id', 'organisation_id', 'origin', 'stage', 'was_made', 'number', 'ref',
        'is_demonstration', 'revision', 'created_by', 'recorded_at', 'known_from', 'retracted_at', 'retracted_reason');
    EXECUTE format('GRANT INSERT (%s), UPDATE (%s) ON decision TO portal_app', columns, columns);
END $do$;

CREATE TABLE decision_past (known_until timestamptz NOT NULL, LIKE decision);
COMMENT ON TABLE decision_past IS 'What decision said before, from known_from until known_until.';
COMMENT ON COLUMN decision_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX decision_past_idx ON decision_past (id, known_until);
CREATE TRIGGER decision_past_insert_only BEFORE UPDATE OR DELETE ON decision_past FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_past_insert_only');
CREATE TRIGGER decision_past_no_truncate BEFORE TRUNCATE ON decision_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_past_insert_only');
GRANT SELECT ON decision_past TO portal_app;

CREATE TABLE decision_exempt (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_exempt_pkey PRIMARY KEY,
    decision_id      bigint NOT NULL CONSTRAINT decision_exempt_decision_fkey REFERENCES decision,
    part             text NOT NULL CONSTRAINT decision_exempt_part_known CHECK (part IN ('subject', 'limbs', 'reasons', 'financial', 'consultation', 'alternatives', 'interests', 'background')),
    body             text NOT NULL CONSTRAINT decision_exempt_body_length CHECK (length(btrim(body)) BETWEEN 1 AND 100000),
    changed_by       bigint CONSTRAINT decision_exempt_changed_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT decision_exempt_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_exempt_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE decision_exempt IS 'Exempt passages of records, apart from everything that is public: no view, search, event or letter reads this table.';
COMMENT ON COLUMN decision_exempt.part IS 'The part of the record that the passage belongs to.';
COMMENT ON COLUMN decision_exempt.known_from IS 'Since when the row is known as it stands; earlier wordings are in decision_exempt_past.';
COMMENT ON COLUMN decision_exempt.retracted_at IS 'When the passage was taken out, for instance since it is exempt no longer.';
CREATE UNIQUE INDEX decision_exempt_one_a_part ON decision_exempt (decision_id, part) WHERE retracted_at IS NULL;
CREATE TRIGGER decision_exempt_is_retracted BEFORE INSERT OR UPDATE ON decision_exempt FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_exempt_recorded BEFORE INSERT OR UPDATE ON decision_exempt FOR EACH ROW EXECUTE FUNCTION remember();
GRANT SELECT ON decision_exempt TO portal_app;
GRANT INSERT (decision_id, part, body, changed_by) ON decision_exempt TO portal_app;
GRANT UPDATE (body, changed_by, retracted_reason) ON decision_exempt TO portal_app;
CREATE TABLE decision_exempt_past (known_until timestamptz NOT NULL, LIKE decision_exempt);
COMMENT ON TABLE decision_exempt_past IS 'What decision_exempt said before, from known_from until known_until.';
COMMENT ON COLUMN decision_exempt_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE TRIGGER decision_exempt_past_insert_only BEFORE UPDATE OR DELETE ON decision_exempt_past FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_exempt_past_insert_only');
CREATE TRIGGER decision_exempt_past_no_truncate BEFORE TRUNCATE ON decision_exempt_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_exempt_past_insert_only');
GRANT SELECT ON decision_exempt_past TO portal_app;

CREATE TABLE decision_call_in (
    id                bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_call_in_pkey PRIMARY KEY,
    decision_id       bigint NOT NULL CONSTRAINT decision_call_in_decision_fkey REFERENCES decision,
    called_on         date NOT NULL,
    called_precision  text NOT NULL,
    called_by         text NOT NULL CONSTRAINT decision_call_in_called_by_length CHECK (length(btrim(called_by)) BETWEEN 1 AND 300),
    grounds           text NOT NULL CONSTRAINT decision_call_in_grounds_length CHECK (length(btrim(grounds)) BETWEEN 1 AND 20000),
    meeting           text NOT NULL DEFAULT '' CONSTRAINT decision_call_in_meeting_length CHECK (length(meeting) <= 300),
    meeting_on        date,
    meeting_precision text,
    outcome           text NOT NULL DEFAULT '' CONSTRAINT decision_call_in_outcome_known CHECK (outcome IN ('', 'no further action', 'referred back', 'referred to council')),
    outcome_on        date,
    outcome_precision text,
    note              text NOT NULL DEFAULT '' CONSTRAINT decision_call_in_note_length CHECK (length(note) <= 20000),
    changed_by        bigint CONSTRAINT decision_call_in_changed_by_fkey REFERENCES account,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_call_in_days_with_precision CHECK ((meeting_on IS NULL) = (meeting_precision IS NULL) AND (outcome_on IS NULL) = (outcome_precision IS NULL)),
    CONSTRAINT decision_call_in_precisions_known CHECK (array_remove(ARRAY[called_precision, meeting_precision, outcome_precision], NULL) <@ ARRAY['day', 'month', 'year', 'not before']),
    CONSTRAINT decision_call_in_outcome_with_day CHECK ((outcome = '') = (outcome_on IS NULL))
);
COMMENT ON TABLE decision_call_in IS 'A call-in of a decision, with its grounds, its meeting and its outcome.';
COMMENT ON COLUMN decision_call_in.called_by IS 'By post or in number: "three members of the scrutiny committee".';
COMMENT ON COLUMN decision_call_in.outcome IS 'Empty while the call-in is open.';
COMMENT ON COLUMN decision_call_in.known_from IS 'Since when the row is known as it stands; earlier wordings are in decision_call_in_past.';
CREATE INDEX decision_call_in_decision_idx ON decision_call_in (decision_id, id);
CREATE TRIGGER decision_call_in_recorded BEFORE INSERT OR UPDATE ON decision_call_in FOR EACH ROW EXECUTE FUNCTION remember();
GRANT SELECT ON decision_call_in TO portal_app;
GRANT INSERT (decision_id, called_on, called_precision, called_by, grounds, meeting, meeting_on, meeting_precision, outcome, outcome_on, outcome_precision, note, changed_by)
    ON decision_call_in TO portal_app;
GRANT UPDATE (called_on, called_precision, called_by, grounds, meeting, meeting_on, meeting_precision, outcome, outcome_on, outcome_precision, note, changed_by)
    ON decision_call_in TO portal_app;
CREATE TABLE decision_call_in_past (known_until timestamptz NOT NULL, LIKE decision_call_in);
COMMENT ON TABLE decision_call_in_past IS 'What decision_call_in said before, from known_from until known_until.';
COMMENT ON COLUMN decision_call_in_past.known_until IS 'When another wording took its place.';
CREATE TRIGGER decision_call_in_past_insert_only BEFORE UPDATE OR DELETE ON decision_call_in_past FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_call_in_past_insert_only');
CREATE TRIGGER decision_call_in_past_no_truncate BEFORE TRUNCATE ON decision_call_in_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_call_in_past_insert_only');
GRANT SELECT ON decision_call_in_past TO portal_app;

CREATE TABLE decision_deferral (
    id                 bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_deferral_pkey PRIMARY KEY,
    decision_id        bigint NOT NULL CONSTRAINT decision_deferral_decision_fkey REFERENCES decision,
    deferred_on        date NOT NULL,
    deferred_precision text NOT NULL,
    new_due_on         date,
    new_due_precision  text,
    reason             text NOT NULL CONSTRAINT decision_deferral_reason_length CHECK (length(btrim(reason)) BETWEEN 1 AND 5000),
    added_by           bigint CONSTRAINT decision_deferral_added_by_fkey REFERENCES account,
    recorded_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_deferral_days_with_precision CHECK ((new_due_on IS NULL) = (new_due_precision IS NULL)),
    CONSTRAINT decision_deferral_precisions_known CHECK (array_remove(ARRAY[deferred_precision, new_due_precision], NULL) <@ ARRAY['day', 'month', 'year', 'not before'])
);
COMMENT ON TABLE decision_deferral IS 'A decision was put off: an event that leaves the stage as it is.';
COMMENT ON COLUMN decision_deferral.new_due_on IS 'When it is due now, if that is known.';
CREATE INDEX decision_deferral_decision_idx ON decision_deferral (decision_id, id);
CREATE TRIGGER decision_deferral_recorded BEFORE INSERT OR UPDATE ON decision_deferral FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER decision_deferral_insert_only BEFORE UPDATE OR DELETE ON decision_deferral FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_deferral_insert_only');
CREATE TRIGGER decision_deferral_no_truncate BEFORE TRUNCATE ON decision_deferral FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_deferral_insert_only');
GRANT SELECT ON decision_deferral TO portal_app;
GRANT INSERT (decision_id, deferred_on, deferred_precision, new_due_on, new_due_precision, reason, added_by) ON decision_deferral TO portal_app;

CREATE TABLE decision_override (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_override_pkey PRIMARY KEY,
    decision_id bigint NOT NULL CONSTRAINT decision_override_decision_fkey REFERENCES decision,
    stage       text NOT NULL CONSTRAINT decision_override_stage_known CHECK (stage IN ('notice', 'proposed', 'made', 'called in', 'confirmed', 'implemented')),
    part        text NOT NULL,
    reason      text NOT NULL CONSTRAINT decision_override_reason_length CHECK (length(btrim(reason)) BETWEEN 1 AND 2000),
    added_by    bigint CONSTRAINT decision_override_added_by_fkey REFERENCES account,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE decision_override IS 'A stage goes without a part that it asks for, for a reason.';
COMMENT ON COLUMN decision_override.part IS 'The part, or "dates" where days lie in the wrong order.';
CREATE INDEX decision_override_decision_idx ON decision_override (decision_id, id);
CREATE TRIGGER decision_override_recorded BEFORE INSERT OR UPDATE ON decision_override FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER decision_override_insert_only BEFORE UPDATE OR DELETE ON decision_override FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_override_insert_only');
CREATE TRIGGER decision_override_no_truncate BEFORE TRUNCATE ON decision_override FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_override_insert_only');
GRANT SELECT ON decision_override TO portal_app;
GRANT INSERT (decision_id, stage, part, reason, added_by) ON decision_override TO portal_app;

CREATE TABLE decision_remark (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_remark_pkey PRIMARY KEY,
    decision_id bigint NOT NULL CONSTRAINT decision_remark_decision_fkey REFERENCES decision,
    label       text NOT NULL CONSTRAINT decision_remark_label_length CHECK (length(btrim(label)) BETWEEN 1 AND 300),
    body        text NOT NULL CONSTRAINT decision_remark_body_length CHECK (length(body) <= 100000),
    added_by    bigint CONSTRAINT decision_remark_added_by_fkey REFERENCES account,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE decision_remark IS 'What an import found and did not understand, under the label that it had there. Never public.';
CREATE INDEX decision_remark_decision_idx ON decision_remark (decision_id, id);
CREATE TRIGGER decision_remark_recorded BEFORE INSERT OR UPDATE ON decision_remark FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER decision_remark_insert_only BEFORE UPDATE OR DELETE ON decision_remark FOR EACH ROW EXECUTE FUNCTION forbid_change('decision_remark_insert_only');
CREATE TRIGGER decision_remark_no_truncate BEFORE TRUNCATE ON decision_remark FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('decision_remark_insert_only');
GRANT SELECT ON decision_remark TO portal_app;
GRANT INSERT (decision_id, label, body, added_by) ON decision_remark TO portal_app;

CREATE TABLE decision_file (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_file_pkey PRIMARY KEY,
    decision_id      bigint NOT NULL CONSTRAINT decision_file_decision_fkey REFERENCES decision,
    file_id          bigint NOT NULL CONSTRAINT decision_file_file_fkey REFERENCES stored_file,
    kind             text NOT NULL CONSTRAINT decision_file_kind_known CHECK (kind IN ('record', 'report', 'appendix', 'background paper', 'call-in paper')),
    is_exempt        boolean NOT NULL DEFAULT false,
    added_by         bigint CONSTRAINT decision_file_added_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT decision_file_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_file_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT decision_file_of_one_record UNIQUE (file_id)
);
COMMENT ON TABLE decision_file IS 'A file attached to a record: the signed record, a report, an appendix, a background paper.';
COMMENT ON COLUMN decision_file.is_exempt IS 'Whether it is kept from the public; said once, when the file is attached.';
COMMENT ON COLUMN decision_file.retracted_at IS 'When it was taken off the record.';
CREATE INDEX decision_file_decision_idx ON decision_file (decision_id, id);
CREATE TRIGGER decision_file_is_retracted BEFORE INSERT OR UPDATE ON decision_file FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_file_recorded BEFORE INSERT OR UPDATE ON decision_file FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON decision_file TO portal_app;
GRANT INSERT (decision_id, file_id, kind, is_exempt, added_by) ON decision_file TO portal_app;
GRANT UPDATE (retracted_reason) ON decision_file TO portal_app;

CREATE TABLE decision_authorises (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT decision_authorises_pkey PRIMARY KEY,
    decision_id      bigint NOT NULL CONSTRAINT decision_authorises_decision_fkey REFERENCES decision,
    version_id       bigint NOT NULL CONSTRAINT decision_authorises_version_fkey REFERENCES version,
    round_id         bigint CONSTRAINT decision_authorises_round_fkey REFERENCES round,
    added_by         bigint CONSTRAINT decision_authorises_added_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT decision_authorises_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT decision_authorises_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE decision_authorises IS 'A decision authorises its body''s sign-off of a version, or of one round of it.';
COMMENT ON COLUMN decision_authorises.round_id IS 'The round, if it is one alone.';
COMMENT ON COLUMN decision_authorises.retracted_at IS 'When the link was found to be wrong.';
CREATE UNIQUE INDEX decision_authorises_once ON decision_authorises (decision_id, version_id, coalesce(round_id, 0)) WHERE retracted_at IS NULL;
CREATE INDEX decision_authorises_version_idx ON decision_authorises (version_id);
CREATE INDEX decision_authorises_round_idx ON decision_authorises (round_id);
CREATE FUNCTION decision_authorises_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.round_id IS NOT NULL AND NOT EXISTS (SELECT FROM round r WHERE r.id = NEW.round_id AND r.paper_kind = 'version' AND r.paper_id = NEW.version_id) THEN
        RAISE EXCEPTION 'the round is of another version' USING ERRCODE = '23001', CONSTRAINT = 'decision_authorises_round_of_version';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION decision_authorises_guard() IS 'The round that a decision authorises is one of the version that it authorises.';
CREATE TRIGGER decision_authorises_guarded BEFORE INSERT ON decision_authorises FOR EACH ROW EXECUTE FUNCTION decision_authorises_guard();
CREATE TRIGGER decision_authorises_is_retracted BEFORE INSERT OR UPDATE ON decision_authorises FOR EACH ROW EXECUTE FUNCTION retraction_guard();
CREATE TRIGGER decision_authorises_recorded BEFORE INSERT OR UPDATE ON decision_authorises FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
GRANT SELECT ON decision_authorises TO portal_app;
GRANT INSERT (decision_id, version_id, round_id, added_by) ON decision_authorises TO portal_app;
GRANT UPDATE (retracted_reason) ON decision_authorises TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
