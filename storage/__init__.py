"""Keeps: the record, and the only acts that may change it."""
