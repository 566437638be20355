"""What the entries say of breaches and of what follows them, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from storage.promises.breaches.rules import ANSWERED, DECIDED
from storage.record.clock import day_of
from storage.record.ledger.comparing import Comparison, Expected, last_of, moment
from storage.record.ledger.proofs.entries import Entry

# The mine's clock and the authority's, of which nothing else is told apart from the breach.
_CLOCKS = """ARRAY(
    SELECT concat_ws(' ', d.key, d.start, (extract(epoch FROM d.met_at) * 1000)::bigint)
    FROM breach_deadlines d WHERE d.breach_id = t.id) AS told_clocks"""


def _breach(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    answered, decided, corrected = (last_of(said, f"breach.{kind}") for kind in ("answered", "decided", "corrected"))
    return {
        **{name: told[name] for name in ("year", "key", "title", "source", "findings", "words")},
        "commitment_id": UUID(told["commitment"]), "source_id": UUID(told["source_id"]),
        "clause_digest": told["clause"], "day": date.fromisoformat(told["day"]),
        "found_by": said[0].actor, "found_at": moment(said[0].at),
        **_by(answered, "answered", accepted="accepted", answer="answer", evidence="evidence", correct_by="correct_by"),
        **_by(decided, "decided", stands="stands", decision="words"),
        **_by(corrected, "corrected", correction="words"),
        "told_marked": decided.data["findings"] if decided else [],
        "told_clocks": _clocks(said[0], answered, decided),
    }  # fmt: skip


def _clocks(found: Entry, answered: Entry | None, decided: Entry | None) -> list[str]:
    """Which clocks ran from which day, and when each was met; their ends are the law's, which changes."""
    clocks = [_clock(ANSWERED, found, answered or decided)]
    return clocks if answered is None else [*clocks, _clock(DECIDED, answered, decided)]


def _clock(key: str, begun: Entry, met: Entry | None) -> str:
    return f"{key} {day_of(moment(begun.at))}" + (f" {met.at}" if met is not None else "")


def _consequence(said: Sequence[Entry]) -> Expected:
    decided = last_of(said, "breach.consequence_decided")
    return {
        **{name: said[0].data[name] for name in ("kind", "against", "breaches", "words")},
        "proposed_by": said[0].actor, "proposed_at": moment(said[0].at),
        **_by(decided, "decided", approved="approved", decision="words"),
    }  # fmt: skip


def _by(entry: Entry | None, done: str, **columns: str) -> Expected:
    """What an entry fills: who did it, when, and the columns by the names under which it tells them."""
    filled = {column: entry.data.get(name) if entry else None for column, name in columns.items()}
    return {**filled, f"{done}_by": entry and entry.actor, f"{done}_at": entry and moment(entry.at)}


BREACHES = Comparison(
    "breaches", "breach.found", _breach, ("breach.answered", "breach.decided", "breach.corrected"),
    columns=("ARRAY(SELECT p.finding_id FROM broken_promises p WHERE p.breach_id = t.id) AS told_marked", _CLOCKS),
)  # fmt: skip
BREACH_CONSEQUENCES = Comparison(
    "breach_consequences", "breach.consequence_proposed", _consequence, ("breach.consequence_decided",)
)
