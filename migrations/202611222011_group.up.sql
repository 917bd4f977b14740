BEGIN;

-- Groups of the partnership, their meetings and their action log. Nothing is deleted, and each wording is remembered.

CREATE TABLE sub_group (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sub_group_pkey PRIMARY KEY,
    slug             text NOT NULL CONSTRAINT sub_group_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
    purpose          text NOT NULL CONSTRAINT sub_group_purpose_length CHECK (length(btrim(purpose)) BETWEEN 1 AND 4000),
    chair_title      text NOT NULL DEFAULT '' CONSTRAINT sub_group_chair_title_length CHECK (length(chair_title) <= 200),
    chair_post_id    bigint CONSTRAINT sub_group_chair_post_fkey REFERENCES post,
    rhythm           text NOT NULL DEFAULT '' CONSTRAINT sub_group_rhythm_length CHECK (length(rhythm) <= 200),
    starts_on        date NOT NULL,
    ends_on          date,
    is_demonstration boolean NOT NULL DEFAULT false,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT sub_group_slug_key UNIQUE (slug),
    CONSTRAINT sub_group_one_chair CHECK (chair_post_id IS NULL OR chair_title = ''),
    CONSTRAINT sub_group_ends_after_start CHECK (ends_on >= starts_on)
);
COMMENT ON TABLE sub_group IS 'A group of the partnership: a sub-group with a purpose, member bodies and meetings. Its names are in sub_group_name.';
COMMENT ON COLUMN sub_group.chair_title IS 'Post that takes the chair, in words; empty if unknown or if chair_post_id says it.';
COMMENT ON COLUMN sub_group.chair_post_id IS 'Post that takes the chair, if it is one of those recorded.';
COMMENT ON COLUMN sub_group.rhythm IS 'How often it meets, in words: every six weeks.';
COMMENT ON COLUMN sub_group.ends_on IS 'Last day, inclusive; null while it lasts.';
COMMENT ON COLUMN sub_group.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
CREATE INDEX sub_group_chair_post_idx ON sub_group (chair_post_id);
COMMENT ON COLUMN sub_group.known_from IS 'Since when the row is known as it stands; earlier wordings are in sub_group_past.';
CREATE TRIGGER sub_group_recorded BEFORE INSERT OR UPDATE ON sub_group FOR EACH ROW EXECUTE FUNCTION remember();

CREATE TABLE sub_group_past (known_until timestamptz NOT NULL, LIKE sub_group);
COMMENT ON TABLE sub_group_past IS 'What sub_group said before, from known_from until known_until.';
COMMENT ON COLUMN sub_group_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX sub_group_past_id_idx ON sub_group_past (id);
CREATE TRIGGER sub_group_past_insert_only BEFORE UPDATE OR DELETE ON sub_group_past FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_past_insert_only');
CREATE TRIGGER sub_group_past_no_truncate BEFORE TRUNCATE ON sub_group_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_past_insert_only');
CREATE TRIGGER sub_group_kept BEFORE DELETE ON sub_group FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_kept');
CREATE TRIGGER sub_group_no_truncate BEFORE TRUNCATE ON sub_group FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_kept');
GRANT SELECT ON sub_group, sub_group_past TO portal_app;
GRANT INSERT (slug, purpose, chair_title, chair_post_id, rhythm, starts_on, ends_on, is_demonstration) ON sub_group TO portal_app;
GRANT UPDATE (purpose, chair_title, chair_post_id, rhythm, ends_on) ON sub_group TO portal_app;

CREATE TABLE sub_group_name (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sub_group_name_pkey PRIMARY KEY,
    sub_group_id     bigint NOT NULL CONSTRAINT sub_group_name_sub_group_fkey REFERENCES sub_group,
    name             text NOT NULL CONSTRAINT sub_group_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    starts_on        date,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT sub_group_name_no_overlap EXCLUDE USING gist (sub_group_id WITH =, during WITH &&)
);
COMMENT ON TABLE sub_group_name IS 'The name of a group from day to day.';
COMMENT ON COLUMN sub_group_name.starts_on IS 'First day of the name; null for the first one.';
COMMENT ON COLUMN sub_group_name.ends_on IS 'Last day of the name, inclusive; null while it lasts.';
COMMENT ON COLUMN sub_group_name.known_from IS 'Since when the row is known as it stands; earlier wordings are in sub_group_name_past.';
CREATE TRIGGER sub_group_name_recorded BEFORE INSERT OR UPDATE ON sub_group_name FOR EACH ROW EXECUTE FUNCTION remember();

