"""Every select of what is public, on a session of the role `pithead_public`: it sees these rows and no others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from storage.record.ledger import sequencer
from storage.record.ledger.proofs import disclosures as proofs
from storage.record.ledger.proofs import merkle
from storage.record.problems import BadInput
from storage.record.scopes import Statement
from storage.trust.disclosures.grams import STRETCH, Asked, asked
from storage.trust.disclosures.tables import DisclosureKind

LARGEST_PAGE = 100
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What lists show of a disclosure."""

    id: UUID
    seq: int
    kind: str
    disputed: bool
    edition: int
    county: str
    agency: str
    mine_id: UUID | None
    mine: str
    party: str
    credit_code: str | None
    number: str
    title: str
    day: date
    amount: int | None
    published_at: datetime
    changed_at: datetime
    late: bool
    due_on: date | None
    shown_until: date | None
    digest: bytes


@dataclass(frozen=True, slots=True)
class Whole(Shown):
    """The same with its copy, canonical JSON."""

    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gone:
    """A tombstone: what kind of thing it was, since when it is gone, and why."""

    id: UUID
    seq: int
    kind: str
    gone_as: str
    county: str
    basis: str
    reason: str
    published_at: datetime
    gone_at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """One event; `payload` and `salt` are those of its entry, `position` its place in the log once it has one."""

    ordinal: int
    kind: str
    basis: str
    reason: str
    edition: int
    digest: bytes
    at: datetime
    seq: int
    entry_id: UUID
    payload: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    log: int | None
    position: int | None


@dataclass(frozen=True, slots=True)
class Edition:
    """One text that was shown; `content` is None where it harmed somebody, and nobody reads it any more."""

    edition: int
    digest: bytes
    basis: str
    taken_out: str
    made_at: datetime
    content: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """What stands under a permalink: a copy or a tombstone, and what happened. `log`, `size`, `note`: the newest shown
    checkpoint, if there is one."""

    shown: Whole | None
    gone: Gone | None
    events: tuple[Happened, ...]
    editions: tuple[Edition, ...]
    log: int | None
    size: int | None
    note: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """That the entries of all events stand under a checkpoint that was shown: the path of each, in their order."""

    paths: tuple[tuple[bytes, ...], ...]
    size: int
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for; each that is named narrows. `region`: a division of two, four or six digits."""

    words: str = ""
    kind: DisclosureKind | None = None
    region: str | None = None
    mine_id: UUID | None = None
    credit_code: str | None = None
    year: int | None = None
    least: int | None = None
    most: int | None = None


_SHOWN = tuple(one.name for one in fields(Shown))
_LISTED = ", ".join(_SHOWN)
_GONE = ", ".join(one.name for one in fields(Gone))

# One statement, whatever stands under the id: whoever asks for what never was, or is private, waits as long.
_PAGE = f"""
SELECT r.*, g.*,
  ARRAY(SELECT ROW(e.ordinal, e.kind, e.basis, e.reason, e.edition, e.digest, e.at, e.seq, e.entry_id, e.payload,
               e.salt, p.log, p.position)
        FROM disclosure_events e LEFT JOIN LATERAL (
          SELECT log, position FROM positions WHERE entry_id = e.entry_id ORDER BY log DESC LIMIT 1) p ON true
        WHERE e.disclosure_id = $1 ORDER BY e.ordinal) AS events,
  ARRAY(SELECT ROW(d.edition, d.digest, d.basis, d.taken_out, d.made_at, d.content) FROM disclosure_editions d
        WHERE d.disclosure_id = $1 ORDER BY d.edition) AS editions,
  c.log AS shown_log, c.size AS shown_size, c.note AS shown_note
FROM (SELECT) one
LEFT JOIN (SELECT {_LISTED}, content FROM public_rows WHERE id = $1) r ON true
LEFT JOIN (SELECT {", ".join(f"{one.name} AS gone_{one.name}" for one in fields(Gone))}
           FROM public_gone WHERE id = $1) g ON true
