"""Commitments: what a mine says of each clause that it promises, and the document that its principal is to sign."""
