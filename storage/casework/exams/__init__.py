"""Exams at every inspection (逢查必考): people are drawn by lot; what they answered, and what follows a fail."""
