"""Miners: whoever refuses to go down or reports what is hidden, and what the authority owes him."""
