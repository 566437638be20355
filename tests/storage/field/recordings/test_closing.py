"""Tests of closing a recording: what it must say, who signs and co-signs it, and what comes after."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.field.evidence import losses
from storage.field.evidence import rules as evidence_rules
from storage.field.evidence.operations import Piece
from storage.field.inspections.rules import CertificateNotValid, NotAnOfficer
from storage.field.recordings import operations, queries, rules
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.closings import Closing, Gap, read_closed
from storage.record.ledger.proofs.statements import FIRST_PREV, LAST_SEQ
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import perform
from storage.register.devices.rules import DeviceNeeded, DeviceNotValid
from tests.factories.evidence import declare, received
from tests.factories.field import ELSEWHERE, PHOTO, Phone, Scene, make_phone, make_scene
from tests.factories.ledger import count, looking


def closing(
    scene: Scene, count: int = 0, last: str = FIRST_PREV, *, gaps: tuple[Gap, ...] = (), **changes: Any
) -> Closing:
    """A closing by the scene's first officer over one chain of his phone, if it has one."""
    chains = {str(scene.phone.id): (count, last)} if count else {}
    plain = Closing(recording=str(scene.recording_id), closer=str(scene.phone.owner_id), at=to_ms(scene.now),
                    chains=chains, gaps=gaps)  # fmt: skip
    return replace(plain, **changes)


async def close(
    record: Database, scene: Scene, said: Closing | bytes, *, actor: Actor | None = None, phone: Phone | None = None,
    signature: bytes | None = None, recording_id: Any = None,
) -> Any:  # fmt: skip
    data = said if isinstance(said, bytes) else said.encode()
    signed = (phone or scene.phone).key.sign(signatures.signing_input("closing", data))
    return await perform(
        record, actor or scene.actor(phone), scene.now, operations.close_recording, closing=data,
        recording_id=recording_id or scene.recording_id, signature=signature or signed,
    )  # fmt: skip


async def cosign(
    record: Database, scene: Scene, said: Closing, *, actor: Actor | None = None, phone: Phone | None = None,
    signature: bytes | None = None,
) -> Any:  # fmt: skip
    held = phone or scene.phones[1]
    signed = held.key.sign(signatures.signing_input("cosign", said.encode()))
    return await perform(
        record, actor or scene.actor(held), scene.now, operations.cosign_closing, recording_id=scene.recording_id,
        signature=signature or signed,
    )  # fmt: skip


async def three(record: Database, scene: Scene) -> list[Any]:
    """Three declared statements; the items."""
    items = scene.chain([PHOTO + bytes([number]) for number in range(3)])
    await declare(record, scene, items)
    return items


def last_of(items: list[Any]) -> str:
    return sha256(items[-1].statement).hexdigest()


