BEGIN;

DROP TRIGGER funding_year_brought_forward ON funding_year;
DROP TRIGGER contribution_of_open_year ON contribution;
DROP TRIGGER organisation_ledger ON organisation;
DROP TABLE funding_closing, expenditure, ledger_entry;
DROP FUNCTION funding_closing_carried_forward(), funding_year_brought_forward(), funding_closing_guard(), contribution_year_guard(), expenditure_guard(), organisation_ledger_guard(), ledger_entry_guard(),
    funding_year_is_open(integer), funding_spent(integer), funding_income(integer), funding_opening(integer);

UPDATE schema_migrations SET dirty = false;
COMMIT;
