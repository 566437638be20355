"""Tests of the client of recipients and custodians."""
