"""What the entries say of recordings and their closings, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.entries import Entry


def _expected(said: Sequence[Entry]) -> Expected:
    opened, closed = said[0], last_of(said, "recording.closed")
    return {
        "inspection_id": opened.data["inspection"],
        "opened_by": opened.actor,
        "device_id": opened.device,
        "beacon": opened.data["beacon"],
        "opened_at": moment(opened.at),
        "closed_at": time_of(said, "recording.closed"),
        "told_closing": None if closed is None else closed.id,
        "told_closings": [one.data["closing"] for one in said if one.kind == "recording.closing_signed"],
    }


RECORDINGS = Comparison(
    table="recordings",
    made_by="recording.opened",
    changed_by=("recording.closing_signed", "recording.closed"),
    expected=_expected,
    columns=(
        "(SELECT c.closed_entry_id FROM closings c WHERE c.recording_id = t.id AND c.closed_at IS NOT NULL)"
        " AS told_closing",
        # The signed bytes themselves, of each closing whether or not it came to be co-signed.
        "ARRAY(SELECT encode(sha256(c.closing), 'hex') FROM closings c WHERE c.recording_id = t.id) AS told_closings",
    ),
)
