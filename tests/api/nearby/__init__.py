"""Tests of the door for phones of the local network."""
