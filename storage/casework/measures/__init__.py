"""Measures: what was ordered on site, step by step, until it is lifted, struck off or the mine may start again."""
