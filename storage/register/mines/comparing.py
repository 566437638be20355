"""What the entries say of mines, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry

_FACTS = (
    *("name", "credit_code", "county", "office", "supervisor", "state", "disasters"),
    *("latitude", "longitude", "sample"),
)


def _expected(said: Sequence[Entry]) -> Expected:
    registered = said[0]
    facts = {name: registered.data[name] for name in _FACTS}
    for changed in said[1:]:
        facts |= {name: after for name, (_, after) in changed.data.items()}
    return {**facts, "registered_at": moment(registered.at)}


MINES = Comparison("mines", "mine.registered", _expected, ("mine.changed",))
