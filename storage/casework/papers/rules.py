"""x."""
from storage.record.problems import Problem
class FontMissing(Problem):
    """x (parameters: families, folder)."""
