"""Tests of the sub-application of reporters."""
