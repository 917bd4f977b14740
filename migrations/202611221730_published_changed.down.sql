BEGIN;

DROP TRIGGER guidance_edition_published_changed ON guidance_edition;
DROP TRIGGER document_published_changed ON document;
DROP TRIGGER agency_category_published_changed ON agency_category;
DROP TRIGGER agency_membership_category_published_changed ON agency_membership_category;
DROP TRIGGER agency_membership_published_changed ON agency_membership;
DROP TRIGGER appointment_published_changed ON appointment;
DROP TRIGGER partner_area_published_changed ON partner_area;
DROP TRIGGER safeguarding_partner_published_changed ON safeguarding_partner;
DROP TRIGGER organisation_succession_published_changed ON organisation_succession;
DROP TRIGGER organisation_name_published_changed ON organisation_name;
DROP TRIGGER organisation_published_changed ON organisation;
DROP TRIGGER area_published_changed ON area;
DROP TRIGGER concern_number_published_changed ON concern_number;
DROP TRIGGER partnership_published_changed ON partnership;
DROP TRIGGER installation_published_changed ON installation;
DROP TRIGGER version_published_changed ON version;
DROP FUNCTION tell_published_changed();

UPDATE schema_migrations SET dirty = false;
COMMIT;
