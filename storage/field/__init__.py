"""What happens on site: inspections, recordings, evidence, the facts read from it, and its keeping."""
