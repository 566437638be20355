<<<<<<< HEAD
"""Tests of the room that lets in."""
=======
"""Tests of what lets in."""
>>>>>>> 39e3ed9
