"""Phones of the same local network: HTTPS by an authority of its own, a name, a way to trust it; development only."""
