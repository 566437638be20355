"""Tests of what tells people."""
