"""Typical cases worded for the public, their photos with regions covered: drafted by one, approved by another."""
