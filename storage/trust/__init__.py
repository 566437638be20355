"""The wing of trust: what the public may read, follow, download and check, and what follows from it for a party."""
