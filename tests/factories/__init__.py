"""Rows and people that tests start from."""
