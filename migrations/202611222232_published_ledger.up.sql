BEGIN;

-- What anybody may read of the money of released years. Who owes what is not among it.

CREATE VIEW published.ledger_summary AS
    SELECT y.financial_year, funding_opening(y.financial_year) AS opening_pence, funding_income(y.financial_year) AS income_pence,
           funding_spent(y.financial_year) AS expenditure_pence, c.closing_pence, c.note AS closing_note, london_day(c.recorded_at) AS closed_on,
           (SELECT sum(b.pence)::bigint FROM public.budget_line b WHERE b.financial_year = y.financial_year) AS budget_pence,
           EXISTS (SELECT FROM public.ledger_entry e WHERE e.financial_year = y.financial_year AND e.is_demonstration)
           OR EXISTS (SELECT FROM public.expenditure x WHERE x.financial_year = y.financial_year AND x.is_demonstration) AS is_demonstration
    FROM public.funding_year y LEFT JOIN public.funding_closing c USING (financial_year) WHERE y.released_at IS NOT NULL;
COMMENT ON VIEW published.ledger_summary IS 'One row a released year: reserve brought forward, received, budget, spent; the reserve carried forward once it is closed.';

CREATE VIEW published.category_spending AS
    SELECT y.financial_year, c.code, c.name, c.position, b.pence AS budget_pence,
           coalesce((SELECT sum(CASE x.kind WHEN 'payment' THEN x.pence ELSE -x.pence END) FROM public.expenditure x
                     WHERE x.financial_year = y.financial_year AND x.category = c.code AND x.reverses_id IS NULL
                       AND NOT EXISTS (SELECT FROM public.expenditure r WHERE r.reverses_id = x.id)), 0)::bigint AS spent_pence
    FROM public.funding_year y CROSS JOIN public.funding_category c
    LEFT JOIN public.budget_line b ON b.financial_year = y.financial_year AND b.category = c.code
    WHERE y.released_at IS NOT NULL;
COMMENT ON VIEW published.category_spending IS 'Budget (null: none) and spending of each category in each released year.';

CREATE VIEW published.spend_line AS
    SELECT x.id, x.financial_year, x.dated_on, x.category AS category_code, c.name AS category,
           CASE WHEN x.is_withheld THEN '' ELSE x.supplier END AS supplier, x.is_withheld, x.description,
           CASE WHEN x.is_withheld THEN '' ELSE x.reference END AS reference, x.pence, x.is_demonstration
    FROM public.expenditure x JOIN public.funding_category c ON c.code = x.category
    JOIN public.funding_year y USING (financial_year)
    WHERE y.released_at IS NOT NULL AND x.kind = 'payment' AND x.pence > 50000 AND x.reverses_id IS NULL
      AND NOT EXISTS (SELECT FROM public.expenditure r WHERE r.reverses_id = x.id);
COMMENT ON VIEW published.spend_line IS 'Payments of more than £500 in released years, as the transparency code asks for. The names of private persons are left out.';

GRANT SELECT ON published.ledger_summary, published.category_spending, published.spend_line TO portal_public, portal_app;

UPDATE schema_migrations SET dirty = false;
COMMIT;
