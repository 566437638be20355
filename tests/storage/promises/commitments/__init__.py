"""Tests of what mines say of the clauses that they promise."""
