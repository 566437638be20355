"""The year: who must have signed by when, what everybody reads of it, and how the next one begins."""
