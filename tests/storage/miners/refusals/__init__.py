"""Tests of refusals to descend."""
