"""Tests of inspection schemes."""
