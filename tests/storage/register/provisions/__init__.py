"""Tests of provisions."""
