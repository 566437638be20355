"""Tests of duty rosters."""
