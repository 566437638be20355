"""Phones and docks, their keys, loss and revocation."""
