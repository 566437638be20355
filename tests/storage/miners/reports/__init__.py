"""Tests of protected reports."""
