BEGIN;

-- Sign-off: a round puts one frozen text to a list of seats fixed at its opening; every seat has at most one act, and
-- an act is final. Lock order everywhere: the round first, then the paper.

CREATE TABLE round (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT round_pkey PRIMARY KEY,
    paper_kind  text NOT NULL CONSTRAINT round_paper_kind_known CHECK (paper_kind IN ('version')),
    paper_id    bigint NOT NULL,
    number      integer NOT NULL CONSTRAINT round_number_positive CHECK (number > 0),
    origin      text NOT NULL CONSTRAINT round_origin_known CHECK (origin IN ('portal', 'recorded')),
    content     bytea NOT NULL CONSTRAINT round_content_size CHECK (length(content) BETWEEN 2 AND 16777216),
    digest      bytea NOT NULL GENERATED ALWAYS AS (sha256(content)) STORED,
    seats_on    date NOT NULL,
    due_on      date,
    opened_by   bigint CONSTRAINT round_opened_by_fkey REFERENCES account,
    opened_at   timestamptz NOT NULL,
    outcome     text NOT NULL DEFAULT 'open' CONSTRAINT round_outcome_known CHECK (outcome IN ('open', 'complete', 'declined', 'recalled')),
    ended_at    timestamptz,
    end_reason  text NOT NULL DEFAULT '' CONSTRAINT round_end_reason_length CHECK (length(end_reason) <= 4000),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT round_paper_number_key UNIQUE (paper_kind, paper_id, number),
    CONSTRAINT round_id_digest_key UNIQUE (id, digest),
    CONSTRAINT round_ended_whole CHECK ((outcome = 'open') = (ended_at IS NULL)),
    CONSTRAINT round_recalled_with_reason CHECK (outcome <> 'recalled' OR btrim(end_reason) <> '')
);
COMMENT ON TABLE round IS 'One text put to the safeguarding partners. Its bytes and its seats are fixed at opening.';
COMMENT ON COLUMN round.paper_id IS 'The paper: of kind version, an identifier of version.';
COMMENT ON COLUMN round.origin IS 'portal, or recorded: a sign-off that was made elsewhere and is only written down here.';
COMMENT ON COLUMN round.content IS 'The exact bytes that are signed. Nothing is ever serialised again to check the digest.';
COMMENT ON COLUMN round.digest IS 'SHA-256 of content.';
COMMENT ON COLUMN round.seats_on IS 'The London day whose safeguarding partners have the seats: the day of opening, or for a recorded round the day stated.';
COMMENT ON COLUMN round.due_on IS 'When answers are hoped for. Advisory: nothing lapses by itself.';
CREATE UNIQUE INDEX round_one_open ON round (paper_kind, paper_id) WHERE outcome = 'open';
CREATE TRIGGER round_recorded BEFORE INSERT OR UPDATE ON round FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();

CREATE TABLE seat (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT seat_pkey PRIMARY KEY,
    round_id    bigint NOT NULL CONSTRAINT seat_round_fkey REFERENCES round,
    partner_id  bigint NOT NULL CONSTRAINT seat_partner_fkey REFERENCES safeguarding_partner,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT seat_round_partner_key UNIQUE (round_id, partner_id),
    CONSTRAINT seat_id_round_partner_key UNIQUE (id, round_id, partner_id)
);
COMMENT ON TABLE seat IS 'A safeguarding partner''s place in a round. The database fills the seats at opening; nobody else can.';
CREATE TRIGGER seat_recorded BEFORE INSERT OR UPDATE ON seat FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER seat_insert_only BEFORE UPDATE OR DELETE ON seat FOR EACH ROW EXECUTE FUNCTION forbid_change('seat_insert_only');
CREATE TRIGGER seat_no_truncate BEFORE TRUNCATE ON seat FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('seat_insert_only');

