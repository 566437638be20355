"""逢查必考: at every inspection people are drawn by lot and examined; what they answered, and what follows a fail."""
