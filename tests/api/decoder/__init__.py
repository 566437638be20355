"""Tests of the decoding child."""
