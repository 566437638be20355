"""Tests of what lets in."""
