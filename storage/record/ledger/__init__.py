"""The ledger: entries, sequencer, Merkle tree, checkpoints and proofs."""
