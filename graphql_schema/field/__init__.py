"""Speaks of what happens on site: inspections, recordings, evidence."""
