"""The one way in which everything here refuses, and the few forms of bytes that more than one module asks for."""

from uuid import UUID

from storage.record.ledger.proofs.canonical import from_base64url


class ReportMalformed(ValueError):
    """Something is not what a protected report is made of; `reason` is a stable word, `at` which one of several."""

    def __init__(self, reason: str, *, at: int | None = None) -> None:
        super().__init__(reason if at is None else f"{reason} {at}")
        self.reason = reason
        self.at = at


def bytes_of(text: object, *, size: int, reason: str) -> bytes:
    """The bytes that base64url writes, if they are so many; else ReportMalformed with this reason."""
    try:
        data = from_base64url(text)
    except ValueError as error:
        raise ReportMalformed(reason) from error
    if len(data) != size:
        raise ReportMalformed(reason)
    return data


def must_be_id(text: object, *, reason: str) -> str:
    """An id that a client drew: a UUID of version 4 in its usual form, which says nothing of when it was made."""
    try:
        id = UUID(text) if type(text) is str else None
    except ValueError:
        id = None
    if id is None or id.version != 4 or str(id) != text:
        raise ReportMalformed(reason)
    return str(text)
