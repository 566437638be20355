"""Tests of accounts, roles, certificates, passwords and sessions."""
