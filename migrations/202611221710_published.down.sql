BEGIN;
DROP VIEW published.event, published.sign_off, published.version, published.document, published.agency_group, published.agency,
    published.lead_office, published.partner_area, published.safeguarding_partner, published.organisation_succession,
    published.organisation_name, published.organisation, published.area, published.concern_number, published.partnership, published.installation;
UPDATE schema_migrations SET dirty = false;
COMMIT;
