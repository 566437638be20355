"""Alerts: what happened that somebody must know of at once, who was told, how far it went up, who has it."""
