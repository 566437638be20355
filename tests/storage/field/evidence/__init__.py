"""Tests of evidence: what is declared, how it travels, what is sealed."""