CREATE TABLE round_set_aside (
    round_id    bigint CONSTRAINT round_set_aside_pkey PRIMARY KEY CONSTRAINT round_set_aside_round_fkey REFERENCES round,
    reason      text NOT NULL CONSTRAINT round_set_aside_reason_length CHECK (length(btrim(reason)) BETWEEN 1 AND 4000),
    set_by      bigint NOT NULL CONSTRAINT round_set_aside_set_by_fkey REFERENCES account,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE round_set_aside IS 'A complete round that is not to be published. A new round is then needed.';
CREATE TRIGGER round_set_aside_recorded BEFORE INSERT OR UPDATE ON round_set_aside FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER round_set_aside_insert_only BEFORE UPDATE OR DELETE ON round_set_aside FOR EACH ROW EXECUTE FUNCTION forbid_change('round_set_aside_insert_only');
CREATE TRIGGER round_set_aside_no_truncate BEFORE TRUNCATE ON round_set_aside FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('round_set_aside_insert_only');

CREATE TABLE statement (
    id             uuid CONSTRAINT statement_pkey PRIMARY KEY,
    round_id       bigint NOT NULL,
    seat_id        bigint NOT NULL,
    partner_id     bigint NOT NULL,
    digest         bytea NOT NULL,
    account_id     bigint NOT NULL,
    appointment_id bigint NOT NULL,
    kind           text NOT NULL CONSTRAINT statement_kind_known CHECK (kind IN ('sign', 'decline')),
    reason         text NOT NULL DEFAULT '' CONSTRAINT statement_reason_length CHECK (length(reason) <= 4000),
    body           bytea NOT NULL CONSTRAINT statement_body_size CHECK (length(body) BETWEEN 2 AND 65536),
    body_digest    bytea NOT NULL GENERATED ALWAYS AS (sha256(body)) STORED,
    officer_name   text NOT NULL,
    officer_salt   bytea NOT NULL CONSTRAINT statement_officer_salt_size CHECK (length(officer_salt) = 32),
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT statement_id_seat_key UNIQUE (id, round_id, seat_id, digest, account_id, appointment_id, kind),
    CONSTRAINT statement_round_digest_fkey FOREIGN KEY (round_id, digest) REFERENCES round (id, digest),
    CONSTRAINT statement_seat_fkey FOREIGN KEY (seat_id, round_id, partner_id) REFERENCES seat (id, round_id, partner_id),
    CONSTRAINT statement_appointment_fkey FOREIGN KEY (appointment_id, account_id, partner_id) REFERENCES appointment (id, account_id, partner_id),
    CONSTRAINT statement_decline_with_reason CHECK ((kind = 'decline') = (btrim(reason) <> '')),
    CONSTRAINT statement_ten_minutes CHECK (expires_at > issued_at AND expires_at <= issued_at + interval '10 minutes'),
    CONSTRAINT statement_not_issued_ahead CHECK (issued_at <= recorded_at + interval '1 minute'),
    CONSTRAINT statement_says_what_it_is CHECK (coalesce(
        convert_from(body, 'UTF8')::jsonb @> jsonb_build_object('digest', 'sha256:' || encode(digest, 'hex'), 'act', kind), false))
);
COMMENT ON TABLE statement IS 'What an officer is about to declare, word for word, issued for ten minutes. An act makes it final.';
COMMENT ON COLUMN statement.body IS 'The exact bytes of the statement (signoff-statement/1).';
COMMENT ON COLUMN statement.body_digest IS 'SHA-256 of body: what a passkey signs.';
COMMENT ON COLUMN statement.officer_name IS 'Name in clear; the statement itself holds only its salted digest.';
COMMENT ON COLUMN statement.officer_salt IS 'Salt of that digest.';
CREATE TRIGGER statement_recorded BEFORE INSERT OR UPDATE ON statement FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER statement_insert_only BEFORE UPDATE OR DELETE ON statement FOR EACH ROW EXECUTE FUNCTION forbid_change('statement_insert_only');
CREATE TRIGGER statement_no_truncate BEFORE TRUNCATE ON statement FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('statement_insert_only');

CREATE TABLE evidence_file (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT evidence_file_pkey PRIMARY KEY,
    name        text NOT NULL CONSTRAINT evidence_file_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    media_type  text NOT NULL CONSTRAINT evidence_file_media_type_allowed CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
    body        bytea NOT NULL CONSTRAINT evidence_file_size CHECK (length(body) BETWEEN 1 AND 10485760),
    digest      bytea NOT NULL GENERATED ALWAYS AS (sha256(body)) STORED,
    added_by    bigint NOT NULL CONSTRAINT evidence_file_added_by_fkey REFERENCES account,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE evidence_file IS 'A file that shows a sign-off made elsewhere: a scan, a letter, minutes.';
COMMENT ON COLUMN evidence_file.digest IS 'SHA-256 of body.';
CREATE TRIGGER evidence_file_recorded BEFORE INSERT OR UPDATE ON evidence_file FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER evidence_file_insert_only BEFORE UPDATE OR DELETE ON evidence_file FOR EACH ROW EXECUTE FUNCTION forbid_change('evidence_file_insert_only');
CREATE TRIGGER evidence_file_no_truncate BEFORE TRUNCATE ON evidence_file FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('evidence_file_insert_only');

CREATE TABLE act (
    id                bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT act_pkey PRIMARY KEY,
    round_id          bigint NOT NULL,
    seat_id           bigint NOT NULL,
    partner_id        bigint NOT NULL,
    digest            bytea NOT NULL,
    kind              text NOT NULL CONSTRAINT act_kind_known CHECK (kind IN ('sign', 'decline')),
    method            text NOT NULL CONSTRAINT act_method_known CHECK (method IN ('passkey', 'password+totp', 'password', 'recorded')),
    statement_id      uuid,
    assertion         bytea,
    account_id        bigint,
    appointment_id    bigint,
    office            text NOT NULL CONSTRAINT act_office_length CHECK (length(btrim(office)) BETWEEN 1 AND 200),
    capacity          text NOT NULL CONSTRAINT act_capacity_known CHECK (capacity IN ('lead', 'delegate')),
    acting_for        text NOT NULL DEFAULT '',
    organisation_name text NOT NULL,
    officer_name      text NOT NULL DEFAULT '' CONSTRAINT act_officer_name_length CHECK (length(officer_name) <= 200),
    reason            text NOT NULL DEFAULT '',
    at                timestamptz NOT NULL,
    signed_on         date NOT NULL,
    signed_precision  text NOT NULL DEFAULT 'day' CONSTRAINT act_signed_precision_known CHECK (signed_precision IN ('day', 'month', 'year', 'not before')),
    source            text NOT NULL DEFAULT '' CONSTRAINT act_source_length CHECK (length(source) <= 2000),
    evidence_file_id  bigint CONSTRAINT act_evidence_file_fkey REFERENCES evidence_file,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT act_one_per_seat UNIQUE (round_id, seat_id),
    CONSTRAINT act_one_seat_per_person UNIQUE (round_id, account_id),
    CONSTRAINT act_statement_key UNIQUE (statement_id),
    CONSTRAINT act_round_digest_fkey FOREIGN KEY (round_id, digest) REFERENCES round (id, digest),
    CONSTRAINT act_seat_fkey FOREIGN KEY (seat_id, round_id, partner_id) REFERENCES seat (id, round_id, partner_id),
    CONSTRAINT act_appointment_fkey FOREIGN KEY (appointment_id, account_id, partner_id) REFERENCES appointment (id, account_id, partner_id),
    CONSTRAINT act_statement_fkey FOREIGN KEY (statement_id, round_id, seat_id, digest, account_id, appointment_id, kind)
        REFERENCES statement (id, round_id, seat_id, digest, account_id, appointment_id, kind),
    CONSTRAINT act_made_here_or_recorded CHECK (
        CASE WHEN method = 'recorded'
             THEN num_nonnulls(statement_id, assertion, account_id, appointment_id) = 0 AND kind = 'sign'
                  AND (btrim(source) <> '' OR evidence_file_id IS NOT NULL)
             ELSE num_nulls(statement_id, account_id, appointment_id) = 0 AND source = '' AND evidence_file_id IS NULL AND signed_precision = 'day'
        END),
    CONSTRAINT act_assertion_with_passkey CHECK ((assertion IS NOT NULL) = (method = 'passkey')),
    CONSTRAINT act_decline_with_reason CHECK ((kind = 'decline') = (btrim(reason) <> '')),
    CONSTRAINT act_delegate_acts_for CHECK ((capacity = 'delegate') = (btrim(acting_for) <> ''))
);
COMMENT ON TABLE act IS 'What a seat did in a round: sign or decline. Final: there is no second act and no taking back.';
COMMENT ON COLUMN act.digest IS 'SHA-256 of the bytes acted on; a foreign key makes them those of the round.';
COMMENT ON COLUMN act.method IS 'How the person was proved; recorded for a sign-off made elsewhere.';
COMMENT ON COLUMN act.assertion IS 'The passkey''s answer, with that method only.';
COMMENT ON COLUMN act.office IS 'Office title on the day, taken from the appointment by the database.';
COMMENT ON COLUMN act.acting_for IS 'For a delegate: the office for which they acted.';
COMMENT ON COLUMN act.organisation_name IS 'Name that the body had on the day, filled in by the database.';
COMMENT ON COLUMN act.officer_name IS 'Name of the officer, if known; shown to the public only if the partner publishes it.';
COMMENT ON COLUMN act.reason IS 'Why it was declined: for seats, offices, business support and the scrutineer, never the public.';
COMMENT ON COLUMN act.at IS 'When it was done here (for a recorded sign-off: entered), by the clock of the database.';
COMMENT ON COLUMN act.signed_on IS 'Civil day of the sign-off, as precise as signed_precision says.';
COMMENT ON COLUMN act.source IS 'For a recorded sign-off: where it can be read.';
CREATE TRIGGER act_recorded BEFORE INSERT OR UPDATE ON act FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER act_insert_only BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION forbid_change('act_insert_only');
CREATE TRIGGER act_no_truncate BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('act_insert_only');
CREATE INDEX act_appointment_idx ON act (appointment_id);

CREATE TABLE recorded_confirmation (
    round_id     bigint CONSTRAINT recorded_confirmation_pkey PRIMARY KEY CONSTRAINT recorded_confirmation_round_fkey REFERENCES round,
    confirmed_by bigint NOT NULL CONSTRAINT recorded_confirmation_confirmed_by_fkey REFERENCES account,
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE recorded_confirmation IS 'The second person who checked sign-offs made elsewhere against their evidence.';
CREATE TRIGGER recorded_confirmation_recorded BEFORE INSERT OR UPDATE ON recorded_confirmation FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER recorded_confirmation_insert_only BEFORE UPDATE OR DELETE ON recorded_confirmation FOR EACH ROW EXECUTE FUNCTION forbid_change('recorded_confirmation_insert_only');
CREATE TRIGGER recorded_confirmation_no_truncate BEFORE TRUNCATE ON recorded_confirmation FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('recorded_confirmation_insert_only');

CREATE TABLE remark (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT remark_pkey PRIMARY KEY,
    round_id    bigint NOT NULL CONSTRAINT remark_round_fkey REFERENCES round,
    partner_id  bigint NOT NULL CONSTRAINT remark_partner_fkey REFERENCES safeguarding_partner,
    account_id  bigint NOT NULL CONSTRAINT remark_account_fkey REFERENCES account,
    kind        text NOT NULL CONSTRAINT remark_kind_known CHECK (kind IN ('question', 'requested change')),
    body        text NOT NULL CONSTRAINT remark_body_length CHECK (length(btrim(body)) BETWEEN 1 AND 4000),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE remark IS 'A question or a requested change put on an open round. It does not end the round.';
CREATE INDEX remark_round_idx ON remark (round_id);
CREATE TRIGGER remark_recorded BEFORE INSERT OR UPDATE ON remark FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER remark_insert_only BEFORE UPDATE OR DELETE ON remark FOR EACH ROW EXECUTE FUNCTION forbid_change('remark_insert_only');
CREATE TRIGGER remark_no_truncate BEFORE TRUNCATE ON remark FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('remark_insert_only');

CREATE TABLE remark_answer (
    remark_id   bigint CONSTRAINT remark_answer_pkey PRIMARY KEY CONSTRAINT remark_answer_remark_fkey REFERENCES remark,
    account_id  bigint NOT NULL CONSTRAINT remark_answer_account_fkey REFERENCES account,
    body        text NOT NULL CONSTRAINT remark_answer_body_length CHECK (length(btrim(body)) BETWEEN 1 AND 4000),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE remark_answer IS 'Business support''s answer to a remark.';
CREATE TRIGGER remark_answer_recorded BEFORE INSERT OR UPDATE ON remark_answer FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER remark_answer_insert_only BEFORE UPDATE OR DELETE ON remark_answer FOR EACH ROW EXECUTE FUNCTION forbid_change('remark_answer_insert_only');
CREATE TRIGGER remark_answer_no_truncate BEFORE TRUNCATE ON remark_answer FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('remark_answer_insert_only');

-- A version has a live round while one is open, or complete and not set aside.
CREATE FUNCTION version_has_live_round(version bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM round r WHERE r.paper_kind = 'version' AND r.paper_id = version
        AND (r.outcome = 'open' OR (r.outcome = 'complete' AND NOT EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id))))
$$;
COMMENT ON FUNCTION version_has_live_round(bigint) IS 'Whether the text of a version is frozen by a round.';

CREATE FUNCTION round_opens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version; frozen jsonb;
BEGIN
    SELECT * INTO v FROM version WHERE id = NEW.paper_id FOR UPDATE;
    IF NOT FOUND OR v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'there is no such draft' USING ERRCODE = '23001', CONSTRAINT = 'round_of_a_draft';
    END IF;
    IF version_has_live_round(v.id) THEN
        RAISE EXCEPTION 'the version has a live round' USING ERRCODE = '23001', CONSTRAINT = 'round_one_live';
    END IF;
    frozen := convert_from(NEW.content, 'UTF8')::jsonb;
    IF v.effective_from IS NULL OR frozen->>'effectiveFrom' IS DISTINCT FROM v.effective_from::text
       OR (frozen->>'number')::int IS DISTINCT FROM v.number OR frozen->>'title' IS DISTINCT FROM v.title THEN
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
COMMENT ON FUNCTION round_opens() IS 'A round opens on a draft without a live round, with its text and its day.';
CREATE TRIGGER round_opens BEFORE INSERT ON round FOR EACH ROW EXECUTE FUNCTION round_opens();

CREATE FUNCTION round_fill_seats() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
COMMENT ON FUNCTION round_fill_seats() IS 'Seats: the safeguarding partners of the document''s areas on the day, of the kinds that sign such a document.';
CREATE TRIGGER round_fill_seats AFTER INSERT ON round FOR EACH ROW EXECUTE FUNCTION round_fill_seats();

CREATE FUNCTION round_is_done(round bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE r.origin WHEN 'recorded' THEN EXISTS (SELECT FROM recorded_confirmation c WHERE c.round_id = r.id)
        ELSE EXISTS (SELECT FROM act a WHERE a.round_id = r.id AND a.kind = 'decline')
             OR NOT EXISTS (SELECT FROM seat s WHERE s.round_id = r.id AND NOT EXISTS (SELECT FROM act a WHERE a.seat_id = s.id))
        END FROM round r WHERE r.id = round
$$;
COMMENT ON FUNCTION round_is_done(bigint) IS 'Whether what was done in a round has decided its outcome: a decline, the last signature, or the word of a second person.';

CREATE FUNCTION round_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE allowed boolean;
BEGIN
    IF OLD.outcome <> 'open' OR NEW.outcome = 'open' OR (to_jsonb(NEW) - '{outcome,ended_at,end_reason,digest}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{outcome,ended_at,end_reason,digest}'::text[]) THEN -- digest: generated only after this trigger
        RAISE EXCEPTION 'a round ends once' USING ERRCODE = '23001', CONSTRAINT = 'round_ends_once';
    END IF;
    allowed := CASE NEW.outcome
        WHEN 'complete' THEN NOT EXISTS (SELECT FROM seat s WHERE s.round_id = NEW.id
                AND NOT EXISTS (SELECT FROM act a WHERE a.seat_id = s.id AND a.kind = 'sign'))
            AND (NEW.origin = 'portal' OR EXISTS (SELECT FROM recorded_confirmation c WHERE c.round_id = NEW.id))
        WHEN 'declined' THEN EXISTS (SELECT FROM act a WHERE a.round_id = NEW.id AND a.kind = 'decline')
        ELSE NOT round_is_done(NEW.id)
    END;
    IF NOT allowed THEN
        RAISE EXCEPTION 'the acts do not make the round %', NEW.outcome USING ERRCODE = '23001', CONSTRAINT = 'round_outcome_from_acts';
    END IF;
    NEW.ended_at := clock_timestamp();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION round_ends() IS 'A round ends once, from open, and its outcome follows from the acts.';
CREATE TRIGGER round_ends BEFORE UPDATE ON round FOR EACH ROW EXECUTE FUNCTION round_ends();

CREATE FUNCTION act_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
       OR NOT (a.papers = '{}' OR (SELECT d.kind FROM document d JOIN version v ON v.document_id = d.id WHERE v.id = r.paper_id) = ANY (a.papers)) THEN
        RAISE EXCEPTION 'the appointment gives no authority for this today' USING ERRCODE = '23001', CONSTRAINT = 'act_appointment_of_today';
    END IF;
    SELECT * INTO s FROM statement WHERE id = NEW.statement_id;
    IF NOT FOUND OR s.expires_at < NEW.at THEN
        RAISE EXCEPTION 'the statement has expired' USING ERRCODE = '23001', CONSTRAINT = 'act_statement_fresh';
    END IF;
    NEW.signed_on := today;
    NEW.office := a.office;
    NEW.capacity := a.capacity;
    NEW.acting_for := a.acting_for;
    NEW.officer_name := s.officer_name;
    NEW.reason := s.reason;
    NEW.organisation_name := organisation_name_on(p.organisation_id, today);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION act_guard() IS 'An act stands only on an open round, by an officer with authority today, on a fresh statement; the database fills in time and names.';
CREATE TRIGGER act_guard BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION act_guard();

-- At commit no round is left open that its acts have ended: completion can't be forgotten.
CREATE FUNCTION round_not_stuck() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM round r WHERE r.id = NEW.round_id AND r.outcome = 'open') AND round_is_done(NEW.round_id) THEN
        RAISE EXCEPTION 'the last act must end the round' USING ERRCODE = '23001', CONSTRAINT = 'round_not_stuck';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION round_not_stuck() IS 'Refuses a commit that leaves a round open although its outcome is decided.';
CREATE CONSTRAINT TRIGGER round_not_stuck AFTER INSERT ON act DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION round_not_stuck();
CREATE CONSTRAINT TRIGGER recorded_confirmation_not_stuck AFTER INSERT ON recorded_confirmation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION round_not_stuck();

CREATE FUNCTION recorded_confirmation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round;
BEGIN
    SELECT * INTO r FROM round WHERE id = NEW.round_id FOR UPDATE;
    IF NOT FOUND OR r.origin <> 'recorded' OR r.outcome <> 'open' THEN
        RAISE EXCEPTION 'there is no such recorded round open' USING ERRCODE = '23001', CONSTRAINT = 'recorded_confirmation_of_open_round';
    END IF;
    IF r.opened_by IS NULL OR NEW.confirmed_by = r.opened_by THEN
        RAISE EXCEPTION 'another person than who entered it confirms' USING ERRCODE = '23001', CONSTRAINT = 'recorded_confirmation_two_people';
    END IF;
    IF EXISTS (SELECT FROM seat s WHERE s.round_id = r.id AND NOT EXISTS (SELECT FROM act a WHERE a.seat_id = s.id)) THEN
        RAISE EXCEPTION 'what is confirmed has been entered before' USING ERRCODE = '23001', CONSTRAINT = 'recorded_confirmation_of_all_seats';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION recorded_confirmation_guard() IS 'Sign-offs made elsewhere are confirmed by another person than the one who entered them.';
CREATE TRIGGER recorded_confirmation_guard BEFORE INSERT ON recorded_confirmation FOR EACH ROW EXECUTE FUNCTION recorded_confirmation_guard();

CREATE FUNCTION round_set_aside_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round;
BEGIN
    SELECT * INTO r FROM round WHERE id = NEW.round_id FOR UPDATE;
    IF NOT FOUND OR r.outcome <> 'complete' OR EXISTS (SELECT FROM version v WHERE v.publishing_round_id = r.id) THEN
        RAISE EXCEPTION 'only a complete, unpublished round can be set aside' USING ERRCODE = '23001', CONSTRAINT = 'round_set_aside_unpublished';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION round_set_aside_guard() IS 'A complete round can be set aside until it is published.';
CREATE TRIGGER round_set_aside_guard BEFORE INSERT ON round_set_aside FOR EACH ROW EXECUTE FUNCTION round_set_aside_guard();

CREATE FUNCTION remark_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM round WHERE id = NEW.round_id AND outcome = 'open' FOR SHARE;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM seat s WHERE s.round_id = NEW.round_id AND s.partner_id = NEW.partner_id) THEN
        RAISE EXCEPTION 'remarks are put on an open round by its seats' USING ERRCODE = '23001', CONSTRAINT = 'remark_on_open_round';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION remark_guard() IS 'Questions and requested changes are put on an open round, for one of its seats.';
CREATE TRIGGER remark_guard BEFORE INSERT ON remark FOR EACH ROW EXECUTE FUNCTION remark_guard();

ALTER TABLE version ADD CONSTRAINT version_publishing_round_fkey FOREIGN KEY (publishing_round_id) REFERENCES round;
CREATE UNIQUE INDEX version_publishing_round_key ON version (publishing_round_id);
ALTER TABLE event ADD CONSTRAINT event_version_fkey FOREIGN KEY (version_id) REFERENCES version;

CREATE FUNCTION version_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r round; text_changed boolean;
BEGIN
    IF OLD.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a discarded version stays discarded' USING ERRCODE = '23001', CONSTRAINT = 'version_discarded_final';
    END IF;
    IF OLD.published_at IS NOT NULL THEN
        IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_by IS NULL
           OR (to_jsonb(NEW) - '{withdrawn_at,withdrawn_by,withdrawn_reason}'::text[])
              IS DISTINCT FROM (to_jsonb(OLD) - '{withdrawn_at,withdrawn_by,withdrawn_reason}'::text[]) THEN
            RAISE EXCEPTION 'a published version never changes' USING ERRCODE = '23001', CONSTRAINT = 'version_published_final';
        END IF;
        NEW.withdrawn_at := clock_timestamp();
        RETURN NEW;
    END IF;
    IF NEW.document_id <> OLD.document_id OR NEW.number <> OLD.number THEN
        RAISE EXCEPTION 'a version stays in its document' USING ERRCODE = '23001', CONSTRAINT = 'version_published_final';
    END IF;
    text_changed := (NEW.title, NEW.guidance_edition_id, NEW.effective_from, NEW.revision) IS DISTINCT FROM
                    (OLD.title, OLD.guidance_edition_id, OLD.effective_from, OLD.revision);
    IF (text_changed OR NEW.discarded_by IS NOT NULL) AND version_has_live_round(NEW.id) THEN
        RAISE EXCEPTION 'the text is frozen by a round' USING ERRCODE = '23001', CONSTRAINT = 'version_frozen';
    END IF;
    IF NEW.publishing_round_id IS NULL THEN
        IF NEW.discarded_by IS NOT NULL THEN
            NEW.discarded_at := clock_timestamp();
            NEW.scheduled_on := NULL;
        ELSE
            NEW.discarded_at := NULL;
        END IF;
        NEW.published_at := NULL;
        RETURN NEW;
    END IF;
    SELECT * INTO r FROM round WHERE id = NEW.publishing_round_id FOR UPDATE;
    IF NOT FOUND OR r.paper_kind <> 'version' OR r.paper_id <> NEW.id OR r.outcome <> 'complete'
       OR EXISTS (SELECT FROM round_set_aside s WHERE s.round_id = r.id) THEN
        RAISE EXCEPTION 'only what every safeguarding partner signed is published' USING ERRCODE = '23001', CONSTRAINT = 'version_published_signed';
    END IF;
    IF text_changed OR (convert_from(r.content, 'UTF8')::jsonb)->>'effectiveFrom' IS DISTINCT FROM NEW.effective_from::text THEN
        RAISE EXCEPTION 'the effective day is the signed one' USING ERRCODE = '23001', CONSTRAINT = 'version_effective_day_signed';
    END IF;
    NEW.published_at := clock_timestamp();
    NEW.published_on := coalesce(NEW.published_on, london_day(NEW.published_at));
    NEW.published_precision := coalesce(NEW.published_precision, 'day');
    IF NEW.published_on > london_day(NEW.published_at) THEN
        RAISE EXCEPTION 'the day of publication is not in the future' USING ERRCODE = '23001', CONSTRAINT = 'version_published_not_in_future';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION version_guard() IS 'Published versions never change; only a version with a complete round is published; a frozen text is not edited.';
CREATE TRIGGER version_guard BEFORE UPDATE ON version FOR EACH ROW EXECUTE FUNCTION version_guard();

CREATE FUNCTION version_born_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF num_nonnulls(NEW.publishing_round_id, NEW.published_at, NEW.withdrawn_at, NEW.discarded_at) > 0 THEN
        RAISE EXCEPTION 'a version is born as a draft' USING ERRCODE = '23001', CONSTRAINT = 'version_born_draft';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION version_born_draft() IS 'A version begins as a draft.';
CREATE TRIGGER version_born_draft BEFORE INSERT ON version FOR EACH ROW EXECUTE FUNCTION version_born_draft();
CREATE TRIGGER version_kept BEFORE DELETE ON version FOR EACH ROW EXECUTE FUNCTION forbid_change('version_kept');
CREATE TRIGGER version_no_truncate BEFORE TRUNCATE ON version FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('version_kept');
CREATE TRIGGER section_kept BEFORE DELETE ON section FOR EACH ROW EXECUTE FUNCTION forbid_change('section_kept');
CREATE TRIGGER section_no_truncate BEFORE TRUNCATE ON section FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('section_kept');
CREATE TRIGGER round_kept BEFORE DELETE ON round FOR EACH ROW EXECUTE FUNCTION forbid_change('round_kept');
CREATE TRIGGER round_no_truncate BEFORE TRUNCATE ON round FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('round_kept');

CREATE FUNCTION section_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v version;
BEGIN
    SELECT * INTO v FROM version WHERE id = NEW.version_id FOR UPDATE;
    IF v.published_at IS NOT NULL OR v.discarded_at IS NOT NULL OR version_has_live_round(v.id) THEN
        RAISE EXCEPTION 'the text is frozen' USING ERRCODE = '23001', CONSTRAINT = 'section_frozen';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.version_id <> OLD.version_id OR OLD.removed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a removed section stays removed' USING ERRCODE = '23001', CONSTRAINT = 'section_removed_final';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION section_guard() IS 'Sections change only while their version is a draft without a live round.';
CREATE TRIGGER section_guard BEFORE INSERT OR UPDATE ON section FOR EACH ROW EXECUTE FUNCTION section_guard();

GRANT SELECT ON round, seat, act, statement, evidence_file, recorded_confirmation, round_set_aside, remark, remark_answer TO portal_app;
GRANT INSERT (paper_kind, paper_id, number, origin, content, seats_on, due_on, opened_by, opened_at) ON round TO portal_app;
GRANT UPDATE (outcome, ended_at, end_reason) ON round TO portal_app;
GRANT INSERT ON act, statement, evidence_file, recorded_confirmation, round_set_aside, remark, remark_answer TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
