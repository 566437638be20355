"""Breaches: a promised clause that was found not kept, what the mine says to it, what is decided, what follows."""
