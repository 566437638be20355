"""Inspections: opened by officers, with places on the surface and underground."""
