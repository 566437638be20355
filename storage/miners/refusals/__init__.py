"""Refusals to descend: the place that is refused, the check that answers it, and revenge on whoever refused."""
