"""Speaks of the procedure, from the inspection scheme to the archived case."""
