BEGIN;

-- The money of a funding year: what was invoiced and received, what was spent, and the closing of the year.

CREATE TABLE ledger_entry (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT ledger_entry_pkey PRIMARY KEY,
    financial_year   integer NOT NULL CONSTRAINT ledger_entry_financial_year_fkey REFERENCES funding_year,
    organisation_id  bigint NOT NULL CONSTRAINT ledger_entry_organisation_fkey REFERENCES organisation,
    kind             text NOT NULL CONSTRAINT ledger_entry_kind_known CHECK (kind IN ('invoice', 'credit note', 'receipt', 'refund')),
    pence            bigint NOT NULL CONSTRAINT ledger_entry_pence_range CHECK (pence BETWEEN 1 AND 1000000000000),
    dated_on         date NOT NULL,
    due_on           date,
    reference        text NOT NULL DEFAULT '' CONSTRAINT ledger_entry_reference_length CHECK (length(reference) <= 100),
    received_as      text NOT NULL DEFAULT '' CONSTRAINT ledger_entry_received_as_length CHECK (length(received_as) <= 500),
    note             text NOT NULL DEFAULT '' CONSTRAINT ledger_entry_note_length CHECK (length(note) <= 2000),
    reverses_id      bigint CONSTRAINT ledger_entry_reverses_fkey REFERENCES ledger_entry,
    moved_from_id    bigint CONSTRAINT ledger_entry_moved_from_fkey REFERENCES ledger_entry,
    reason           text NOT NULL DEFAULT '' CONSTRAINT ledger_entry_reason_length CHECK (length(reason) <= 2000),
    is_demonstration boolean NOT NULL DEFAULT false,
    recorded_by      bigint CONSTRAINT ledger_entry_recorded_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT ledger_entry_due_of_invoices CHECK ((kind = 'invoice') = (due_on IS NOT NULL)),
    CONSTRAINT ledger_entry_due_after_date CHECK (due_on >= dated_on),
    CONSTRAINT ledger_entry_reversed_or_moved CHECK (num_nonnulls(reverses_id, moved_from_id) <= 1),
    CONSTRAINT ledger_entry_with_reason CHECK ((num_nonnulls(reverses_id, moved_from_id) = 1) = (btrim(reason) <> '')),
    CONSTRAINT ledger_entry_reversed_once UNIQUE (reverses_id),
    CONSTRAINT ledger_entry_moved_once UNIQUE (moved_from_id)
);
COMMENT ON TABLE ledger_entry IS 'An invoice, credit note, receipt or refund of one body for one funding year; or the line that reverses one.';
COMMENT ON COLUMN ledger_entry.organisation_id IS 'Whose money it is, as a body of the day. A successor is never written in its place: sums follow successions when they are read.';
COMMENT ON COLUMN ledger_entry.pence IS 'Whole pence, never negative: the kind says which way the money goes.';
COMMENT ON COLUMN ledger_entry.dated_on IS 'The day of the invoice or note, or the day on which the money came or went.';
COMMENT ON COLUMN ledger_entry.due_on IS 'Last day for paying an invoice.';
COMMENT ON COLUMN ledger_entry.received_as IS 'Under which name the money stands on the bank''s statement, where it is another.';
COMMENT ON COLUMN ledger_entry.reverses_id IS 'The line that this one takes out, whole and once.';
COMMENT ON COLUMN ledger_entry.moved_from_id IS 'The reversed line whose money this one assigns to another year or body.';
COMMENT ON COLUMN ledger_entry.reason IS 'Why a line was reversed, or assigned anew.';
COMMENT ON COLUMN ledger_entry.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
CREATE INDEX ledger_entry_financial_year_idx ON ledger_entry (financial_year);
CREATE INDEX ledger_entry_organisation_idx ON ledger_entry (organisation_id);
CREATE TRIGGER ledger_entry_recorded BEFORE INSERT OR UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER ledger_entry_insert_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION forbid_change('ledger_entry_insert_only');
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('ledger_entry_insert_only');
CREATE TRIGGER ledger_entry_published_changed AFTER INSERT OR UPDATE OR DELETE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

