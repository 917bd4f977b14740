BEGIN;
DROP TABLE role_grant;
DROP FUNCTION role_grant_ended();
DROP TABLE account;
DROP FUNCTION account_bump_epoch();
UPDATE schema_migrations SET dirty = false;
COMMIT;
