"""Tests of the wing of trust."""
