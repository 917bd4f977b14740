BEGIN;

-- What the bank says: lines of its exports, and which lines of the ledger or of spending each of them is.

CREATE TABLE bank_file (
    id           bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bank_file_pkey PRIMARY KEY,
    name         text NOT NULL CONSTRAINT bank_file_name_length CHECK (length(btrim(name)) BETWEEN 1 AND 255),
    digest       bytea NOT NULL CONSTRAINT bank_file_digest_sha256 CHECK (length(digest) = 32),
    content      bytea CONSTRAINT bank_file_content_size CHECK (length(content) BETWEEN 1 AND 20971520),
    uploaded_by  bigint CONSTRAINT bank_file_uploaded_by_fkey REFERENCES account,
    uploaded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    imported_at  timestamptz,
    imported_by  bigint CONSTRAINT bank_file_imported_by_fkey REFERENCES account,
    discarded_at timestamptz,
    recorded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT bank_file_one_fate CHECK (num_nonnulls(imported_at, discarded_at) <= 1),
    CONSTRAINT bank_file_imported_by_at CHECK (imported_by IS NULL OR imported_at IS NOT NULL),
    CONSTRAINT bank_file_content_until_fate CHECK ((content IS NULL) = (num_nonnulls(imported_at, discarded_at) = 1))
);
COMMENT ON TABLE bank_file IS 'A bank''s export that was uploaded: looked at first, then imported whole, or discarded.';
COMMENT ON COLUMN bank_file.digest IS 'SHA-256 of the file as uploaded.';
COMMENT ON COLUMN bank_file.content IS 'The file, until it is imported or discarded: exports name people who have nothing to do with the partnership.';
CREATE TRIGGER bank_file_recorded BEFORE INSERT OR UPDATE ON bank_file FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER bank_file_kept BEFORE DELETE ON bank_file FOR EACH ROW EXECUTE FUNCTION forbid_change('bank_file_kept');
CREATE TRIGGER bank_file_no_truncate BEFORE TRUNCATE ON bank_file FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('bank_file_kept');

CREATE FUNCTION bank_file_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF num_nonnulls(OLD.imported_at, OLD.discarded_at) = 1 THEN
        RAISE EXCEPTION 'a file is imported or discarded once' USING ERRCODE = '23001', CONSTRAINT = 'bank_file_fate_once';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION bank_file_guard() IS 'A file is imported or discarded once.';
CREATE TRIGGER bank_file_guarded BEFORE UPDATE ON bank_file FOR EACH ROW EXECUTE FUNCTION bank_file_guard();

CREATE TABLE bank_line (
    id            bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bank_line_pkey PRIMARY KEY,
    bank_file_id  bigint NOT NULL CONSTRAINT bank_line_bank_file_fkey REFERENCES bank_file,
    line          integer NOT NULL CONSTRAINT bank_line_line_positive CHECK (line > 0),
    dated_on      date NOT NULL,
    pence         bigint NOT NULL CONSTRAINT bank_line_pence_range CHECK (pence <> 0 AND pence BETWEEN -1000000000000 AND 1000000000000),
    description   text NOT NULL CONSTRAINT bank_line_description_length CHECK (length(description) <= 500),
    reference     text NOT NULL DEFAULT '' CONSTRAINT bank_line_reference_length CHECK (length(reference) <= 200),
    balance_pence bigint,
    fingerprint   bytea NOT NULL CONSTRAINT bank_line_fingerprint_sha256 CHECK (length(fingerprint) = 32),
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT bank_line_fingerprint_key UNIQUE (fingerprint),
    CONSTRAINT bank_line_line_key UNIQUE (bank_file_id, line)
);
COMMENT ON TABLE bank_line IS 'One line of the bank''s statement.';
COMMENT ON COLUMN bank_line.line IS 'Its row in the file.';
COMMENT ON COLUMN bank_line.pence IS 'Above zero what came in, below zero what went out.';
COMMENT ON COLUMN bank_line.balance_pence IS 'The balance after it, where the export says it.';
COMMENT ON COLUMN bank_line.fingerprint IS 'SHA-256 of what the line says, and of how many like it came before in its file: no line comes in twice.';
CREATE INDEX bank_line_dated_on_idx ON bank_line (dated_on, id);
CREATE TRIGGER bank_line_recorded BEFORE INSERT OR UPDATE ON bank_line FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER bank_line_insert_only BEFORE UPDATE OR DELETE ON bank_line FOR EACH ROW EXECUTE FUNCTION forbid_change('bank_line_insert_only');
CREATE TRIGGER bank_line_no_truncate BEFORE TRUNCATE ON bank_line FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('bank_line_insert_only');

