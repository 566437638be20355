"""What a published copy is, and how a downloaded disclosure is checked: copy, entry, salt, inclusion, checkpoint."""

COPY_VERSION = "pithead/disclosure/1"
COPY_LIMIT = 131_072
"""The most bytes of one copy."""
