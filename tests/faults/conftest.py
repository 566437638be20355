"""What long courses run on: the same as the short ones."""

from tests.storage.field.evidence.test_courses import upload_ground
from tests.storage.record.ledger.test_courses import log_ground

__all__ = ["log_ground", "upload_ground"]
