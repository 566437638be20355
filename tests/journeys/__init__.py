"""Whole stories over real HTTP, with the real database, the real store and the real workers."""