async def test_two_officers_close_a_recording_and_the_entry_names_both_keys(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    items = await three(record, scene)
    said = closing(scene, 3, last_of(items))
    signed = await close(record, scene, said)
    assert (signed["closed_at"], signed["file"]) == (None, None)
    assert await close(record, scene, said, signature=signed["signature"]) == signed
    closed = await cosign(record, scene, said)
    found = read_closed(closed["file"])
    assert found.closing == said
    assert (found.closer.maker, found.cosigner.maker) == tuple(str(phone.owner_id) for phone in scene.phones)
    assert await cosign(record, scene, said) == closed
    async with looking(database.superuser) as sql:
        kinds = await sql.fetch("SELECT kind FROM entries ORDER BY database_at")
        assert [row[0] for row in kinds][3:] == ["recording.closing_signed", "recording.closed"]
        payload = await sql.fetchval("SELECT payload FROM payloads WHERE entry_id = $1", closed["closed_entry_id"])
    assert sha256(said.encode()).hexdigest().encode() in payload


async def test_what_is_declared_after_the_closing_is_kept_and_flagged(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    items = await three(record, scene)
    said = closing(scene, 3, last_of(items))
    await close(record, scene, said)
    await cosign(record, scene, said)
    flag = evidence_rules.Flag.DECLARED_AFTER_CLOSING
    scene.now += timedelta(seconds=1)
    for phone in scene.phones:
        seq = 3 if phone is scene.phone else 0
        prev = last_of(items) if seq else FIRST_PREV
        (piece,) = await declare(record, scene, [scene.item(phone=phone, seq=seq, prev=prev)], phone=phone)
        async with record.reading(scene.actor()) as sql:
            assert await sql.fetchval("SELECT flags FROM evidence WHERE id = $1", piece.id) == [flag]
    with pytest.raises(rules.RecordingAlreadyClosed):
        await close(record, scene, closing(scene, 4, "ab" * 32))
    async with looking(database.superuser) as sql:
        for statement in ("UPDATE recordings SET closed_at = now()", "UPDATE closings SET closing = ''",
                          "DELETE FROM closings", "UPDATE closings SET closed_at = NULL"):  # fmt: skip
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute(statement)


async def test_a_closing_that_says_otherwise_than_the_record_is_refused_by_name(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    items = scene.chain([PHOTO + bytes([number]) for number in range(4)])
    await declare(record, scene, [items[0], items[1], items[3]])
    device, last = str(scene.phone.id), last_of(items)
    gap = Gap(device, 2, 2, "存储卡损坏")
    before = await count(database.superuser, "entries")
    for said, reason in (
        (closing(scene), "is not in the closing"),
        (closing(scene, 4, last), "seq 2 to 2"),
        (closing(scene, 4, "ab" * 32, gaps=(gap,)), "the last statement"),
        (closing(scene, 3, FIRST_PREV, gaps=(gap,)), "has 4 statements, the closing says 3"),
        (closing(scene, 6, "ab" * 32, gaps=(gap,)), "seq 4 to 5"),
    ):
        with pytest.raises(rules.ClosingContradicts) as refusal:
            await close(record, scene, said)
        assert reason in str(refusal.value.parameters["reason"])
    assert await count(database.superuser, "entries") == before
    good = closing(scene, 6, FIRST_PREV, gaps=(gap, Gap(device, 4, 5, "手机落水，未能上传")))
    await close(record, scene, good)
    await declare(record, scene, [items[2]])
    assert (await cosign(record, scene, good))["closed_at"] is not None, "a gap that was filled is no contradiction"


async def test_what_was_lost_or_quarantined_is_explained_and_what_is_sealed_is_no_gap(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    pieces = await received(record, scene, PHOTO + b"0", PHOTO + b"1")
    items = scene.chain([PHOTO], first=2, prev=sha256(pieces[1].statement).hexdigest())
    (late,) = await declare(record, scene, items)
    async with looking(database.superuser) as sql:
        for state, piece in zip(("SEALED", "QUARANTINED"), pieces, strict=True):
            await sql.execute(f"UPDATE evidence SET state = '{state}' WHERE id = $1", piece.id)
    await perform(
        record, scene.actor(), scene.now, losses.report_undelivered, evidence_ids=[late.id], reason="手机被埋"
    )
    device = str(scene.phone.id)
    async with record.reading(scene.actor()) as sql:
        (chain,) = await queries.chains_of(sql, recording_ids=[scene.recording_id])
    assert (chain["count"], chain["gaps"]) == (3, [[1, 2]])
    for said in (
        closing(scene, 3, last_of(items)),
        closing(scene, 3, FIRST_PREV, gaps=(Gap(device, 0, 2, "无"),)),
    ):
        with pytest.raises(rules.ClosingContradicts):
            await close(record, scene, said)
    await close(record, scene, closing(scene, 3, FIRST_PREV, gaps=(Gap(device, 1, 2, "一件被隔离，一件遗失"),)))


@pytest.mark.parametrize("seq", [2**31 - 1, 2**31, LAST_SEQ])
async def test_a_number_beyond_all_sense_is_a_gap_to_explain_and_no_recording_stays_open_for_it(
    record: Database, database: DatabaseAddresses, seq: int
) -> None:
    scene = await make_scene(database.superuser)
    item = scene.item(seq=seq, prev="1" * 64)
    (piece,) = await declare(record, scene, [item])
    assert isinstance(piece, Piece)
    async with record.reading(scene.actor()) as sql:
        (chain,) = await queries.chains_of(sql, recording_ids=[scene.recording_id])
    assert (chain["count"], chain["gaps"]) == (seq + 1, [[0, seq - 1]])
    gap = Gap(str(scene.phone.id), 0, seq - 1, "计数器出错")
    said = closing(scene, seq + 1, last_of([item]), gaps=(gap,))
    await close(record, scene, said)
    assert (await cosign(record, scene, said))["closed_at"] is not None


async def test_a_statement_that_came_between_the_signatures_needs_a_new_closing(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    items = await three(record, scene)
    first = closing(scene, 3, last_of(items))
    await close(record, scene, first)
    more = scene.chain([PHOTO], first=3, prev=last_of(items))
    await declare(record, scene, more)
    with pytest.raises(rules.ClosingContradicts):
        await cosign(record, scene, first)
    second = closing(scene, 4, last_of(more))
    scene.now += timedelta(seconds=1)
    await close(record, scene, second)
    with pytest.raises(rules.ClosingSignatureWrong):
        await cosign(record, scene, first)
    assert (await cosign(record, scene, second))["closing"] == second.encode()


async def test_one_officer_alone_a_stranger_or_another_signature_closes_nothing(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    said = closing(scene)
    async with looking(database.superuser) as sql:
        colleague = await make_phone(sql, scene)
        second = await make_phone(sql, scene, owner_id=scene.phone.owner_id)
        lost = await make_phone(sql, scene, owner_id=scene.phone.owner_id, lost_at=scene.now - timedelta(hours=1))
    with pytest.raises(rules.ClosingNotSigned):
        await cosign(record, scene, said)
    refusals: list[tuple[type[Exception], dict[str, Any]]] = [
        (NotAnOfficer, {"phone": colleague}),
        (DeviceNeeded, {"actor": replace(scene.actor(), device_id=None)}),
        (DeviceNotValid, {"phone": lost}),
        (NotFound, {"recording_id": foreign.recording_id}),
        (NotFound, {"recording_id": uuid4()}),
        (rules.ClosingSignatureWrong, {"signature": bytes(64)}),
        (rules.ClosingSignatureWrong, {"phone": second, "actor": scene.actor()}),
    ]
    for problem, changed in refusals:
        with pytest.raises(problem):
            await close(record, scene, said, **changed)
    for wrong in (said.encode()[:-1], replace(said, recording=str(foreign.recording_id)).encode(),
                  replace(said, closer=str(colleague.owner_id)).encode()):  # fmt: skip
        with pytest.raises(rules.ClosingMalformed):
            await close(record, scene, wrong)
    for role in Role:
        if Verb.RECORDING_CLOSE not in ROLE_VERBS[role]:
            with pytest.raises(NotAllowed):
                await close(record, scene, said, actor=scene.actor(role=role))
    assert await count(database.superuser, "entries") == await count(database.superuser, "closings") == 0
    await close(record, scene, said)
    for problem, phone in ((rules.CosignerNotAnother, scene.phone), (rules.CosignerNotAnother, second)):
        with pytest.raises(problem):
            await cosign(record, scene, said, phone=phone)
    with pytest.raises(rules.ClosingSignatureWrong):
        await cosign(record, scene, said, signature=bytes(64))
    async with looking(database.superuser) as sql:
        await sql.execute("UPDATE certificates SET valid_to = '2021-01-01' WHERE account_id = $1",
                          scene.phones[1].owner_id)  # fmt: skip
    with pytest.raises(CertificateNotValid):
        await cosign(record, scene, said)
    assert await count(database.superuser, "entries") == 1
