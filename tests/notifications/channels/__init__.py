"""Tests of the ways out, each against a real server on loopback that speaks its protocol."""
