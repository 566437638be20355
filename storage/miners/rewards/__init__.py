"""Rewards: what a report that was found true is worth by law, who decides it, how it reaches whom nobody knows."""
