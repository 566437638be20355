"""Tests of the client of reporters."""
