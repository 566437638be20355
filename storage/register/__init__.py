"""Who and what is known: people, devices, mines."""
