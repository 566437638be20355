"""Speaks of casework: papers of enforcement."""