CREATE TABLE sub_group_name_past (known_until timestamptz NOT NULL, LIKE sub_group_name);
COMMENT ON TABLE sub_group_name_past IS 'What sub_group_name said before, from known_from until known_until.';
COMMENT ON COLUMN sub_group_name_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX sub_group_name_past_id_idx ON sub_group_name_past (id);
CREATE TRIGGER sub_group_name_past_insert_only BEFORE UPDATE OR DELETE ON sub_group_name_past FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_name_past_insert_only');
CREATE TRIGGER sub_group_name_past_no_truncate BEFORE TRUNCATE ON sub_group_name_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_name_past_insert_only');
CREATE TRIGGER sub_group_name_kept BEFORE DELETE ON sub_group_name FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_name_kept');
CREATE TRIGGER sub_group_name_no_truncate BEFORE TRUNCATE ON sub_group_name FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_name_kept');
GRANT SELECT ON sub_group_name, sub_group_name_past TO portal_app;
GRANT INSERT (sub_group_id, name, starts_on, ends_on) ON sub_group_name TO portal_app;
GRANT UPDATE (ends_on) ON sub_group_name TO portal_app;

CREATE FUNCTION sub_group_name_on(sub_group bigint, on_day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.name FROM public.sub_group_name n WHERE n.sub_group_id = sub_group AND n.during @> on_day
$$;
COMMENT ON FUNCTION sub_group_name_on(bigint, date) IS 'The name that a group had on a day. The first name reaches back and the last one ahead without end.';

CREATE TABLE sub_group_terms (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sub_group_terms_pkey PRIMARY KEY,
    sub_group_id     bigint NOT NULL CONSTRAINT sub_group_terms_sub_group_fkey REFERENCES sub_group,
    file_id          bigint NOT NULL CONSTRAINT sub_group_terms_file_fkey REFERENCES stored_file,
    starts_on        date NOT NULL,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT sub_group_terms_file_key UNIQUE (file_id)
);
COMMENT ON TABLE sub_group_terms IS 'Terms of reference of a group. Those with the latest first day that has come hold, of one day the last added; the others stay readable.';
COMMENT ON COLUMN sub_group_terms.starts_on IS 'First day on which they hold.';
CREATE INDEX sub_group_terms_sub_group_idx ON sub_group_terms (sub_group_id);
CREATE TRIGGER sub_group_terms_recorded BEFORE INSERT OR UPDATE ON sub_group_terms FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER sub_group_terms_insert_only BEFORE UPDATE OR DELETE ON sub_group_terms FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_terms_insert_only');
CREATE TRIGGER sub_group_terms_no_truncate BEFORE TRUNCATE ON sub_group_terms FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_terms_insert_only');
GRANT SELECT, INSERT ON sub_group_terms TO portal_app;

CREATE TABLE sub_group_member (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sub_group_member_pkey PRIMARY KEY,
    sub_group_id     bigint NOT NULL CONSTRAINT sub_group_member_sub_group_fkey REFERENCES sub_group,
    organisation_id  bigint NOT NULL CONSTRAINT sub_group_member_organisation_fkey REFERENCES organisation,
    starts_on        date NOT NULL,
    ends_on          date,
    during           daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on, '[]')) STORED,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT sub_group_member_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT sub_group_member_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000),
    CONSTRAINT sub_group_member_no_overlap EXCLUDE USING gist (sub_group_id WITH =, organisation_id WITH =, during WITH &&) WHERE (retracted_at IS NULL)
);
COMMENT ON TABLE sub_group_member IS 'A body that is a member of a group, from when to when.';
COMMENT ON COLUMN sub_group_member.ends_on IS 'Last day, inclusive; null while it lasts.';
CREATE INDEX sub_group_member_organisation_idx ON sub_group_member (organisation_id);
COMMENT ON COLUMN sub_group_member.known_from IS 'Since when the row is known as it stands; earlier wordings are in sub_group_member_past.';
CREATE TRIGGER sub_group_member_recorded BEFORE INSERT OR UPDATE ON sub_group_member FOR EACH ROW EXECUTE FUNCTION remember();
COMMENT ON COLUMN sub_group_member.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER sub_group_member_is_retracted BEFORE INSERT OR UPDATE ON sub_group_member FOR EACH ROW EXECUTE FUNCTION retraction_guard();

