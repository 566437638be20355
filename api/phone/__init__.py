"""The reference field client: what native teams copy. It imports the proofs and nothing else of the house."""
