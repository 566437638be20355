"""Tests of the wing of miners."""