CREATE TABLE sub_group_member_past (known_until timestamptz NOT NULL, LIKE sub_group_member);
COMMENT ON TABLE sub_group_member_past IS 'What sub_group_member said before, from known_from until known_until.';
COMMENT ON COLUMN sub_group_member_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX sub_group_member_past_id_idx ON sub_group_member_past (id);
CREATE TRIGGER sub_group_member_past_insert_only BEFORE UPDATE OR DELETE ON sub_group_member_past FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_member_past_insert_only');
CREATE TRIGGER sub_group_member_past_no_truncate BEFORE TRUNCATE ON sub_group_member_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_member_past_insert_only');
CREATE TRIGGER sub_group_member_kept BEFORE DELETE ON sub_group_member FOR EACH ROW EXECUTE FUNCTION forbid_change('sub_group_member_kept');
CREATE TRIGGER sub_group_member_no_truncate BEFORE TRUNCATE ON sub_group_member FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('sub_group_member_kept');
GRANT SELECT ON sub_group_member, sub_group_member_past TO portal_app;
GRANT INSERT (sub_group_id, organisation_id, starts_on, ends_on) ON sub_group_member TO portal_app;
GRANT UPDATE (ends_on, retracted_reason) ON sub_group_member TO portal_app;

CREATE FUNCTION sub_group_member_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE g sub_group;
BEGIN
    SELECT * INTO g FROM sub_group WHERE id = NEW.sub_group_id FOR SHARE; -- so that the group does not end meanwhile
    IF NEW.retracted_reason IS NULL AND NOT daterange(g.starts_on, g.ends_on, '[]') @> daterange(NEW.starts_on, NEW.ends_on, '[]') THEN
        RAISE EXCEPTION 'a membership lies within the time of the group' USING ERRCODE = '23001', CONSTRAINT = 'sub_group_member_within_group';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION sub_group_member_guard() IS 'Bodies are members of a group while it lasts.';
CREATE TRIGGER sub_group_member_guard BEFORE INSERT OR UPDATE ON sub_group_member FOR EACH ROW EXECUTE FUNCTION sub_group_member_guard();

CREATE TABLE meeting (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT meeting_pkey PRIMARY KEY,
    sub_group_id     bigint NOT NULL CONSTRAINT meeting_sub_group_fkey REFERENCES sub_group,
    meets_on         date NOT NULL,
    place            text NOT NULL CONSTRAINT meeting_place_length CHECK (length(btrim(place)) BETWEEN 1 AND 200),
    state            text NOT NULL DEFAULT 'planned' CONSTRAINT meeting_state_known CHECK (state IN ('planned', 'held', 'cancelled')),
    state_note       text NOT NULL DEFAULT '' CONSTRAINT meeting_state_note_length CHECK (length(state_note) <= 2000),
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT meeting_id_sub_group_key UNIQUE (id, sub_group_id),
    CONSTRAINT meeting_cancelled_with_reason CHECK (state <> 'cancelled' OR btrim(state_note) <> '')
);
COMMENT ON TABLE meeting IS 'A meeting of a group.';
COMMENT ON COLUMN meeting.place IS 'Where, or "Online".';
COMMENT ON COLUMN meeting.state_note IS 'Why it was cancelled, or a remark.';
CREATE INDEX meeting_sub_group_idx ON meeting (sub_group_id, meets_on);
COMMENT ON COLUMN meeting.known_from IS 'Since when the row is known as it stands; earlier wordings are in meeting_past.';
CREATE TRIGGER meeting_recorded BEFORE INSERT OR UPDATE ON meeting FOR EACH ROW EXECUTE FUNCTION remember();

CREATE TABLE meeting_past (known_until timestamptz NOT NULL, LIKE meeting);
COMMENT ON TABLE meeting_past IS 'What meeting said before, from known_from until known_until.';
COMMENT ON COLUMN meeting_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX meeting_past_id_idx ON meeting_past (id);
CREATE TRIGGER meeting_past_insert_only BEFORE UPDATE OR DELETE ON meeting_past FOR EACH ROW EXECUTE FUNCTION forbid_change('meeting_past_insert_only');
CREATE TRIGGER meeting_past_no_truncate BEFORE TRUNCATE ON meeting_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('meeting_past_insert_only');
CREATE TRIGGER meeting_kept BEFORE DELETE ON meeting FOR EACH ROW EXECUTE FUNCTION forbid_change('meeting_kept');
CREATE TRIGGER meeting_no_truncate BEFORE TRUNCATE ON meeting FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('meeting_kept');
GRANT SELECT ON meeting, meeting_past TO portal_app;
GRANT INSERT (sub_group_id, meets_on, place) ON meeting TO portal_app;
GRANT UPDATE (meets_on, place, state, state_note) ON meeting TO portal_app;

