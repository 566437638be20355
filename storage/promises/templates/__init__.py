"""Templates: the clauses of a year's commitment (安全生产承诺书), by version, and what mines add to be stricter."""
