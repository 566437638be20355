"""Tests of pieces that were declared and never come, and of files that were taken over: graded, kept, shown."""

from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.field.evidence import losses, packing, queries, rules
from storage.field.evidence.operations import Arrival, Declared, Paper, Piece
from storage.field.evidence.tables import EvidenceState, Grade
from storage.record.actor import ROLE_VERBS, Role, Verb
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import parse_canonical
from storage.record.ledger.proofs.takeovers import Takeover
from storage.record.objects import Stored
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.record.work import perform
from tests.factories.evidence import declare, declared, receive, received
from tests.factories.field import ELSEWHERE, PHOTO, Phone, Scene, make_phone, make_scene
from tests.factories.ledger import count, looking


async def report(record: Database, scene: Scene, ids: list[Any], *, reason: str = "手机被埋", **who: Any) -> Any:
    return await perform(
        record, who.get("actor") or scene.actor(who.get("phone")), scene.now, losses.report_undelivered,
        evidence_ids=ids, reason=reason,
    )  # fmt: skip


async def test_what_never_comes_is_lost_with_its_reason_and_may_turn_up_all_the_same(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    first, second = await declared(record, scene, PHOTO, PHOTO + b"2")
    rows = await report(record, scene, [first.id, second.id], reason=" 手机被埋 ")
    assert [(row["state"], row["lost_reason"]) for row in rows] == [("LOST", "手机被埋")] * 2
    await report(record, scene, [first.id], phone=scene.phones[1], reason="again, by the other officer")
    assert await receive(record, scene, [Arrival(first.id, first.object_name, Stored("v1", first.size))]) == [
        EvidenceState.RECEIVED
    ]
    async with looking(database.superuser) as sql:
        kept = await sql.fetchrow("SELECT state, lost_reason FROM evidence WHERE id = $1", first.id)
        assert tuple(kept) == ("RECEIVED", "手机被埋")
        kinds = [row[0] for row in await sql.fetch("SELECT kind FROM entries ORDER BY database_at")]
        for change in ("lost_reason = 'x'", "lost_at = NULL"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute(f"UPDATE evidence SET {change} WHERE id = $1", second.id)
    assert kinds == ["evidence.declared"] * 2 + ["evidence.lost"] * 2 + ["evidence.received"]


async def test_nobody_gives_up_what_arrived_is_unseen_or_is_not_his(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    (there,) = await received(record, scene)
    (waiting,) = await declare(record, scene, scene.chain([PHOTO], first=1, prev=sha256(there.statement).hexdigest()))
    (unseen,) = await declared(record, foreign)
    async with looking(database.superuser) as sql:
        colleague = await make_phone(sql, scene)
    before = await count(database.superuser, "entries")
    for problem, ids, call in (
        (rules.AlreadyDelivered, [waiting.id, there.id], {}),
        (NotFound, [waiting.id, unseen.id], {}),
        (NotFound, [uuid4()], {}),
        (rules.BatchEmpty, [], {}),
        (BadInput, [waiting.id], {"reason": " "}),
        (BadInput, [waiting.id], {"reason": "a\nb"}),
        (rules.NotYoursToGiveUp, [waiting.id], {"phone": colleague}),
    ):
        with pytest.raises(problem):
            await report(record, scene, ids, **call)
    for role in Role:
        if Verb.EVIDENCE_REPORT_LOST not in ROLE_VERBS[role]:
            with pytest.raises(NotAllowed):
                await report(record, scene, [waiting.id], actor=scene.actor(role=role))
    assert await count(database.superuser, "entries") == before


def taken(scene: Scene, item: Declared, *, phone: Phone | None = None, **changes: Any) -> Declared:
    """The item with a paper that its device signed."""
    held = phone or scene.phone
    paper = Takeover(
        statement=sha256(item.statement).hexdigest(), giver="调度室 王某", how="U盘当面移交", at=to_ms(scene.now),
        device=str(held.id), maker=str(held.owner_id),
    )  # fmt: skip
    data = replace(paper, **changes).encode()
    return replace(item, takeover=Paper(data, held.key.sign(signatures.signing_input("takeover", data))))


async def test_a_piece_says_whether_it_was_signed_at_capture_at_a_dock_or_taken_over(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    async with looking(database.superuser) as sql:
        dock = await make_phone(sql, scene, owner_id=scene.phone.owner_id)
        await sql.execute("UPDATE devices SET kind = 'DOCK' WHERE id = $1", dock.id)
    first = scene.item()
    second = taken(scene, scene.item(seq=1, prev=sha256(first.statement).hexdigest()))
    mine = await declare(record, scene, [first, second])
    (docked,) = await declare(record, scene, [scene.item(phone=dock)], phone=dock)
    async with record.reading(scene.actor()) as sql:
        rows = {row["id"]: row["grade"] for row in await queries.pieces_by_ids(
            sql, ids=[first.id, second.id, docked.id])}  # fmt: skip
        (paper,) = await queries.takeovers_of(sql, ids=list(rows))
    assert [rows[one.id] for one in (*mine, docked)] == [
        Grade.SIGNED_AT_CAPTURE, Grade.TAKEN_OVER, Grade.SIGNED_AT_DOCK,
    ]  # fmt: skip
    assert second.takeover is not None
    assert (paper["evidence_id"], paper["paper"]) == (second.id, second.takeover.paper)
    async with looking(database.superuser) as sql:
        payload = await sql.fetchval("SELECT payload FROM payloads WHERE subject = $1", second.id)
        assert parse_canonical(payload, 65_536)["data"]["takeover"] == sha256(second.takeover.paper).hexdigest()
        for act in ("UPDATE takeovers SET paper = ''", "DELETE FROM takeovers"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await sql.execute(act)
    (again,) = await declare(record, scene, [second])
    assert isinstance(again, Piece)
    assert again.known
    for other in (replace(second, takeover=None), taken(scene, second, giver="另一人")):
        (answer,) = await declare(record, scene, [other])
        assert isinstance(answer, rules.EvidenceConflict)


async def test_a_paper_of_another_piece_or_device_is_refused_and_nothing_is_stored(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    item = scene.item()
    good = taken(scene, item)
    assert good.takeover is not None
    for wrong, problem in (
        (taken(scene, item, statement="ab" * 32), rules.TakeoverMalformed),
        (taken(scene, item, maker=str(scene.phones[1].owner_id)), rules.TakeoverMalformed),
        (replace(good, takeover=Paper(b"{}", bytes(64))), rules.TakeoverMalformed),
        (replace(good, takeover=Paper(good.takeover.paper, bytes(64))), rules.TakeoverSignatureWrong),
    ):
        (answer,) = await declare(record, scene, [wrong])
        assert isinstance(answer, problem), answer
    assert await count(database.superuser, "takeovers") == await count(database.superuser, "evidence") == 0


async def open_pack(record: Database, scene: Scene, **call: Any) -> packing.Opened:
    asked = {"recording_id": scene.recording_id, "inspection_id": None, "first": 100, "behind": None, **call}
    return await perform(record, asked.pop("actor", None) or scene.actor(), scene.now, packing.open_pack, **asked)


async def test_a_pack_is_opened_by_who_may_page_by_page_and_each_view_is_an_entry(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    pieces = await declared(record, scene, PHOTO, PHOTO + b"2", PHOTO + b"3")
    await report(record, scene, [pieces[1].id])
    before = await count(database.superuser, "entries")
    first = await open_pack(record, scene, first=2)
    last = first.pieces[-1]
    rest = await open_pack(
        record, scene, first=2, behind=(last["declared_at"], last["id"]), recording_id=None,
        inspection_id=scene.inspection_id,
    )  # fmt: skip
    assert {row["id"] for row in (*first.pieces, *rest.pieces)} == {piece.id for piece in pieces}
    assert (first.more, rest.more, len(rest.pieces)) == (True, False, 1)
    assert first.digest != rest.digest
    assert await count(database.superuser, "entries") == before + 2
    (lost,) = [row for row in (*first.pieces, *rest.pieces) if row["state"] == "LOST"]
    assert packing.reason_unsealed(lost) == "已报遗失：手机被埋 / reported lost: 手机被埋"
    assert not packing.is_packed(lost)
    for problem, call in (
        (NotFound, {"recording_id": foreign.recording_id}),
        (NotFound, {"recording_id": None, "inspection_id": foreign.inspection_id}),
        (BadInput, {"recording_id": None}),
        (BadInput, {"inspection_id": scene.inspection_id}),
        (BadInput, {"first": 101}),
    ):
        with pytest.raises(problem):
            await open_pack(record, scene, **call)
    for role in Role:
        if Verb.EVIDENCE_OPEN not in ROLE_VERBS[role]:
            with pytest.raises(NotAllowed):
                await open_pack(record, scene, actor=scene.actor(role=role))
    assert await count(database.superuser, "entries") == before + 2
