"""Accounts, roles, certificates and sign-in."""
