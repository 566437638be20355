"""Tests of what a mine answers."""