CREATE TABLE expenditure (
    id               bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT expenditure_pkey PRIMARY KEY,
    financial_year   integer NOT NULL CONSTRAINT expenditure_financial_year_fkey REFERENCES funding_year,
    category         text NOT NULL CONSTRAINT expenditure_category_fkey REFERENCES funding_category,
    kind             text NOT NULL CONSTRAINT expenditure_kind_known CHECK (kind IN ('payment', 'money back')),
    pence            bigint NOT NULL CONSTRAINT expenditure_pence_range CHECK (pence BETWEEN 1 AND 1000000000000),
    dated_on         date NOT NULL,
    supplier         text NOT NULL CONSTRAINT expenditure_supplier_length CHECK (length(btrim(supplier)) BETWEEN 1 AND 200),
    is_withheld      boolean NOT NULL DEFAULT false,
    description      text NOT NULL CONSTRAINT expenditure_description_length CHECK (length(btrim(description)) BETWEEN 1 AND 500),
    reference        text NOT NULL DEFAULT '' CONSTRAINT expenditure_reference_length CHECK (length(reference) <= 100),
    reverses_id      bigint CONSTRAINT expenditure_reverses_fkey REFERENCES expenditure,
    reason           text NOT NULL DEFAULT '' CONSTRAINT expenditure_reason_length CHECK (length(reason) <= 2000),
    is_demonstration boolean NOT NULL DEFAULT false,
    recorded_by      bigint CONSTRAINT expenditure_recorded_by_fkey REFERENCES account,
    recorded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT expenditure_reversed_for_reason CHECK ((reverses_id IS NOT NULL) = (btrim(reason) <> '')),
    CONSTRAINT expenditure_reversed_once UNIQUE (reverses_id)
);
COMMENT ON TABLE expenditure IS 'What was spent for a funding year, or came back of it; or the line that reverses one.';
COMMENT ON COLUMN expenditure.kind IS 'payment: money that went out. money back: a supplier''s refund, or interest; it lessens what was spent.';
COMMENT ON COLUMN expenditure.pence IS 'Whole pence, never negative: the kind says which way the money goes.';
COMMENT ON COLUMN expenditure.is_withheld IS 'The supplier is a private person, so the public is not told the name.';
COMMENT ON COLUMN expenditure.description IS 'What was bought. Public.';
COMMENT ON COLUMN expenditure.reverses_id IS 'The line that this one takes out, whole and once.';
COMMENT ON COLUMN expenditure.reason IS 'Why a line was reversed.';
COMMENT ON COLUMN expenditure.is_demonstration IS 'The record was invented for the demonstration and is marked so wherever shown.';
CREATE INDEX expenditure_financial_year_idx ON expenditure (financial_year);
CREATE TRIGGER expenditure_recorded BEFORE INSERT OR UPDATE ON expenditure FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER expenditure_insert_only BEFORE UPDATE OR DELETE ON expenditure FOR EACH ROW EXECUTE FUNCTION forbid_change('expenditure_insert_only');
CREATE TRIGGER expenditure_no_truncate BEFORE TRUNCATE ON expenditure FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('expenditure_insert_only');
CREATE TRIGGER expenditure_published_changed AFTER INSERT OR UPDATE OR DELETE ON expenditure FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

