"""Facts: what a sealed piece says of itself, held against what was declared; derived and rerunnable."""
