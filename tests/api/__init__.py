"""Tests of the room that lets in."""