CREATE TABLE funding_closing (
    financial_year    integer CONSTRAINT funding_closing_pkey PRIMARY KEY CONSTRAINT funding_closing_financial_year_fkey REFERENCES funding_year,
    opening_pence     bigint NOT NULL,
    income_pence      bigint NOT NULL,
    expenditure_pence bigint NOT NULL,
    closing_pence     bigint NOT NULL CONSTRAINT funding_closing_range CHECK (closing_pence BETWEEN -1000000000000 AND 1000000000000),
    note              text NOT NULL DEFAULT '' CONSTRAINT funding_closing_note_length CHECK (length(note) <= 2000),
    closed_by         bigint CONSTRAINT funding_closing_closed_by_fkey REFERENCES account,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT funding_closing_balances CHECK (opening_pence + income_pence - expenditure_pence = closing_pence)
);
COMMENT ON TABLE funding_closing IS 'The outturn of a funding year. From then on nothing of the year changes.';
COMMENT ON COLUMN funding_closing.opening_pence IS 'The reserve brought forward.';
COMMENT ON COLUMN funding_closing.income_pence IS 'Receipts less refunds of the ledger.';
COMMENT ON COLUMN funding_closing.expenditure_pence IS 'Payments less money back.';
COMMENT ON COLUMN funding_closing.closing_pence IS 'The balance per bank, as stated by whoever closed the year: the reserve carried forward.';
COMMENT ON COLUMN funding_closing.note IS 'What is to be known of the outturn. Public.';
COMMENT ON COLUMN funding_closing.recorded_at IS 'When the year was closed.';
CREATE TRIGGER funding_closing_recorded BEFORE INSERT OR UPDATE ON funding_closing FOR EACH ROW EXECUTE FUNCTION stamp_recorded_at();
CREATE TRIGGER funding_closing_insert_only BEFORE UPDATE OR DELETE ON funding_closing FOR EACH ROW EXECUTE FUNCTION forbid_change('funding_closing_insert_only');
CREATE TRIGGER funding_closing_no_truncate BEFORE TRUNCATE ON funding_closing FOR EACH STATEMENT EXECUTE FUNCTION forbid_change('funding_closing_insert_only');
CREATE TRIGGER funding_closing_published_changed AFTER INSERT OR UPDATE OR DELETE ON funding_closing FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

CREATE FUNCTION funding_opening(asked integer) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT c.closing_pence FROM funding_closing c WHERE c.financial_year = asked - 1),
                    (SELECT y.opening_pence FROM funding_year y WHERE y.financial_year = asked))
$$;
COMMENT ON FUNCTION funding_opening(integer) IS 'The reserve brought forward into a year: what the year before closed with, or else what is stated.';

CREATE FUNCTION funding_income(asked integer) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(CASE e.kind WHEN 'receipt' THEN e.pence WHEN 'refund' THEN -e.pence ELSE 0 END), 0)::bigint FROM ledger_entry e
    WHERE e.financial_year = asked AND e.reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)
$$;
COMMENT ON FUNCTION funding_income(integer) IS 'What was received for a year less what was paid back, without reversed lines.';

CREATE FUNCTION funding_spent(asked integer) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(CASE e.kind WHEN 'payment' THEN e.pence ELSE -e.pence END), 0)::bigint FROM expenditure e
    WHERE e.financial_year = asked AND e.reverses_id IS NULL AND NOT EXISTS (SELECT FROM expenditure r WHERE r.reverses_id = e.id)
$$;
COMMENT ON FUNCTION funding_spent(integer) IS 'What was spent for a year less what came back, without reversed lines.';

-- Whoever writes into a year holds its row still, and a closing waits for them; so none is missing from a closing.
CREATE FUNCTION funding_year_is_open(asked integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM funding_year WHERE financial_year = asked FOR SHARE;
    RETURN NOT EXISTS (SELECT FROM funding_closing WHERE financial_year = asked);
END $$;
COMMENT ON FUNCTION funding_year_is_open(integer) IS 'Whether a year takes lines; it stays so until the end of the transaction.';

CREATE FUNCTION ledger_entry_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    body organisation;
    line ledger_entry;
BEGIN
    IF NOT funding_year_is_open(NEW.financial_year) THEN
        RAISE EXCEPTION 'the year is closed' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_year_open';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO line FROM ledger_entry WHERE id = NEW.reverses_id FOR UPDATE; -- waits for a match that is being made
        IF line.reverses_id IS NOT NULL THEN
            RAISE EXCEPTION 'a line that reverses another one stays' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_reverses_an_entry';
        END IF;
        IF FOUND AND (NEW.financial_year, NEW.organisation_id, NEW.kind, NEW.pence, NEW.dated_on, NEW.due_on, NEW.is_demonstration)
           IS DISTINCT FROM (line.financial_year, line.organisation_id, line.kind, line.pence, line.dated_on, line.due_on, line.is_demonstration) THEN
            RAISE EXCEPTION 'a line is reversed whole' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_reversed_whole';
        END IF;
        RETURN NEW; -- what should never have been recorded can be reversed whatever is known of the body now
    END IF;
    IF NEW.moved_from_id IS NOT NULL THEN
        SELECT * INTO line FROM ledger_entry WHERE id = NEW.moved_from_id;
        IF FOUND AND ((NEW.kind, NEW.pence, NEW.dated_on, NEW.due_on, NEW.is_demonstration)
           IS DISTINCT FROM (line.kind, line.pence, line.dated_on, line.due_on, line.is_demonstration)
           OR (NEW.financial_year, NEW.organisation_id) = (line.financial_year, line.organisation_id)) THEN
            RAISE EXCEPTION 'the same money goes to another year or body' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_moved_whole';
        END IF;
        IF FOUND AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = NEW.moved_from_id) THEN
            RAISE EXCEPTION 'money is taken from where it stood before it is assigned anew' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_moved_after_reversal';
        END IF;
    END IF;
    -- The lock makes a last day that is being recorded at this moment wait, or be seen.
    SELECT * INTO body FROM organisation WHERE id = NEW.organisation_id FOR SHARE;
    IF body.starts_on > NEW.dated_on OR body.ends_on < NEW.dated_on OR body.retracted_at IS NOT NULL THEN
        RAISE EXCEPTION 'the organisation did not exist on that day' USING ERRCODE = '23001', CONSTRAINT = 'ledger_entry_organisation_existed';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION ledger_entry_guard() IS 'A line is of an open year and of a body that existed on its day; it is reversed whole, and assigned anew whole.';
