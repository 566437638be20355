"""Tests of the stories that the sample people play."""
