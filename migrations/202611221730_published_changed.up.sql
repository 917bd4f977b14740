BEGIN;

-- Portals keep public pages in memory. They listen to the channel published_changed and drop what they keep when it
-- speaks. Sign-off never does: acts, statements, rounds and events are not public before the version is published, and
-- a notification at each commit would halve the rate of signing.

CREATE FUNCTION tell_published_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('published_changed', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION tell_published_changed() IS 'Tells portals that keep public pages that something published has changed.';

-- Of versions only those that are published, or become so.
CREATE TRIGGER version_published_changed AFTER UPDATE ON version
    FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION tell_published_changed();

CREATE TRIGGER installation_published_changed AFTER INSERT OR UPDATE OR DELETE ON installation FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER partnership_published_changed AFTER INSERT OR UPDATE OR DELETE ON partnership FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER concern_number_published_changed AFTER INSERT OR UPDATE OR DELETE ON concern_number FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER area_published_changed AFTER INSERT OR UPDATE OR DELETE ON area FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_published_changed AFTER INSERT OR UPDATE OR DELETE ON organisation FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_name_published_changed AFTER INSERT OR UPDATE OR DELETE ON organisation_name FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER organisation_succession_published_changed AFTER INSERT OR UPDATE OR DELETE ON organisation_succession FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER safeguarding_partner_published_changed AFTER INSERT OR UPDATE OR DELETE ON safeguarding_partner FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER partner_area_published_changed AFTER INSERT OR UPDATE OR DELETE ON partner_area FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER appointment_published_changed AFTER INSERT OR UPDATE OR DELETE ON appointment FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER agency_membership_published_changed AFTER INSERT OR UPDATE OR DELETE ON agency_membership FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER agency_membership_category_published_changed AFTER INSERT OR UPDATE OR DELETE ON agency_membership_category FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER agency_category_published_changed AFTER INSERT OR UPDATE OR DELETE ON agency_category FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER document_published_changed AFTER UPDATE OR DELETE ON document FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();
CREATE TRIGGER guidance_edition_published_changed AFTER UPDATE OR DELETE ON guidance_edition FOR EACH STATEMENT EXECUTE FUNCTION tell_published_changed();

UPDATE schema_migrations SET dirty = false;
COMMIT;