CREATE TRIGGER ledger_entry_guarded BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_guard();

CREATE FUNCTION organisation_ledger_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.starts_on, NEW.ends_on) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on) AND EXISTS (
        SELECT FROM ledger_entry e WHERE e.organisation_id = NEW.id AND e.reverses_id IS NULL
          AND (NEW.starts_on > e.dated_on OR NEW.ends_on < e.dated_on)
          AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)) THEN
        RAISE EXCEPTION 'a line of the ledger is dated when it would not exist' USING ERRCODE = '23001', CONSTRAINT = 'organisation_exists_for_ledger';
    END IF;
    IF NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL AND EXISTS (SELECT FROM ledger_entry e WHERE e.organisation_id = NEW.id) THEN
        RAISE EXCEPTION 'the ledger has a line of it' USING ERRCODE = '23001', CONSTRAINT = 'organisation_retracted_without_ledger';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_ledger_guard() IS 'The time of a body is never cut short of its lines in the ledger, and a body that has any is not retracted.';
CREATE TRIGGER organisation_ledger BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION organisation_ledger_guard();

CREATE FUNCTION expenditure_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line expenditure;
BEGIN
    IF NOT funding_year_is_open(NEW.financial_year) THEN
        RAISE EXCEPTION 'the year is closed' USING ERRCODE = '23001', CONSTRAINT = 'expenditure_year_open';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO line FROM expenditure WHERE id = NEW.reverses_id FOR UPDATE; -- waits for a match that is being made
        IF line.reverses_id IS NOT NULL THEN
            RAISE EXCEPTION 'a line that reverses another one stays' USING ERRCODE = '23001', CONSTRAINT = 'expenditure_reverses_an_entry';
        END IF;
        IF FOUND AND (NEW.financial_year, NEW.category, NEW.kind, NEW.pence, NEW.dated_on, NEW.supplier, NEW.is_withheld, NEW.is_demonstration)
           IS DISTINCT FROM (line.financial_year, line.category, line.kind, line.pence, line.dated_on, line.supplier, line.is_withheld, line.is_demonstration) THEN
            RAISE EXCEPTION 'a line is reversed whole' USING ERRCODE = '23001', CONSTRAINT = 'expenditure_reversed_whole';
        END IF;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION expenditure_guard() IS 'A line is of an open year, and is reversed whole.';
CREATE TRIGGER expenditure_guarded BEFORE INSERT ON expenditure FOR EACH ROW EXECUTE FUNCTION expenditure_guard();

CREATE FUNCTION contribution_year_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT funding_year_is_open(NEW.financial_year) THEN
        RAISE EXCEPTION 'the year is closed' USING ERRCODE = '23001', CONSTRAINT = 'contribution_year_open';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION contribution_year_guard() IS 'What was agreed for a closed year stays as it is.';
