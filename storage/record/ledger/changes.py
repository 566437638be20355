"""What an actor may know of the log behind a place: the entries about what his roles let him read, and his own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

from storage.record.actor import Actor, Reach, Verb
from storage.record.scopes import Statement

Place: TypeAlias = tuple[int, int]
"""A log and a position in it; logs follow one another, so places have one order."""

BEGINNING: Final[Place] = (0, -1)
LARGEST: Final = 5_000
WINDOW: Final = 10_000
"""How many positions one reading looks at, seen or not: whoever sees one in a thousand comes again for the next."""

# What an entry is about, by the noun of its kind, is read by whoever may read that. A noun that is not here is told
# to nobody but the actor himself: sessions and addresses are, and matters of conduct, since a complaint is about one
# who may read; and whatever begins with a miner, since a row of moments is how he would be found.
READ_BY: Final[dict[str, Verb]] = {
    **dict.fromkeys(("account", "certificate", "device", "password", "role"), Verb.ACCOUNT_READ),
    **dict.fromkeys(("erasure", "evidence", "hold", "pack", "retention"), Verb.EVIDENCE_READ),
    "alert": Verb.ALERT_READ,
    "answer": Verb.ANSWER_READ,
    "blacklist": Verb.BLACKLIST_READ,
    "breach": Verb.BREACH_READ,
    "case": Verb.CASE_READ,
    "commitment": Verb.COMMITMENT_READ,
    **dict.fromkeys(("disclosure", "list"), Verb.DISCLOSURE_READ),
    **dict.fromkeys(("deliveries", "duty"), Verb.DUTY_READ),
    "exam": Verb.EXAM_READ,
    "exposure": Verb.EXPOSURE_READ,
    "finding": Verb.FINDING_READ,
    "inspection": Verb.INSPECTION_READ,
    "measure": Verb.MEASURE_READ,
    **dict.fromkeys(("mine", "office", "provision"), Verb.MINE_READ),
    "paper": Verb.PAPER_READ,
    **dict.fromkeys(("person", "post", "qualification", "shift", "workplace"), Verb.PERSON_READ),
    "question": Verb.QUESTION_READ,
    "recording": Verb.RECORDING_READ,
    "repair": Verb.REPAIR_READ,
    "sanction": Verb.SANCTION_READ,
    "request": Verb.REQUEST_READ,
    "scheme": Verb.SCHEME_READ,
    **dict.fromkeys(("clause", "template"), Verb.TEMPLATE_READ),
}

GONE: Final = frozenset({"evidence.erased"})
"""The kinds of entries behind which nobody holds their subject's bytes any more, a phone as little as we."""

# The end of the window: its last position, or the end of the log where the log ends sooner.
_END = """
SELECT h.log, h.size - 1 AS position, w.log AS window_log, w.position AS window_position
FROM (SELECT log, size FROM tree_head ORDER BY log DESC LIMIT 1) h LEFT JOIN LATERAL (
  SELECT log, position FROM positions WHERE (log, position) {beyond} ($1, $2)
  ORDER BY log {way}, position {way} OFFSET $3 LIMIT 1
) w ON true
"""

