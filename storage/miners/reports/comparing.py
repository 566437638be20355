"""What the entries say of reports, keys and identity requests, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.miners.reports.steps import ENTRIES
from storage.record.ledger.comparing import Comparison, Expected, last_of, moment
from storage.record.ledger.proofs.entries import Entry

_STATES = {entry: kind.value for kind, entry in ENTRIES.items()}


def _report(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    # Of two steps within one millisecond the ids do not tell which came first; their numbers do.
    steps = [one for one in said if one.kind in _STATES]
    step = max(steps, key=lambda one: int(one.data["number"]), default=None)
    return {
        "kind": told["kind"],
        "channel": told["channel"],
        "taken_by": told.get("taken_by"),
        "hour": moment(said[0].at),
        "state": "FILED" if step is None else _STATES[step.kind],
        "erased": last_of(said, "report.erased") is not None,
    }


def _key(said: Sequence[Entry]) -> Expected:
    return {"account_id": said[0].actor, "replaces": said[0].data.get("replaces")}


def _request(said: Sequence[Entry]) -> Expected:
    released = last_of(said, "identity.released")
    return {
        "report_id": said[0].data["report"],
        "asked_by": said[0].actor,
        "reason": said[0].data["reason"],
        "released_by": None if released is None else released.actor,
    }


REPORTS = Comparison(
    table="reports", made_by="report.filed", changed_by=(*_STATES, "report.erased"), expected=_report
)  # fmt: skip
REPORT_KEYS = Comparison(table="report_keys", made_by="report_key.kept", expected=_key)
IDENTITY_REQUESTS = Comparison(
    table="identity_requests", made_by="identity.asked", changed_by=("identity.released",), expected=_request
)