CREATE TRIGGER contribution_of_open_year BEFORE INSERT ON contribution FOR EACH ROW EXECUTE FUNCTION contribution_year_guard();

CREATE FUNCTION funding_closing_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    y funding_year;
BEGIN
    SELECT * INTO y FROM funding_year WHERE financial_year = NEW.financial_year FOR UPDATE; -- waits for lines that are being recorded
    IF NOT FOUND THEN
        RETURN NEW; -- the foreign key refuses it
    END IF;
    IF y.agreed_at IS NULL THEN
        RAISE EXCEPTION 'the year is not agreed' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_of_agreed_year';
    END IF;
    IF make_date(NEW.financial_year + 1, 3, 31) >= london_day(clock_timestamp()) THEN
        RAISE EXCEPTION 'the year has not ended' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_after_the_year';
    END IF;
    IF EXISTS (SELECT FROM funding_year b WHERE b.financial_year < NEW.financial_year
               AND NOT EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = b.financial_year)) THEN
        RAISE EXCEPTION 'an earlier year is open' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_in_order';
    END IF;
    IF EXISTS (SELECT FROM funding_closing c WHERE c.financial_year = NEW.financial_year + 1 AND c.opening_pence <> NEW.closing_pence) THEN
        RAISE EXCEPTION 'the year after opened with another sum' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_before_next';
    END IF;
    IF NEW.opening_pence <> funding_opening(NEW.financial_year) THEN
        RAISE EXCEPTION 'the year opened with another sum' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_opening_brought';
    END IF;
    IF NEW.income_pence <> funding_income(NEW.financial_year) THEN
        RAISE EXCEPTION 'the ledger has another income' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_income_summed';
    END IF;
    IF NEW.expenditure_pence <> funding_spent(NEW.financial_year) THEN
        RAISE EXCEPTION 'another sum was spent' USING ERRCODE = '23001', CONSTRAINT = 'funding_closing_expenditure_summed';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION funding_closing_guard() IS 'A year is closed after its end, in order, with the sums of its own lines.';
CREATE TRIGGER funding_closing_guarded BEFORE INSERT ON funding_closing FOR EACH ROW EXECUTE FUNCTION funding_closing_guard();

-- The reserve that a year leaves is the one that the next begins with, whichever of the two is written down first. What
-- a round puts to the partners stands still; funding_opening() knows better then.
CREATE FUNCTION funding_year_brought_forward() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.opening_pence IS DISTINCT FROM OLD.opening_pence THEN
        NEW.opening_pence := coalesce((SELECT c.closing_pence FROM funding_closing c WHERE c.financial_year = NEW.financial_year - 1), NEW.opening_pence);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION funding_year_brought_forward() IS 'A year after a closed one begins with what that one left.';
CREATE TRIGGER funding_year_brought_forward BEFORE INSERT OR UPDATE ON funding_year FOR EACH ROW EXECUTE FUNCTION funding_year_brought_forward();

CREATE FUNCTION funding_closing_carried_forward() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE funding_year SET opening_pence = NEW.closing_pence WHERE financial_year = NEW.financial_year + 1
      AND opening_pence <> NEW.closing_pence AND NOT funding_year_has_live_round(financial_year);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION funding_closing_carried_forward() IS 'What a year leaves goes to the year after it, unless that one stands still for a round.';
CREATE TRIGGER funding_closing_carried_forward AFTER INSERT ON funding_closing FOR EACH ROW EXECUTE FUNCTION funding_closing_carried_forward();

GRANT SELECT ON ledger_entry, expenditure, funding_closing TO portal_app;
GRANT INSERT (financial_year, organisation_id, kind, pence, dated_on, due_on, reference, received_as, note, reverses_id, moved_from_id, reason,
              is_demonstration, recorded_by) ON ledger_entry TO portal_app;
GRANT INSERT (financial_year, category, kind, pence, dated_on, supplier, is_withheld, description, reference, reverses_id, reason, is_demonstration,
              recorded_by) ON expenditure TO portal_app;
GRANT INSERT (financial_year, opening_pence, income_pence, expenditure_pence, closing_pence, note, closed_by) ON funding_closing TO portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
