"""What happens on site: inspections, recordings, evidence."""
