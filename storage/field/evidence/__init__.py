"""Evidence: declared, uploaded, sealed or quarantined pieces of a recording."""