# LATERAL with a limit makes the planner look up each position of the window by its entry, in order, and stop when the
# page is full; left to itself it would rather read all payloads of the record to join a window of three.
_PAGE = """
SELECT p.log, p.position, p.entry_id AS id, one.kind, one.subject, one.at
FROM positions p CROSS JOIN LATERAL (
  SELECT e.kind, e.at, y.subject FROM entries e JOIN payloads y ON y.entry_id = e.id
  WHERE e.id = p.entry_id AND y.entry_id = p.entry_id AND ({seen}) LIMIT 1
) one
WHERE (p.log, p.position) > ({low}) AND (p.log, p.position) < ({high})
ORDER BY p.log {way}, p.position {way} LIMIT {limit}
"""
_FORWARD: Final = {"beyond": ">", "way": "ASC"}
_BACKWARD: Final = {"beyond": "<", "way": "DESC"}
_NO_END: Final[Place] = (2**15 - 1, 2**62)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry: where it stands, what happened, to what, and when by the API's clock."""

    log: int
    position: int
    id: UUID
    kind: str
    subject: UUID
    at: datetime

    @property
    def place(self) -> Place:
        """Where it stands, as changes are sorted."""
        return self.log, self.position


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes; whoever goes on from `end` misses nothing, and `more` says whether that is worth it now."""

    rows: list[Change]
    end: Place
    more: bool
    head: Place


async def changes_visible_to(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, after: Place, limit: int, window: int = WINDOW
) -> Changes:
    """The entries behind `after` that the actor may see, oldest first, `limit` at most, in two statements.

    At most `window` positions are looked at. A place beyond the log, as after a loss, is no error: nothing is there.
    """
    found = await sql.fetchrow(_END.format(**_FORWARD), *after, window - 1)
    if found is None:
        return Changes([], after, more=False, head=BEGINNING)
    head: Place = (found["log"], found["position"])
    full = found["window_position"] is not None and (found["window_log"], found["window_position"]) < head
    end: Place = (found["window_log"], found["window_position"]) if full else max(head, after)
    rows = await _rows(sql, actor, low=after, high=(end[0], end[1] + 1), limit=limit + 1, way=_FORWARD)
    if len(rows) > limit:
        return Changes(rows[:limit], rows[limit - 1].place if limit else after, more=True, head=head)
    return Changes(rows, end, more=full, head=head)


async def changes_visible_before(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, before: Place | None, limit: int, window: int = WINDOW
) -> Changes:
    """The newest entries before `before` (or of all) that the actor may see, oldest first; `end` is where to go on."""
    high = _NO_END if before is None else before
    found = await sql.fetchrow(_END.format(**_BACKWARD), *high, window - 1)
    if found is None:
        return Changes([], BEGINNING, more=False, head=BEGINNING)
    head: Place = (found["log"], found["position"])
    full = found["window_position"] is not None
    low: Place = (found["window_log"], found["window_position"] - 1) if full else BEGINNING
    rows = await _rows(sql, actor, low=low, high=high, limit=limit + 1, way=_BACKWARD)
    if len(rows) > limit:
        shown = rows[:limit][::-1]
        return Changes(shown, shown[0].place if shown else high, more=True, head=head)
    return Changes(rows[::-1], (low[0], low[1] + 1), more=low > BEGINNING, head=head)


async def head_of_log(sql: "asyncpg.Connection[Any]") -> Place:
    """The place of the newest entry."""
    row = await sql.fetchrow("SELECT log, size - 1 FROM tree_head ORDER BY log DESC LIMIT 1")
    return BEGINNING if row is None else (row[0], row[1])


async def _rows(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, low: Place, high: Place, limit: int, way: dict[str, str]
) -> list[Change]:
    statement = Statement()
    seen = [f"y.actor_id = {statement.put(actor.account_id)}"]
    for reach, nouns in _nouns_by_reach(actor).items():
        kind = f"split_part(e.kind, '.', 1) = ANY ({statement.put(nouns, 'text[]')})"
        within = "true" if reach.everything else _within(reach, statement)
        seen.append(f"({kind} AND {within})")
    bounds = [f"{statement.put(log, 'smallint')}, {statement.put(place, 'bigint')}" for log, place in (low, high)]
    statement.text = _PAGE.format(seen=" OR ".join(seen), low=bounds[0], high=bounds[1], limit=limit, way=way["way"])
    return [Change(**row) for row in await sql.fetch(statement.text, *statement.arguments)]


def _nouns_by_reach(actor: Actor) -> dict[Reach, list[str]]:
    found: dict[Reach, list[str]] = {}
    for noun, verb in READ_BY.items():
        reach = actor.reach_of(verb)
        if reach != Reach():
            found.setdefault(reach, []).append(noun)
    return found


def _within(reach: Reach, statement: Statement) -> str:
    """The rule of Reach.covers."""
    return (
        f"(y.county = ANY ({statement.put(sorted(reach.counties), 'text[]')})"
        f" OR y.office = ANY ({statement.put(sorted(reach.offices), 'text[]')})"
        f" OR y.mine_id = ANY ({statement.put(sorted(reach.mines), 'uuid[]')}))"
    )
