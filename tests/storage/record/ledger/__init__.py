"""Tests of the ledger: proofs, keys, receipts."""
