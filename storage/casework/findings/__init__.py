"""Findings: problems and hazards in the law's own wording, with fact, evidence and what is still missing of them."""