LEFT JOIN (SELECT log, size, note FROM checkpoints ORDER BY log DESC, size DESC LIMIT 1) c ON true
"""
_GONE_SINCE = f"SELECT {_GONE} FROM public_gone WHERE seq > $1 ORDER BY seq LIMIT $2"
_GONE_OF = (
    f"SELECT {_GONE} FROM public_gone WHERE ($2::text IS NULL OR county LIKE $2 || '%')"
    " AND ($3::uuid IS NULL OR mine_id = $3) ORDER BY seq DESC LIMIT $1"
)
_CHUNK = f"SELECT {_LISTED}, content FROM public_rows WHERE seq > $1 ORDER BY seq LIMIT $2"
_HEAD = "SELECT seq FROM public_head"
_COUNTS = """
SELECT kind, county, year, count(*) AS many, coalesce(sum(amount), 0)::bigint AS amount,
  count(*) FILTER (WHERE late) AS late
FROM public_rows WHERE ($1::text IS NULL OR county LIKE $1 || '%') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_BY_DIGEST = "SELECT content FROM disclosure_editions WHERE disclosure_id = $1 AND digest = $2 AND content IS NOT NULL"


# A common word fills its page from the newest rows, whatever the length of the rest. What does not is rare: of each
# stretch of the stream, the newest first, few rows have all of its grams, which their index gathers. `seq + 0` keeps
# the planner from walking the stream; alone it takes grams that follow each other for chances of their own.
NEAR: Final = 4_000
_SEARCH = f"""
WITH newest AS (
  SELECT {_LISTED}, searched FROM public_rows WHERE {{behind}} AND {{kept}} ORDER BY seq DESC LIMIT {NEAR}
), near AS MATERIALIZED (
  SELECT {_LISTED} FROM newest WHERE {{terms}} LIMIT {{limit}}
), far AS MATERIALIZED (
  SELECT one.place FROM (
    SELECT stretch, ARRAY(SELECT stretch || ':' || gram FROM unnest({{grams}}) AS gram) AS wanted
    FROM generate_series((SELECT max(seq) >> {STRETCH} FROM public_rows WHERE {{behind}}), 0, -1) AS stretch
    WHERE (SELECT count(*) FROM near) < {{limit}} ORDER BY stretch DESC
  ) asked CROSS JOIN LATERAL (
    SELECT seq AS place FROM public_rows WHERE grams @> asked.wanted AND {{behind}} AND {{kept}} AND {{terms}}
    ORDER BY seq + 0 DESC LIMIT {{limit}}
  ) one LIMIT {{limit}}
)
SELECT {_LISTED} FROM near WHERE (SELECT count(*) FROM near) >= {{limit}}
UNION ALL
SELECT {_LISTED} FROM public_rows WHERE seq IN (SELECT place FROM far)
ORDER BY seq DESC LIMIT {{limit}}
"""


async def head_of(sql: "asyncpg.Connection[Any]") -> int:
    """How far the stream has come: what a list says is the same as long as this is."""
    found: int | None = await sql.fetchval(_HEAD)
    return found or 0


async def page_of(sql: "asyncpg.Connection[Any]", id: UUID) -> Page | None:
    """What stands under a permalink; None where nothing ever did. One statement."""
    row = await sql.fetchrow(_PAGE, id)
    if row is None or (row["id"] is None and row["gone_id"] is None):
        return None
    shown = Whole(**{name: row[name] for name in (*_SHOWN, "content")}) if row["id"] is not None else None
    gone = Gone(*(row[f"gone_{one.name}"] for one in fields(Gone))) if row["gone_id"] is not None else None
    return Page(
        shown, gone, tuple(Happened(*one) for one in row["events"]), tuple(Edition(*one) for one in row["editions"]),
        row["shown_log"], row["shown_size"], row["shown_note"],
    )  # fmt: skip


async def proof_of(sql: "asyncpg.Connection[Any]", page: Page) -> Proof | None:
    """The paths of a page's events to its checkpoint; None while that does not hold them all. One statement."""
    if page.log is None or page.size is None or page.note is None:
        return None
    size = page.size
    positions = [one.position for one in page.events if one.log == page.log and one.position is not None]
    if len(positions) < len(page.events) or any(one >= size for one in positions):
        return None
    keys = {key for one in positions for key in merkle.inclusion_tiles(one, size)}
    tiles = await sequencer.load_tiles(sql, page.log, sorted(keys))
    return Proof(tuple(tuple(merkle.inclusion_proof(one, size, tiles)) for one in positions), size, page.note)


