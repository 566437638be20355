"""The only acts by which papers are signed, in three ways, and by which it is recorded that somebody would not."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.papers import queries, rules
from storage.casework.papers.tables import SignedWay
from storage.field.evidence import queries as evidence
from storage.record.actor import Role, Verb
from storage.record.clock import to_ms
from storage.record.ids import new_id
from storage.record.law.forms import Place
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.work import Work
from storage.register.devices import queries as devices
from storage.register.devices import rules as device_rules
from storage.register.provisions import queries as provisions

_SIGN = """
INSERT INTO paper_signatures (id, paper_id, place, way, name, account_id, statement, device_id, algorithm, public_key,
  signature, evidence_id, recorded_by, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
_REFUSE = """
INSERT INTO paper_refusals (id, paper_id, place, name, reason, witness, evidence_id, recorded_by, refused_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One signature: `at` is the device's time (ms); `name` is that of whoever signs by a hand that has no account."""

    place: str
    way: SignedWay
    at: int
    name: str = ""
    opinion: str = ""
    signature: bytes | None = None
    strokes: list[list[list[int]]] | None = None
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """Who would not sign at which place, why, and who or which film bears witness to it."""

    place: str
    name: str
    reason: str
    witness: str = ""
    evidence_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """What stands behind a signature: who, and the columns that keep it; `said` is what its statement says besides."""

    name: str
    account_id: UUID | None
    said: dict[str, Any]
    device: tuple[UUID, str, bytes] | None = None


async def sign_paper(work: Work, *, paper_id: UUID, signing: Signing) -> "asyncpg.Record":
    """Signs an issued paper at one place; the same again answers as before. Returns the paper.

    Raises NotFound, NotAllowed and the Problems of rules: each way brings its own proof, bound to the paper's digest.
    """
    paper, place = await _paper_and_place(work, paper_id, signing.place)
    rules.must_be_whole(
        signing.way, signature=signing.signature, strokes=signing.strokes, evidence_id=signing.evidence_id
    )
    proof = await _proof_of(work, paper, place, signing)
    opinion = rules.must_be_a_line("opinion", signing.opinion) if signing.opinion else ""
    statement = rules.statement_of(
        paper_id=paper_id, digest=paper["digest"], place=place.name, way=signing.way, at=signing.at, opinion=opinion,
        **proof.said,
    )  # fmt: skip
    signed = await queries.signatures_of(work.sql, [paper_id])
    if any((one["place"], one["statement"]) == (place.name, statement) for one in signed):
        return paper
    rules.must_be_free(place, (one["place"] for one in signed))
    rules.must_sign_once(place, proof.account_id, [(one["place"], one["account_id"]) for one in signed])
    if proof.device is not None and signing.signature is not None:
        rules.must_be_signed_by_key(statement, signing.signature, algorithm=proof.device[1], public_key=proof.device[2])
    await _store(work, paper, place, signing, proof, statement)
    return paper


async def record_refusal(work: Work, *, paper_id: UUID, refusing: Refusing) -> "asyncpg.Record":
    """An officer records that somebody would not sign (安法68; 行诉证据规定15), and who or which film witnessed it.

    That nobody bore witness is kept as it is, never refused. Returns the paper; again it answers as before.
    """
    paper, place = await _paper_and_place(work, paper_id, refusing.place, by=Verb.PAPER_ISSUE)
    said = rules.must_be_a_refusal(name=refusing.name, reason=refusing.reason, witness=refusing.witness)
    if refusing.evidence_id is not None:
        await _photo_of(work, paper, refusing.evidence_id)
    columns = {**said, "evidence_id": refusing.evidence_id}
    known = [one for one in await queries.refusals_of(work.sql, [paper_id]) if one["place"] == place.name]
    if any({name: one[name] for name in columns} == columns for one in known):
        return paper
    signed = await queries.signatures_of(work.sql, [paper_id])
    rules.must_be_free(place, (one["place"] for one in (*signed, *known)))
    id = new_id(to_ms(work.now))
    await work.sql.execute(_REFUSE, id, paper_id, place.name, *columns.values(), work.actor.account_id, work.now)
    told = {name: value for name, value in said.items() if value is not None}
    if refusing.evidence_id is not None:
        told["evidence"] = str(refusing.evidence_id)
    about = {"paper": str(paper_id), "digest": paper["digest"].hex(), "place": place.name}
    work.record("paper.refused", id, **rules.traced(paper), data={**about, **told})
    return paper


async def _paper_and_place(
    work: Work, paper_id: UUID, place: str, *, by: Verb = Verb.PAPER_SIGN
) -> "tuple[asyncpg.Record, Place]":
    paper = await queries.paper_to_sign(work, paper_id)
    work.actor.require(by, **_scope(paper))
    rules.must_be_issued(paper["state"])
    law = await provisions.law_of(work.sql)
    return paper, rules.place_of(law.form_of(paper["form"], paper["version"]), place)


async def _proof_of(work: Work, paper: "asyncpg.Record", place: Place, signing: Signing) -> _Proof:
    """Whose signature it is: the actor's own by key, or by hand in a capacity of the agency; else that of a name."""
    account_id = work.actor.account_id
    if signing.way is SignedWay.KEY:
        rules.must_have_capacity(place, _roles(work, paper))
        device_id = device_rules.must_be_in_hand(work.actor.device_id)
        device = await devices.own_signing_device(work.sql, work.actor, device_id, now=work.now)
        said = {"account": str(account_id), "device": str(device.id)}
        name = await queries.name_of(work.sql, account_id)
        return _Proof(
            name=name, account_id=account_id, said=said, device=(device.id, device.algorithm, device.public_key)
        )
    bound = await _bound(work, paper, signing)
    if signing.way is SignedWay.HAND and place.capacity not in rules.OTHERS:
        rules.must_have_capacity(place, _roles(work, paper))
        name = await queries.name_of(work.sql, account_id)
        return _Proof(name=name, account_id=account_id, said={"account": str(account_id), "name": name, **bound})
    work.actor.require(Verb.PAPER_ISSUE, **_scope(paper))
    name = rules.must_be_a_line("name", signing.name)
    return _Proof(name=name, account_id=None, said={"name": name, "recorder": str(account_id), **bound})


async def _bound(work: Work, paper: "asyncpg.Record", signing: Signing) -> dict[str, Any]:
    """What a hand leaves: the strokes themselves, or the photo of the signed paper with its digest."""
    if signing.evidence_id is None:
        return {"strokes": signing.strokes}
    photo = await _photo_of(work, paper, signing.evidence_id)
    return {"evidence": str(signing.evidence_id), "sha256": photo["sha256"].hex()}


async def _photo_of(work: Work, paper: "asyncpg.Record", evidence_id: UUID) -> "asyncpg.Record":
    found = await evidence.pieces_by_ids(work.sql, ids=[evidence_id])
    rules.must_stand_for(
        paper["mine_id"], mine_id=found[0]["mine_id"] if found else None, state=found[0]["state"] if found else None
    )
    return found[0]


async def _store(
    work: Work, paper: "asyncpg.Record", place: Place, signing: Signing, proof: _Proof, statement: bytes
) -> None:
    id, device = new_id(to_ms(work.now)), proof.device or (None, None, None)
    await work.sql.execute(
        _SIGN, id, paper["id"], place.name, signing.way.value, proof.name, proof.account_id, statement, *device,
        signing.signature, signing.evidence_id, work.actor.account_id, work.now,
    )  # fmt: skip
    data = {"paper": str(paper["id"]), "digest": paper["digest"].hex(), "place": place.name, "way": signing.way.value,
            "name": proof.name, "statement": sha256(statement).hexdigest()}  # fmt: skip
    if proof.account_id is not None:
        data["account"] = str(proof.account_id)
    if proof.device is not None and signing.signature is not None:
        data |= {"device_key": to_base64url(proof.device[2]), "signature": to_base64url(signing.signature)}
    if signing.evidence_id is not None:
        data["evidence"] = str(signing.evidence_id)
    work.record("paper.signed", id, **rules.traced(paper), data=data)


def _roles(work: Work, paper: "asyncpg.Record") -> set[Role]:
    """The actor's roles that reach this paper."""
    return {grant.role for grant in work.actor.grants if grant.reach.covers(**_scope(paper))}


def _scope(row: "asyncpg.Record") -> dict[str, Any]:
    return {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
