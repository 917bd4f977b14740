BEGIN;

DROP TABLE pledge_confirmation, funding_review;
DROP FUNCTION pledge_confirmation_guard(), funding_review_guard();
DROP TRIGGER budget_line_guarded ON budget_line;
DROP TRIGGER funding_line_part_adds_up ON funding_line_part;
DROP TRIGGER funding_line_part_guarded ON funding_line_part;
DROP TRIGGER funding_line_adds_up ON funding_line;
DROP TRIGGER funding_line_guarded ON funding_line;
DROP TRIGGER funding_year_guarded ON funding_year;
DROP FUNCTION budget_line_guard(), funding_line_adds_up(), funding_line_part_guard(), funding_line_guard(), funding_year_guard();
DROP FUNCTION funding_year_has_live_round(integer), funding_line_parts(bigint, integer), parts_add_up(jsonb, bigint, bigint), split_of(bigint, bigint[]);
REVOKE UPDATE (released_at) ON funding_year FROM portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
