"""Tests of the pages and of the second verifier, in JavaScript."""
