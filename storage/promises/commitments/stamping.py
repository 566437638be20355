"""Puts the authority's stamp behind the PDF of a signed commitment, in three steps; raises it where time is had."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.commitments import queries
from storage.promises.commitments.tables import Commitment, CommitmentStamp
from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.derived import keep_derived
from storage.record.law import forms
from storage.record.ledger.proofs.commitments import acts
from storage.record.ledger.proofs.signatures import Signer
from storage.record.objects import Objects
from storage.record.printing.typesetting import MEDIA_TYPE
from storage.record.work import Work

BASIC, TIMED = "B-B", "B-T"
"""The levels of a stamp (`printing.stamping.Level`), in the order in which one is raised to the other."""


class PdfDiffers(Exception):
    """What the store holds is not the PDF that was signed for: nothing is stamped, and an operator looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A signed commitment, and the stamp that it has, if it is to be raised."""

    commitment: Commitment
    stamped: CommitmentStamp | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A stamped PDF in the store."""

    level: str
    stamp_key: str
    object_name: str
    object_version: str
    size: int
    sha256: bytes


async def plan_stamps(
    sql: "asyncpg.Connection[Any]", *, timed: bool, but: Sequence[UUID] = (), limit: int = 10
) -> list[Plan]:
    """What is to be stamped, the oldest first; with an authority of time, also what has a stamp without it."""
    level = TIMED if timed else BASIC
    found = await queries.unstamped(sql, level=level, but=but, limit=limit)
    stamps = await queries.stamps_of(sql, [one.id for one in found])
    return [Plan(commitment=one, stamped=stamps.get(one.id)) for one in found]


async def make_stamp(objects: Objects, key: Signer, plan: Plan, *, clock: Any = None) -> Made | None:
    """Stamps, or raises what is stamped, and puts it into the store; None where no time was to be had for a raise."""
    from storage.record.printing import stamping  # A second of imports, which only the first stamp waits for.
    from storage.record.printing.clocks import ClockFailed

    pdf = await signed_pdf(objects, plan.commitment, plan.stamped)
    if plan.stamped is None:
        agency = forms.set_on(day_of(plan.commitment.signed_at)).agency_of(plan.commitment.office).name
        done, level = await stamping.stamp_timed(pdf, key, agency=agency, clock=clock)
        by = key.id
    else:
        try:
            done, level, by = await stamping.raise_level(pdf, clock), stamping.Level.TIMED, plan.stamped.stamp_key
        except ClockFailed:
            return None
    name, version = await objects.aside(keep_derived, objects, done, media_type=MEDIA_TYPE)
    return Made(
        level=level.value, stamp_key=by, object_name=name, object_version=version, size=len(done),
        sha256=sha256(done).digest(),
    )  # fmt: skip


async def record_stamp(work: Work, *, commitment_id: UUID, made: Made) -> CommitmentStamp:
    """Keeps a stamp and leaves `commitment.stamped`; TryAgain if another had it first."""
    signed = await queries.commitment_of_id(work.sql, commitment_id)
    scope: dict[str, Any] = {"county": signed.county, "office": signed.office, "mine_id": signed.mine_id}
    told = acts.stamped_data(signed.content, made.sha256, key=made.stamp_key, level=made.level)
    entry = work.record(acts.STAMPED, commitment_id, data=told, **scope)
    row = CommitmentStamp(
        commitment_id=commitment_id, **scope, level=made.level, stamp_key=made.stamp_key, size=made.size,
        object_name=made.object_name, object_version=made.object_version, sha256=made.sha256, stamped_at=work.now,
        entry_id=entry,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    return row


async def signed_pdf(objects: Objects, commitment: Commitment, stamp: CommitmentStamp | None) -> bytes:
    """The PDF of a commitment from the store, with the stamp behind it if there is one; PdfDiffers if it is another."""
    held = stamp or commitment
    digest = stamp.sha256 if stamp is not None else commitment.pdf_sha256
    pdf = await objects.aside(lambda: b"".join(objects.read(held.object_name, held.object_version)))
    if sha256(pdf).digest() != digest:
        raise PdfDiffers(str(commitment.id))
    return pdf
