"""Mines, administrative divisions and supervising offices."""
