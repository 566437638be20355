"""Gathers the bundle of a signed commitment: all that proves it, in one file, for whoever asks (protocol 8b)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.commitments import queries, stamping
from storage.promises.commitments.tables import Commitment, CommitmentSeal, CommitmentStamp
from storage.record.ledger import queries as ledger
from storage.record.ledger.proofs.commitments import bundles
from storage.record.ledger.proofs.commitments.signing import Signature
from storage.record.objects import Objects
from storage.record.problems import NotFound

_ENTRIES = """
SELECT n.name, n.payload, n.salt, p.position FROM commitment_entries($1) n
LEFT JOIN positions p ON p.entry_id = n.entry_id AND p.log = $2 AND p.position < $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a bundle is made of: rows, the places of its entries, and the one checkpoint over them."""

    commitment: Commitment
    seal: CommitmentSeal | None
    stamp: CommitmentStamp | None
    entries: Mapping[str, Mapping[str, Any]]
    checkpoint: str


async def plan_bundle(sql: "asyncpg.Connection[Any]", *, commitment_id: UUID) -> Plan:
    """What proves a commitment under the newest shown checkpoint; NotFound until its signature stands under one.

    A seal or stamp that no checkpoint holds yet is left out: the bundle is of what can be proven now.
    """
    signed = await queries.commitment_of_id(sql, commitment_id)
    shown = await ledger.shown_checkpoint(sql)
    rows = {row["name"]: row for row in await sql.fetch(_ENTRIES, commitment_id, shown.log, shown.size)}
    placed = {name: row for name, row in rows.items() if row["position"] is not None}
    if rows.keys() - placed.keys() - {"sealed", "stamped"} or "signed" not in placed:
        raise NotFound()
    proofs = await ledger.proofs_of(sql, shown, sorted({row["position"] for row in placed.values()}))
    entries = {
        name: bundles.place(payload=row["payload"], salt=row["salt"], position=row["position"],
                            proof=proofs[row["position"]])
        for name, row in placed.items()
    }  # fmt: skip
    seal = (await queries.seals_of(sql, [commitment_id])).get(commitment_id) if "sealed" in placed else None
    stamp = (await queries.stamps_of(sql, [commitment_id])).get(commitment_id) if "stamped" in placed else None
    return Plan(commitment=signed, seal=seal, stamp=stamp, entries=entries, checkpoint=shown.note)


async def make_bundle(objects: Objects, plan: Plan, *, keys: Mapping[str, Any]) -> bytes:
    """The bundle's bytes, with the newest PDF; `keys` is the keys document as it stands now."""
    pdf = await stamping.signed_pdf(objects, plan.commitment, plan.stamp)
    return bundles.bundle(
        commitment=plan.commitment.content, signature=signature_of(plan.commitment), pdf=pdf, entries=plan.entries,
        checkpoint=plan.checkpoint, keys=keys, seal=signature_of(plan.seal) if plan.seal is not None else None,
    )  # fmt: skip


def signature_of(row: Commitment | CommitmentSeal) -> Signature:
    """The signature that stands in a row, as a bundle has it."""
    said = (row.authenticator, row.client) if isinstance(row, Commitment) else (None, None)
    return Signature(
        way=str(row.way), algorithm=row.algorithm or "", key=row.key or b"", signature=row.signature or b"",
        authenticator=said[0] or b"", client=said[1] or b"",
        scan=row.scan.hex() if row.scan is not None else "",
    )  # fmt: skip


def name_of(row: Commitment) -> str:
    """What the file is called: the year and the end of the commitment's id."""
    return f"{row.year}-{row.id.hex[-8:]}{bundles.SUFFIX}"
