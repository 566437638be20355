"""Alerts: who answers at a time, what they are to be told, and what came of telling them."""