CREATE TABLE bank_match (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bank_match_pkey PRIMARY KEY,
    bank_line_id     bigint NOT NULL CONSTRAINT bank_match_bank_line_fkey REFERENCES bank_line,
    set_aside_reason text CONSTRAINT bank_match_set_aside_reason_length CHECK (length(btrim(set_aside_reason)) BETWEEN 1 AND 2000),
    made_by          bigint CONSTRAINT bank_match_made_by_fkey REFERENCES account,
    made_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    undone_at        timestamptz,
    undone_by        bigint CONSTRAINT bank_match_undone_by_fkey REFERENCES account,
    undone_reason    text CONSTRAINT bank_match_undone_reason_length CHECK (length(btrim(undone_reason)) BETWEEN 1 AND 2000),
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT bank_match_undone_with_reason CHECK ((undone_at IS NULL) = (undone_reason IS NULL)),
    CONSTRAINT bank_match_undone_by_at CHECK (undone_by IS NULL OR undone_at IS NOT NULL)
);
COMMENT ON TABLE bank_match IS 'What a line of the statement is: lines of the ledger or of spending, or none of our business.';
COMMENT ON COLUMN bank_match.set_aside_reason IS 'Why the line is nothing of the fund; null where it is matched.';
COMMENT ON COLUMN bank_match.undone_reason IS 'Why the match was undone; null while it holds.';
CREATE UNIQUE INDEX bank_match_one_live ON bank_match (bank_line_id) WHERE undone_at IS NULL;
CREATE INDEX bank_match_bank_line_idx ON bank_match (bank_line_id);
CREATE TRIGGER bank_match_recorded BEFORE INSERT OR UPDATE ON bank_match FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER bank_match_kept BEFORE DELETE ON bank_match FOR EACH ROW EXECUTE FUNCTION forbid_change('bank_match_kept');
CREATE TRIGGER bank_match_no_truncate BEFORE TRUNCATE ON bank_match FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('bank_match_kept');

CREATE TABLE bank_match_part (
    id              bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT bank_match_part_pkey PRIMARY KEY,
    bank_match_id   bigint NOT NULL CONSTRAINT bank_match_part_bank_match_fkey REFERENCES bank_match,
    ledger_entry_id bigint CONSTRAINT bank_match_part_ledger_entry_fkey REFERENCES ledger_entry,
    expenditure_id  bigint CONSTRAINT bank_match_part_expenditure_fkey REFERENCES expenditure,
    undone_at       timestamptz,
    recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT bank_match_part_of_one CHECK (num_nonnulls(ledger_entry_id, expenditure_id) = 1)
);
COMMENT ON TABLE bank_match_part IS 'A line of the ledger or of spending that a line of the statement is, wholly or with others.';
COMMENT ON COLUMN bank_match_part.undone_at IS 'As of its match: so that no line is part of two that hold.';
CREATE UNIQUE INDEX bank_match_part_one_live_entry ON bank_match_part (ledger_entry_id) WHERE undone_at IS NULL;
CREATE UNIQUE INDEX bank_match_part_one_live_expenditure ON bank_match_part (expenditure_id) WHERE undone_at IS NULL;
CREATE INDEX bank_match_part_bank_match_idx ON bank_match_part (bank_match_id);
CREATE TRIGGER bank_match_part_recorded BEFORE INSERT OR UPDATE ON bank_match_part FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER bank_match_part_kept BEFORE DELETE ON bank_match_part FOR EACH ROW EXECUTE FUNCTION forbid_change('bank_match_part_kept');
CREATE TRIGGER bank_match_part_no_truncate BEFORE TRUNCATE ON bank_match_part FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('bank_match_part_kept');

CREATE FUNCTION bank_match_part_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m bank_match;
    e ledger_entry;
    x expenditure;
BEGIN
    SELECT * INTO m FROM bank_match WHERE id = NEW.bank_match_id FOR SHARE;
    IF m.undone_at IS NOT NULL OR m.set_aside_reason IS NOT NULL THEN
        RAISE EXCEPTION 'the match has no parts' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_part_of_live_match';
    END IF;
    SELECT * INTO e FROM ledger_entry WHERE id = NEW.ledger_entry_id;
    SELECT * INTO x FROM expenditure WHERE id = NEW.expenditure_id;
    IF coalesce(e.financial_year, x.financial_year) IS NOT NULL AND NOT funding_year_is_open(coalesce(e.financial_year, x.financial_year)) THEN
        RAISE EXCEPTION 'the year is closed' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_part_year_open';
    END IF;
    -- The year is held first, as everywhere. The locks make a reversal of the line wait, or be seen.
    PERFORM FROM ledger_entry WHERE id = NEW.ledger_entry_id FOR SHARE;
    PERFORM FROM expenditure WHERE id = NEW.expenditure_id FOR SHARE;
    IF coalesce(e.kind, 'receipt') NOT IN ('receipt', 'refund') THEN
        RAISE EXCEPTION 'only money is on a statement' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_part_of_money';
    END IF;
    IF e.reverses_id IS NOT NULL OR x.reverses_id IS NOT NULL
       OR EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id) OR EXISTS (SELECT FROM expenditure r WHERE r.reverses_id = x.id) THEN
        RAISE EXCEPTION 'the line does not count' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_part_counts';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION bank_match_part_guard() IS 'A part of a match is a line of money that counts, of an open year.';
