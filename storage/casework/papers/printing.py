"""Makes the PDF of a paper in three steps (plan, make, record), opens it, and makes it again to compare."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.papers import bodies, queries, rendering, rules
from storage.casework.papers.bodies import Body
from storage.casework.papers.laying import Mark
from storage.casework.papers.rendering import MAKER
from storage.record.actor import Actor, Verb
from storage.record.clock import to_ms
from storage.record.derived import keep_derived
from storage.record.glossary.papers import NO_WITNESS, REFUSED, REFUSED_WHY, WITNESSED
from storage.record.law import Law
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.signatures import Signer
from storage.record.objects import Objects
from storage.record.printing.typesetting import MEDIA_TYPE, Typesetter
from storage.record.problems import TryAgain
from storage.record.work import Work
from storage.register.provisions import queries as provisions

SECONDS = 60
"""How long the URL that an opening hands over is good for."""
_KEEP = """
INSERT INTO paper_prints (paper_id, shows, maker, object_name, object_version, size, sha256, stamped_sha256, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (paper_id, shows) DO UPDATE SET maker = excluded.maker, object_name = excluded.object_name,
  object_version = excluded.object_version, size = excluded.size, sha256 = excluded.sha256,
  stamped_sha256 = excluded.stamped_sha256, made_at = excluded.made_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a PDF shows: the body, what was signed on it, and the PDF that shows just that, if it was made."""

    paper_id: UUID
    body: bytes
    issued_at: datetime
    marks: tuple[Mark, ...]
    shows: bytes
    made: "asyncpg.Record | None"
    law: Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A PDF in the store."""

    shows: bytes
    object_name: str
    object_version: str
    size: int
    sha256: bytes
    stamped_sha256: bytes
    key: str


async def plan_print(sql: "asyncpg.Connection[Any]", actor: Actor, *, paper_id: UUID) -> Plan:
    """What is to be shown now; NotFound, NotAllowed, PaperNotIssued."""
    paper = await queries.paper_of_id(sql, paper_id)
    actor.require(Verb.PAPER_READ, **_scope(paper))
    rules.must_be_issued(paper["state"])
    marks = marks_of(await queries.signatures_of(sql, [paper_id]), await queries.refusals_of(sql, [paper_id]))
    shows = shown(paper["digest"], marks)
    made = await queries.print_of(sql, paper_id, shows)
    if made is not None and made["maker"] != MAKER:
        made = None
    return Plan(
        paper_id=paper_id, body=paper["body"], issued_at=paper["issued_at"], marks=marks, shows=shows, made=made,
        law=await provisions.law_of(sql),
    )  # fmt: skip


async def make_print(objects: Objects, typesetter: Typesetter, key: Signer, plan: Plan) -> Made:
    """Renders and stamps the PDF and puts it into the store; only to be repeated, never to be undone."""
    from storage.record.printing.stamping import stamp  # A second of imports, which only the first print waits for.

    pdf = await asyncio.to_thread(rendering.render, typesetter, plan.body, plan.marks, at=plan.issued_at, law=plan.law)
    stamped = await stamp(pdf, key, agency=Body.decode(plan.body).agency)
    name, version = await objects.aside(keep_derived, objects, stamped, media_type=MEDIA_TYPE)
    return Made(
        shows=plan.shows, object_name=name, object_version=version, size=len(stamped), sha256=sha256(pdf).digest(),
        stamped_sha256=sha256(stamped).digest(), key=key.id,
    )  # fmt: skip


async def open_paper(work: Work, *, paper_id: UUID, made: Made | None) -> tuple[str, str]:
    """Lets a paper be looked at: the name and version of its PDF, whose handing over is an entry.

    `made` is the PDF if it had to be made first. TryAgain if something was signed meanwhile, which it does not show.
    """
    paper = await queries.paper_to_sign(work, paper_id)  # Locked: of two who made it, the first one's is kept.
    plan = await plan_print(work.sql, work.actor, paper_id=paper_id)
    kept = plan.made
    if made is not None and kept is None and made.shows == plan.shows:
        await work.sql.execute(
            _KEEP, paper_id, made.shows, MAKER, made.object_name, made.object_version, made.size, made.sha256,
            made.stamped_sha256, work.now,
        )  # fmt: skip
        work.record("paper.printed", paper_id, **rules.traced(paper), data=_told(made))
        kept = await queries.print_of(work.sql, paper_id, plan.shows)
    if kept is None:
        raise TryAgain()
    work.record(
        "paper.opened", paper_id, **rules.traced(paper),
        data={"version": kept["object_version"], "sha256": kept["stamped_sha256"].hex()},
    )  # fmt: skip
    return kept["object_name"], kept["object_version"]


def marks_of(signed: "Sequence[asyncpg.Record]", refused: "Sequence[asyncpg.Record]") -> tuple[Mark, ...]:
    """What is shown at the places: refusals first, so that whoever signed after all is shown as having signed."""
    return (*map(_refusal, refused), *map(_signature, signed))


def shown(digest: bytes, marks: Sequence[Mark]) -> bytes:
    """The digest of what a PDF shows: the body's digest and every mark."""
    said = [
        {"place": one.place, "name": one.name, "way": one.way, "at": to_ms(one.at), "note": one.note,
         "opinion": one.opinion, "strokes": [[list(point) for point in stroke] for stroke in one.strokes]}
        for one in marks
    ]  # fmt: skip
    return sha256(canonical({"digest": digest.hex(), "marks": said})).digest()


def _signature(row: "asyncpg.Record") -> Mark:
    said = parse_canonical(row["statement"], bodies.LIMIT)
    return Mark(
        place=row["place"], name=row["name"], way=row["way"], at=row["signed_at"], opinion=said.get("opinion", ""),
        strokes=said.get("strokes", ()),
    )  # fmt: skip


def _refusal(row: "asyncpg.Record") -> Mark:
    witness = WITNESSED.format(witness=row["witness"]) if row["witness"] else NO_WITNESS
    note = REFUSED_WHY.format(reason=row["reason"]) + ("" if row["evidence_id"] and not row["witness"] else witness)
    return Mark(place=row["place"], name=row["name"], way=REFUSED, at=row["refused_at"], note=note)


def _told(made: Made) -> dict[str, Any]:
    return {
        "shows": made.shows.hex(), "maker": MAKER, "sha256": made.sha256.hex(), "stamped": made.stamped_sha256.hex(),
        "key": made.key,
    }  # fmt: skip


def _scope(row: "asyncpg.Record") -> dict[str, Any]:
    return {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