CREATE FUNCTION meeting_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE g sub_group;
BEGIN
    SELECT * INTO g FROM sub_group WHERE id = NEW.sub_group_id FOR SHARE;
    IF NEW.state <> 'cancelled' AND NOT daterange(g.starts_on, g.ends_on, '[]') @> NEW.meets_on THEN
        RAISE EXCEPTION 'a meeting lies within the time of the group' USING ERRCODE = '23001', CONSTRAINT = 'meeting_within_group';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.state <> 'planned' THEN
        RAISE EXCEPTION 'a meeting is planned first' USING ERRCODE = '23001', CONSTRAINT = 'meeting_born_planned';
    END IF;
    IF NEW.state = 'held' AND NEW.meets_on > london_day(clock_timestamp()) THEN
        RAISE EXCEPTION 'a meeting that is to come was not held' USING ERRCODE = '23001', CONSTRAINT = 'meeting_held_in_past';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state <> NEW.state AND 'planned' NOT IN (OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'a held meeting was not cancelled, nor the other way round' USING ERRCODE = '23001', CONSTRAINT = 'meeting_moves';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION meeting_guard() IS 'A meeting lies within the time of its group, is planned first, and was not held before its day.';
CREATE TRIGGER meeting_guard BEFORE INSERT OR UPDATE ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_guard();

CREATE FUNCTION sub_group_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM sub_group_member m WHERE m.sub_group_id = NEW.id AND m.retracted_at IS NULL
               AND NOT daterange(NEW.starts_on, NEW.ends_on, '[]') @> m.during)
       OR EXISTS (SELECT FROM meeting m WHERE m.sub_group_id = NEW.id AND m.state <> 'cancelled' AND m.meets_on > NEW.ends_on) THEN
        RAISE EXCEPTION 'the group has members or meetings after that day' USING ERRCODE = '23001', CONSTRAINT = 'sub_group_ends_after_all';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION sub_group_guard() IS 'A group ends when its memberships and meetings have ended.';
CREATE TRIGGER sub_group_guard BEFORE UPDATE ON sub_group FOR EACH ROW EXECUTE FUNCTION sub_group_guard();

CREATE TABLE meeting_file (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT meeting_file_pkey PRIMARY KEY,
    meeting_id       bigint NOT NULL CONSTRAINT meeting_file_meeting_fkey REFERENCES meeting,
    kind             text NOT NULL CONSTRAINT meeting_file_kind_known CHECK (kind IN ('paper', 'minutes')),
    file_id          bigint NOT NULL CONSTRAINT meeting_file_file_fkey REFERENCES stored_file,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT meeting_file_file_key UNIQUE (file_id)
);
COMMENT ON TABLE meeting_file IS 'A paper or the minutes of a meeting. Corrected minutes are added beside the earlier ones.';
CREATE INDEX meeting_file_meeting_idx ON meeting_file (meeting_id);
CREATE TRIGGER meeting_file_recorded BEFORE INSERT OR UPDATE ON meeting_file FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER meeting_file_insert_only BEFORE UPDATE OR DELETE ON meeting_file FOR EACH ROW EXECUTE FUNCTION forbid_change('meeting_file_insert_only');
CREATE TRIGGER meeting_file_no_truncate BEFORE TRUNCATE ON meeting_file FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('meeting_file_insert_only');
GRANT SELECT, INSERT ON meeting_file TO portal_app;

