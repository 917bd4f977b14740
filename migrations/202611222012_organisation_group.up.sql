BEGIN;

-- A body that has a place in a group is not retracted as entered in error.

CREATE FUNCTION organisation_group_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.retracted_reason IS NOT NULL AND OLD.retracted_reason IS NULL
       AND (EXISTS (SELECT FROM sub_group_member m WHERE m.organisation_id = NEW.id AND m.retracted_at IS NULL)
            OR EXISTS (SELECT FROM meeting_attendance a WHERE a.organisation_id = NEW.id AND a.retracted_at IS NULL)
            OR EXISTS (SELECT FROM action a WHERE a.owner_id = NEW.id)) THEN
        RAISE EXCEPTION 'the organisation has a place in a group' USING ERRCODE = '23001', CONSTRAINT = 'organisation_retracted_unused';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION organisation_group_guard() IS 'An organisation that is a member of a group, attended a meeting or owns an action is not retracted.';
CREATE TRIGGER organisation_groups BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION organisation_group_guard();

UPDATE schema_migrations SET dirty = false;
COMMIT;
