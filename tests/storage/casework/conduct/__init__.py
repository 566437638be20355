"""Tests of the conduct of officers."""