CREATE TRIGGER bank_match_part_guarded BEFORE INSERT ON bank_match_part FOR EACH ROW EXECUTE FUNCTION bank_match_part_guard();

CREATE FUNCTION bank_match_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    y integer;
BEGIN
    IF OLD.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'a match is undone once' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_undone_once';
    END IF;
    FOR y IN SELECT DISTINCT coalesce(e.financial_year, x.financial_year) FROM bank_match_part p
             LEFT JOIN ledger_entry e ON e.id = p.ledger_entry_id LEFT JOIN expenditure x ON x.id = p.expenditure_id
             WHERE p.bank_match_id = NEW.id ORDER BY 1 LOOP
        IF NOT funding_year_is_open(y) THEN
            RAISE EXCEPTION 'the year is closed' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_year_open';
        END IF;
    END LOOP;
    UPDATE bank_match_part SET undone_at = NEW.undone_at WHERE bank_match_id = NEW.id;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION bank_match_guard() IS 'A match is undone once, and not for a closed year; its parts are free then.';
CREATE TRIGGER bank_match_guarded BEFORE UPDATE ON bank_match FOR EACH ROW EXECUTE FUNCTION bank_match_guard();

CREATE FUNCTION bank_match_is_whole(asked bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.set_aside_reason IS NOT NULL OR l.pence = (
        SELECT coalesce(sum(CASE coalesce(e.kind, x.kind) WHEN 'receipt' THEN e.pence WHEN 'refund' THEN -e.pence WHEN 'payment' THEN -x.pence ELSE x.pence END), 0)
        FROM bank_match_part p LEFT JOIN ledger_entry e ON e.id = p.ledger_entry_id LEFT JOIN expenditure x ON x.id = p.expenditure_id
        WHERE p.bank_match_id = m.id)
    FROM bank_match m JOIN bank_line l ON l.id = m.bank_line_id WHERE m.id = asked
$$;
COMMENT ON FUNCTION bank_match_is_whole(bigint) IS 'Whether the parts of a match add up to its line of the statement.';

CREATE FUNCTION bank_match_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT bank_match_is_whole(NEW.id) THEN
        RAISE EXCEPTION 'the parts do not add up to the line' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_adds_up';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION bank_match_whole() IS 'A match comes with all its parts.';
CREATE CONSTRAINT TRIGGER bank_match_adds_up AFTER INSERT ON bank_match DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_match_whole();

CREATE FUNCTION bank_match_part_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT bank_match_is_whole(NEW.bank_match_id) THEN
        RAISE EXCEPTION 'the parts do not add up to the line' USING ERRCODE = '23001', CONSTRAINT = 'bank_match_part_adds_up';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION bank_match_part_whole() IS 'No part comes to a match that is whole without it.';
CREATE CONSTRAINT TRIGGER bank_match_part_adds_up AFTER INSERT ON bank_match_part DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bank_match_part_whole();

CREATE FUNCTION ledger_entry_matched_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM bank_match_part p WHERE p.ledger_entry_id = NEW.reverses_id AND p.undone_at IS NULL) THEN
        RAISE EXCEPTION 'the line is matched with the statement' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_reversed_unmatched';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION ledger_entry_matched_guard() IS 'A line that is matched with the bank''s statement is not reversed.';
CREATE TRIGGER ledger_entry_unmatched AFTER INSERT ON ledger_entry FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_entry_matched_guard();

CREATE FUNCTION expenditure_matched_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM bank_match_part p WHERE p.expenditure_id = NEW.reverses_id AND p.undone_at IS NULL) THEN
        RAISE EXCEPTION 'the line is matched with the statement' USING ERRCODE = '23001', CONSTRAINT = 'expenditure_reversed_unmatched';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION expenditure_matched_guard() IS 'A line that is matched with the bank''s statement is not reversed.';
CREATE TRIGGER expenditure_unmatched AFTER INSERT ON expenditure FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION expenditure_matched_guard();

GRANT SELECT ON bank_file, bank_line, bank_match, bank_match_part TO portal_app;
GRANT INSERT (name, digest, content, uploaded_by), UPDATE (content, imported_at, imported_by, discarded_at) ON bank_file TO portal_app;
GRANT INSERT (bank_file_id, line, dated_on, pence, description, reference, balance_pence, fingerprint) ON bank_line TO portal_app;
GRANT INSERT (bank_line_id, set_aside_reason, made_by), UPDATE (undone_at, undone_by, undone_reason) ON bank_match TO portal_app;
GRANT INSERT (bank_match_id, ledger_entry_id, expenditure_id) ON bank_match_part TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