def bundle_of(page: Page, proof: Proof, keys: Mapping[str, Any]) -> bytes | None:
    """The file that proves what is shown to anybody offline; None for what is shown no more."""
    if page.shown is None:
        return None
    entries = [
        proofs.place(payload=one.payload, salt=one.salt, position=one.position or 0, proof=path)
        for one, path in zip(page.events, proof.paths, strict=True)
    ]
    return proofs.bundle(copy=page.shown.content, entries=entries, checkpoint=proof.note, keys=keys)


async def earlier_copy(sql: "asyncpg.Connection[Any]", id: UUID, digest: bytes) -> bytes | None:
    """An edition by its digest, while its disclosure is shown and unless it harmed somebody; one statement."""
    found: bytes | None = await sql.fetchval(_BY_DIGEST, id, digest)
    return found


async def search(
    sql: "asyncpg.Connection[Any]", sought: Sought, *, limit: int, before: int | None = None
) -> list[Shown]:
    """A page of what fits, newest first, behind the row of `seq` `before`; one statement, none for empty words."""
    if not 0 < limit <= LARGEST_PAGE + 1:
        raise BadInput(field="first", reason=f"1-{LARGEST_PAGE}")
    words = asked(sought.words) if sought.words.strip() else None
    if words is None and sought.words.strip():
        return []
    statement = Statement()
    kept = _conditions(sought, statement)
    behind = f"seq < {statement.put(before, 'bigint')}" if before is not None else "true"
    terms = _terms(words, statement) if words is not None else []
    if words is None or sought.mine_id is not None or sought.credit_code is not None:
        # What is shown of one mine or unit is short: it is walked along their index, whatever the words.
        where = " AND ".join([*kept, behind, *terms])
        text = f"SELECT {_LISTED} FROM public_rows WHERE {where} ORDER BY seq DESC LIMIT {limit}"
    else:
        text = _SEARCH.format(
            behind=behind, limit=limit, kept=" AND ".join(kept) or "true", terms=" AND ".join(terms),
            grams=statement.put(list(words.grams), "text[]"),
        )  # fmt: skip
    return [Shown(*row) for row in await sql.fetch(text, *statement.arguments)]


def _terms(words: Asked, statement: Statement) -> list[str]:
    """That the text holds each word as a whole."""
    return [f"strpos(searched, {statement.put(term, 'text')}) > 0" for term in words.terms]


def _conditions(sought: Sought, statement: Statement) -> list[str]:
    found: list[str] = []
    if sought.region is not None:
        column = "county" if len(sought.region) == 6 else "city" if len(sought.region) == 4 else "left(city, 2)"
        found.append(f"{column} = {statement.put(sought.region, 'text')}")
    for column, value, kind in (
        ("kind", sought.kind and sought.kind.value, "text"), ("mine_id", sought.mine_id, "uuid"),
        ("credit_code", sought.credit_code, "text"), ("year", sought.year, "integer"),
    ):  # fmt: skip
        if value is not None:
            found.append(f"{column} = {statement.put(value, kind)}")
    for column, value in (("amount >=", sought.least), ("amount <=", sought.most)):
        if value is not None:
            found.append(f"{column} {statement.put(value, 'bigint')}")
    return found


async def chunk(sql: "asyncpg.Connection[Any]", *, after: int, limit: int = CHUNK) -> list[Whole]:
    """The next rows of the stream as it stands, oldest first; one statement a chunk, whatever the length of it all.

    What is corrected meanwhile comes again at its new place; what is withdrawn is missing from then on.
    """
    return [Whole(*row) for row in await sql.fetch(_CHUNK, after, min(limit, CHUNK))]


async def gone_after(sql: "asyncpg.Connection[Any]", *, after: int, limit: int = CHUNK) -> list[Gone]:
    """What mirrors must delete, oldest first; one statement."""
    return [Gone(*row) for row in await sql.fetch(_GONE_SINCE, after, min(limit, CHUNK))]


async def newest_gone(
    sql: "asyncpg.Connection[Any]", *, limit: int, region: str | None = None, mine_id: UUID | None = None
) -> list[Gone]:
    """What was taken down last, of a mine only what was withdrawn: no other tombstone names one. One statement."""
    return [Gone(*row) for row in await sql.fetch(_GONE_OF, min(limit, LARGEST_PAGE), region, mine_id)]


async def counts(sql: "asyncpg.Connection[Any]", *, region: str | None = None) -> "list[asyncpg.Record]":
    """How many are shown and what they come to, by kind, county and year; one statement."""
    return await sql.fetch(_COUNTS, region)
