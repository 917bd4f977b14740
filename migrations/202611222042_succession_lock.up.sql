BEGIN;

-- Successions of bodies that have nothing to do with each other do not wait for each other.
CREATE OR REPLACE FUNCTION organisation_succession_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE locked bigint := 0; near bigint;
BEGIN
    LOOP -- two successions at once could close a circle unseen: whoever adds to a chain of bodies has all of it locked
        PERFORM FROM organisation o WHERE o.id IN (
            WITH RECURSIVE chain AS (
                SELECT b AS id FROM unnest(ARRAY[NEW.predecessor_id, NEW.successor_id]) b
                UNION SELECT CASE WHEN s.predecessor_id = c.id THEN s.successor_id ELSE s.predecessor_id END
                FROM organisation_succession s JOIN chain c ON c.id IN (s.predecessor_id, s.successor_id) WHERE s.retracted_at IS NULL)
            SELECT id FROM chain) ORDER BY o.id FOR NO KEY UPDATE;
        GET DIAGNOSTICS near = ROW_COUNT;
        EXIT WHEN near = locked;
        locked := near;
    END LOOP;
    IF NEW.succession_id IS NULL THEN -- as a release before this one writes it
        INSERT INTO succession (kind, takes_effect_on, note) VALUES ('takeover', NEW.takes_over_on, NEW.note) RETURNING id INTO NEW.succession_id;
        INSERT INTO succession_body (succession_id, organisation_id, part)
            SELECT NEW.succession_id, NEW.predecessor_id, 'predecessor' UNION SELECT NEW.succession_id, NEW.successor_id, 'successor'
            ON CONFLICT DO NOTHING;
    END IF;
    IF EXISTS (WITH RECURSIVE later AS (
            SELECT s.successor_id FROM organisation_succession s WHERE s.predecessor_id = NEW.successor_id AND s.retracted_at IS NULL
            UNION SELECT s.successor_id FROM organisation_succession s JOIN later l ON l.successor_id = s.predecessor_id WHERE s.retracted_at IS NULL)
        SELECT FROM later WHERE successor_id = NEW.predecessor_id) THEN
        RAISE EXCEPTION 'the successor is itself a predecessor' USING ERRCODE = '23001', CONSTRAINT = 'organisation_succession_no_circle';
    END IF;
    IF EXISTS (SELECT FROM organisation o WHERE o.id = NEW.predecessor_id AND o.starts_on >= NEW.takes_over_on)
       OR EXISTS (SELECT FROM organisation o WHERE o.id = NEW.successor_id AND (o.starts_on > NEW.takes_over_on OR o.ends_on < NEW.takes_over_on)) THEN
        RAISE EXCEPTION 'the predecessor was not there before the day, or the successor not on it' USING ERRCODE = '23001', CONSTRAINT = 'organisation_succession_day_order';
    END IF;
    RETURN NEW;
END $$;

UPDATE schema_migrations SET dirty = false;
COMMIT;
