"""Tests of what anybody may open, over HTTP."""
