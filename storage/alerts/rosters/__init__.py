"""Rosters: who is on duty for a division or a branch office, hand-over, absence, and whether his desk is awake."""
