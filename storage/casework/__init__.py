"""Casework: what follows an inspection by law, each procedure a list of steps and each step a lawful act."""
