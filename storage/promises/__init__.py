"""Promises: what the principal of a mine promises each year, clause by clause, so that people may go down."""
