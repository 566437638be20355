"""The reference field client: what native teams copy."""
