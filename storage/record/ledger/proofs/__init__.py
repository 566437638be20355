"""What anyone needs to check the record offline: formats, signatures, Merkle proofs. Imports nothing of the product."""
