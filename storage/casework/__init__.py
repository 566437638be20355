"""The procedure: what was found, what was ordered, the case to its end, and the papers that it leaves."""
