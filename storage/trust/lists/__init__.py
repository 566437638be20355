"""Lists that an agency publishes before and beside its decisions, and its figures."""
