"""Tells: follows the ledger and tells people what concerns them."""
