"""Keeping: how long evidence stays, who holds it, how it is looked after, and how it lawfully ends."""
