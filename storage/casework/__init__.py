"""Casework: what an inspection leads to, from its scheme to the closed case, and the papers that go with it."""
