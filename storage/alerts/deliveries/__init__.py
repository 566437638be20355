"""Deliveries: by which ways people are reached, what is to be sent to them, and what came of each attempt."""
