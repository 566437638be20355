"""What makes rows for tests, by lawful acts only."""
