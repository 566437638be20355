"""Tests of miners: refusals, protected reports, rewards."""