CREATE TABLE meeting_file_withdrawal (
    meeting_file_id  bigint CONSTRAINT meeting_file_withdrawal_pkey PRIMARY KEY CONSTRAINT meeting_file_withdrawal_file_fkey REFERENCES meeting_file,
    reason           text NOT NULL CONSTRAINT meeting_file_withdrawal_reason_length CHECK (length(btrim(reason)) BETWEEN 1 AND 2000),
    withdrawn_by     bigint CONSTRAINT meeting_file_withdrawal_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE meeting_file_withdrawal IS 'A file that should not have been added: from then on only those who keep the groups can open it.';
COMMENT ON COLUMN meeting_file_withdrawal.recorded_at IS 'When it was withdrawn.';
CREATE TRIGGER meeting_file_withdrawal_recorded BEFORE INSERT OR UPDATE ON meeting_file_withdrawal FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER meeting_file_withdrawal_insert_only BEFORE UPDATE OR DELETE ON meeting_file_withdrawal FOR EACH ROW EXECUTE FUNCTION forbid_change('meeting_file_withdrawal_insert_only');
CREATE TRIGGER meeting_file_withdrawal_no_truncate BEFORE TRUNCATE ON meeting_file_withdrawal FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('meeting_file_withdrawal_insert_only');
GRANT SELECT, INSERT ON meeting_file_withdrawal TO portal_app;

CREATE TABLE meeting_attendance (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT meeting_attendance_pkey PRIMARY KEY,
    meeting_id       bigint NOT NULL CONSTRAINT meeting_attendance_meeting_fkey REFERENCES meeting,
    organisation_id  bigint NOT NULL CONSTRAINT meeting_attendance_organisation_fkey REFERENCES organisation,
    post_title       text NOT NULL CONSTRAINT meeting_attendance_post_title_length CHECK (length(btrim(post_title)) BETWEEN 1 AND 200),
    presence         text NOT NULL CONSTRAINT meeting_attendance_presence_known CHECK (presence IN ('present', 'apologies', 'absent')),
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    retracted_at     timestamptz,
    retracted_reason text,
    CONSTRAINT meeting_attendance_retracted_whole CHECK ((retracted_at IS NULL) = (retracted_reason IS NULL)),
    CONSTRAINT meeting_attendance_retracted_with_reason CHECK (length(btrim(retracted_reason)) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE meeting_attendance IS 'Who was at a meeting: posts and their bodies, never persons.';
CREATE UNIQUE INDEX meeting_attendance_once ON meeting_attendance (meeting_id, organisation_id, lower(post_title)) WHERE retracted_at IS NULL;
CREATE INDEX meeting_attendance_organisation_idx ON meeting_attendance (organisation_id);
COMMENT ON COLUMN meeting_attendance.known_from IS 'Since when the row is known as it stands; earlier wordings are in meeting_attendance_past.';
CREATE TRIGGER meeting_attendance_recorded BEFORE INSERT OR UPDATE ON meeting_attendance FOR EACH ROW EXECUTE FUNCTION remember();
COMMENT ON COLUMN meeting_attendance.retracted_at IS 'When the row was found to be entered in error; from then on it counts for nothing.';
CREATE TRIGGER meeting_attendance_is_retracted BEFORE INSERT OR UPDATE ON meeting_attendance FOR EACH ROW EXECUTE FUNCTION retraction_guard();

CREATE TABLE meeting_attendance_past (known_until timestamptz NOT NULL, LIKE meeting_attendance);
COMMENT ON TABLE meeting_attendance_past IS 'What meeting_attendance said before, from known_from until known_until.';
COMMENT ON COLUMN meeting_attendance_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX meeting_attendance_past_id_idx ON meeting_attendance_past (id);
CREATE TRIGGER meeting_attendance_past_insert_only BEFORE UPDATE OR DELETE ON meeting_attendance_past FOR EACH ROW EXECUTE FUNCTION forbid_change('meeting_attendance_past_insert_only');
CREATE TRIGGER meeting_attendance_past_no_truncate BEFORE TRUNCATE ON meeting_attendance_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('meeting_attendance_past_insert_only');
CREATE TRIGGER meeting_attendance_kept BEFORE DELETE ON meeting_attendance FOR EACH ROW EXECUTE FUNCTION forbid_change('meeting_attendance_kept');
CREATE TRIGGER meeting_attendance_no_truncate BEFORE TRUNCATE ON meeting_attendance FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('meeting_attendance_kept');
GRANT SELECT ON meeting_attendance, meeting_attendance_past TO portal_app;
GRANT INSERT (meeting_id, organisation_id, post_title, presence) ON meeting_attendance TO portal_app;
GRANT UPDATE (presence, retracted_reason) ON meeting_attendance TO portal_app;

CREATE TABLE action (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT action_pkey PRIMARY KEY,
    sub_group_id     bigint NOT NULL CONSTRAINT action_sub_group_fkey REFERENCES sub_group,
    number           integer NOT NULL CONSTRAINT action_number_positive CHECK (number > 0),
    meeting_id       bigint,
    what             text NOT NULL CONSTRAINT action_what_length CHECK (length(btrim(what)) BETWEEN 1 AND 2000),
    owner_id         bigint NOT NULL CONSTRAINT action_owner_fkey REFERENCES organisation,
    due_on           date NOT NULL,
    state            text NOT NULL DEFAULT 'open' CONSTRAINT action_state_known CHECK (state IN ('open', 'done', 'dropped')),
    closed_on        date,
    closing_note     text NOT NULL DEFAULT '' CONSTRAINT action_closing_note_length CHECK (length(closing_note) <= 2000),
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_from       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT action_number_key UNIQUE (sub_group_id, number),
    CONSTRAINT action_meeting_of_group_fkey FOREIGN KEY (meeting_id, sub_group_id) REFERENCES meeting (id, sub_group_id),
    CONSTRAINT action_closed_whole CHECK (CASE state WHEN 'open' THEN closed_on IS NULL AND closing_note = ''
                                          ELSE closed_on IS NOT NULL AND btrim(closing_note) <> '' END)
);
COMMENT ON TABLE action IS 'What a group asked a body to do. Overdue is an open one whose due day is past.';
COMMENT ON COLUMN action.number IS 'Within the group, from 1.';
COMMENT ON COLUMN action.meeting_id IS 'Meeting at which it was raised, if at one.';
COMMENT ON COLUMN action.closed_on IS 'Day on which it was done or dropped; set by the database.';
CREATE INDEX action_owner_idx ON action (owner_id) WHERE state = 'open';
CREATE INDEX action_meeting_idx ON action (meeting_id);
COMMENT ON COLUMN action.known_from IS 'Since when the row is known as it stands; earlier wordings are in action_past.';
CREATE TRIGGER action_recorded BEFORE INSERT OR UPDATE ON action FOR EACH ROW EXECUTE FUNCTION remember();

CREATE TABLE action_past (known_until timestamptz NOT NULL, LIKE action);
COMMENT ON TABLE action_past IS 'What action said before, from known_from until known_until.';
COMMENT ON COLUMN action_past.known_until IS 'When another wording, or a retraction, took its place.';
CREATE INDEX action_past_id_idx ON action_past (id);
CREATE TRIGGER action_past_insert_only BEFORE UPDATE OR DELETE ON action_past FOR EACH ROW EXECUTE FUNCTION forbid_change('action_past_insert_only');
CREATE TRIGGER action_past_no_truncate BEFORE TRUNCATE ON action_past FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('action_past_insert_only');
CREATE TRIGGER action_kept BEFORE DELETE ON action FOR EACH ROW EXECUTE FUNCTION forbid_change('action_kept');
CREATE TRIGGER action_no_truncate BEFORE TRUNCATE ON action FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('action_kept');
GRANT SELECT ON action, action_past TO portal_app;
GRANT INSERT (sub_group_id, number, meeting_id, what, owner_id, due_on) ON action TO portal_app;
GRANT UPDATE (what, owner_id, due_on, state, closing_note) ON action TO portal_app;

CREATE FUNCTION action_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'open' THEN
            RAISE EXCEPTION 'an action begins open' USING ERRCODE = '23001', CONSTRAINT = 'action_born_open';
        END IF;
        RETURN NEW;
    END IF;
    IF 'open' NOT IN (OLD.state, NEW.state) AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'a closed action is opened again before it changes' USING ERRCODE = '23001', CONSTRAINT = 'action_closed_final';
    END IF;
    IF NEW.state <> OLD.state THEN
        NEW.closed_on := CASE WHEN NEW.state <> 'open' THEN london_day(clock_timestamp()) END;
        NEW.closing_note := CASE WHEN NEW.state <> 'open' THEN NEW.closing_note ELSE '' END;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION action_guard() IS 'Actions begin open; the database says on which day one was closed; a closed one changes only by being opened again.';
CREATE TRIGGER action_guard BEFORE INSERT OR UPDATE ON action FOR EACH ROW EXECUTE FUNCTION action_guard();

CREATE TABLE action_step (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT action_step_pkey PRIMARY KEY,
    action_id        bigint NOT NULL CONSTRAINT action_step_action_fkey REFERENCES action,
    kind             text NOT NULL CONSTRAINT action_step_kind_known CHECK (kind IN ('raised', 'progress', 'changed', 'done', 'dropped', 'reopened')),
    note             text NOT NULL DEFAULT '' CONSTRAINT action_step_note_length CHECK (length(note) <= 2000),
    organisation_id  bigint CONSTRAINT action_step_organisation_fkey REFERENCES organisation,
    account_id       bigint CONSTRAINT action_step_account_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT action_step_note_given CHECK (kind IN ('raised', 'changed') OR btrim(note) <> '')
);
COMMENT ON TABLE action_step IS 'What became of an action: progress that was reported, and each change of its state.';
COMMENT ON COLUMN action_step.organisation_id IS 'Body for which it was reported; null for business support.';
CREATE INDEX action_step_action_idx ON action_step (action_id);
CREATE TRIGGER action_step_recorded BEFORE INSERT OR UPDATE ON action_step FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER action_step_insert_only BEFORE UPDATE OR DELETE ON action_step FOR EACH ROW EXECUTE FUNCTION forbid_change('action_step_insert_only');
CREATE TRIGGER action_step_no_truncate BEFORE TRUNCATE ON action_step FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('action_step_insert_only');
GRANT SELECT, INSERT ON action_step TO portal_app;

-- What anybody may read: groups, their names, terms of reference and member bodies; no meetings, actions or persons.
CREATE VIEW published.sub_group AS
    SELECT g.id, g.slug, g.purpose, coalesce(p.title, g.chair_title) AS chair, g.rhythm, g.starts_on, g.ends_on, g.is_demonstration
    FROM public.sub_group g LEFT JOIN public.post p ON p.id = g.chair_post_id AND p.retracted_at IS NULL;
COMMENT ON VIEW published.sub_group IS 'The groups of the partnership.';
CREATE VIEW published.sub_group_name AS SELECT sub_group_id, name, starts_on, ends_on, during FROM public.sub_group_name;
COMMENT ON VIEW published.sub_group_name IS 'Their names from day to day.';
CREATE VIEW published.sub_group_member AS
    SELECT sub_group_id, organisation_id, starts_on, ends_on, during FROM public.sub_group_member WHERE retracted_at IS NULL;
COMMENT ON VIEW published.sub_group_member IS 'Their member bodies, from when to when.';
CREATE VIEW published.sub_group_terms AS SELECT id, sub_group_id, file_id, starts_on FROM public.sub_group_terms;
COMMENT ON VIEW published.sub_group_terms IS 'Their terms of reference.';
CREATE VIEW published.stored_file AS
    SELECT f.id, f.title, f.language, f.name, c.media_type, c.size, c.digest, f.recorded_at AS added_at
    FROM public.stored_file f JOIN public.file_content c USING (digest)
    WHERE EXISTS (SELECT FROM public.sub_group_terms t WHERE t.file_id = f.id);
COMMENT ON VIEW published.stored_file IS 'Files that anybody may read, without who added them.';
CREATE VIEW published.file_chunk AS
    SELECT k.digest, k.number, k.body FROM public.file_chunk k
    WHERE EXISTS (SELECT FROM public.stored_file f JOIN public.sub_group_terms t ON t.file_id = f.id WHERE f.digest = k.digest);
COMMENT ON VIEW published.file_chunk IS 'The pieces of what is in those files.';
CREATE INDEX stored_file_digest_idx ON stored_file (digest);
CREATE TRIGGER sub_group_published_changed AFTER INSERT OR UPDATE OR DELETE ON sub_group FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER sub_group_name_published_changed AFTER INSERT OR UPDATE OR DELETE ON sub_group_name FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER sub_group_member_published_changed AFTER INSERT OR UPDATE OR DELETE ON sub_group_member FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER sub_group_terms_published_changed AFTER INSERT OR UPDATE OR DELETE ON sub_group_terms FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER stored_file_published_changed AFTER INSERT OR UPDATE OR DELETE ON stored_file FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER file_content_published_changed AFTER INSERT OR UPDATE OR DELETE ON file_content FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER file_chunk_published_changed AFTER INSERT OR UPDATE OR DELETE ON file_chunk FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
GRANT SELECT ON ALL TABLES IN SCHEMA published TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
