"""Lets in: the only room that knows HTTP, the environment and the clock."""
