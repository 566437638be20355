"""Lays before a principal the very bytes that he is to sign, with their PDF: planned, made, recorded. Signs nothing."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.commitments import papers, queries, rules
from storage.promises.commitments.tables import Preview
from storage.promises.keys import queries as keys
from storage.promises.keys.rules import must_be_the_principal
from storage.promises.templates import queries as templates
from storage.promises.templates.rules import TemplateNotApproved, must_be_a_year_to_promise
from storage.record import ids
from storage.record.actor import Actor, Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.derived import keep_derived
from storage.record.ledger.proofs.commitments.documents import NONCE_SIZE, digest_of
from storage.record.objects import Objects
from storage.record.printing.typesetting import MEDIA_TYPE, Typesetter
from storage.record.problems import TryAgain
from storage.record.work import Work
from storage.register.identity import queries as identity
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be laid: for which mine and year, by which template, and the bytes."""

    mine: MineRow
    year: int
    template_id: UUID
    supersedes: bytes | None
    nonce: bytes
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The bytes with their PDF in the store; new each time, so that none of it tells one act from another."""

    nonce: bytes = field(repr=False)
    content: bytes = field(repr=False)
    pdf_sha256: bytes = field(repr=False)
    pdf_size: int = field(repr=False)
    object_name: str = field(repr=False)
    object_version: str = field(repr=False)


async def plan_preview(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, mine_id: UUID, year: int, now: datetime,
    nonce: bytes | None = None,
) -> Plan:  # fmt: skip
    """What would be laid before the principal now, once every clause is answered.

    Raises NotAllowed, NotFound, NotThePrincipal, YearOver, TemplateNotApproved, AnswersOpen, CommitmentTooLong.
    """
    mine, today = await mines.mine_of_id(sql, mine_id), day_of(now)
    actor.require(Verb.COMMITMENT_PREVIEW, county=mine.county, office=mine.office, mine_id=mine.id)
    must_be_a_year_to_promise(year, today)
    must_be_the_principal(actor.account_id, await keys.principal_of(sql, mine_id, today))
    found, answers = await templates.clauses_for(sql, mine_id, year), await queries.last_answers(sql, mine_id, year)
    if found is None:
        raise TemplateNotApproved(year=year)
    rules.must_be_complete(found.promised, answers, today)
    last = await queries.last_of(sql, mine_id, year)
    nonce, supersedes = nonce or secrets.token_bytes(NONCE_SIZE), last.digest if last is not None else None
    content = rules.laid(
        found.promised, answers, mine=(mine.id, mine.name), principal=await _named(sql, actor), year=year,
        template=(found.template_id, found.version), nonce=nonce, supersedes=supersedes,
    )  # fmt: skip
    return Plan(
        mine=mine, year=year, template_id=found.template_id, supersedes=supersedes, nonce=nonce, content=content
    )


async def make_preview(objects: Objects, typesetter: Typesetter, plan: Plan) -> Made:
    """Sets the PDF and puts it into the store; only to be repeated, never to be undone."""
    pdf = await asyncio.to_thread(papers.commitment_pdf, plan.content, typesetter=typesetter)
    name, version = await objects.aside(keep_derived, objects, pdf, media_type=MEDIA_TYPE)
    return Made(
        nonce=plan.nonce, content=plan.content, pdf_sha256=sha256(pdf).digest(), pdf_size=len(pdf), object_name=name,
        object_version=version,
    )  # fmt: skip


async def record_preview(work: Work, *, mine_id: UUID, year: int, made: Made) -> Preview:
    """Keeps what was laid; TryAgain if something changed while it was made, else whatever a plan raises."""
    plan = await plan_preview(work.sql, work.actor, mine_id=mine_id, year=year, now=work.now, nonce=made.nonce)
    if plan.content != made.content:
        raise TryAgain()
    scope: dict[str, Any] = {"county": plan.mine.county, "office": plan.mine.office, "mine_id": mine_id}
    preview = Preview(
        id=ids.new_id(to_ms(work.now)), **scope, year=year, template_id=plan.template_id,
        principal=work.actor.account_id, nonce=plan.nonce, digest=digest_of(plan.content), content=plan.content,
        supersedes=plan.supersedes, disasters=sorted(plan.mine.disasters), pdf_sha256=made.pdf_sha256,
        pdf_size=made.pdf_size, object_name=made.object_name, object_version=made.object_version, laid_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [preview])
    told = {
        "year": year, "template": str(plan.template_id), "nonce": plan.nonce.hex(), "digest": preview.digest.hex(),
        "pdf": made.pdf_sha256.hex(), "pdf_size": made.pdf_size,
    }  # fmt: skip
    work.record("commitment.previewed", preview.id, data=told, **scope)
    return preview


async def content_again(work: Work, preview: Preview, mine: MineRow) -> bytes | None:
    """The bytes that would be laid now in place of these; None where they could not be laid at all."""
    found = await templates.clauses_for(work.sql, preview.mine_id, preview.year)
    answers = await queries.last_answers(work.sql, preview.mine_id, preview.year)
    if found is None or any(one.clause.key not in answers for one in found.promised):
        return None
    return rules.laid(
        found.promised, answers, mine=(mine.id, mine.name), principal=await _named(work.sql, work.actor),
        year=preview.year, template=(found.template_id, found.version), nonce=preview.nonce,
        supersedes=preview.supersedes,
    )  # fmt: skip


async def _named(sql: "asyncpg.Connection[Any]", actor: Actor) -> tuple[UUID, str]:
    """The principal with his name; he always sees his own account."""
    return actor.account_id, await identity.name_of(sql, actor.account_id)
