"""Tests of credit in storage."""
