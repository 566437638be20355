"""Tests of declaring evidence: each item is answered by itself, and nothing is stored but what was accepted."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.field.evidence import rules
from storage.field.evidence.operations import Piece
from storage.field.evidence.rules import Flag
from storage.field.evidence.tables import EvidenceState
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import ROLE_VERBS, Reach, Role, Verb
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.sequencer import sequence
from storage.record.problems import NotAllowed, NotFound
from storage.register.devices.rules import DeviceNotValid
from tests.factories.evidence import declare, declared
from tests.factories.field import ELSEWHERE, PHOTO, Scene, make_phone, make_scene
from tests.factories.ledger import count, looking, statements_of

TRACES = ("evidence", "statements", "entries", "payloads", "unsequenced", "acts")


async def rows(database: DatabaseAddresses) -> dict[str, int]:
    return {table: await count(database.superuser, table) for table in TRACES}


async def refused(record: Database, database: DatabaseAddresses, scene: Scene, item: object, **call: object) -> object:
    """The Problem that one item is answered with; nothing may be stored."""
    before = await rows(database)
    (answer,) = await declare(record, scene, [item], **call)  # type: ignore[list-item,arg-type] # Passed on as they are.
    assert not isinstance(answer, Piece)
    assert await rows(database) == before
    return answer


async def test_an_accepted_piece_stands_with_its_bytes_its_chain_and_its_entry(
    record: Database, workers: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    items = scene.chain([PHOTO, PHOTO + b"2"])
    answers = await declare(record, scene, items)
    assert [(answer.id, answer.state, answer.known) for answer in answers] == [
        (item.id, EvidenceState.DECLARED, False) for item in items
    ]
    async with looking(database.superuser) as sql:
        for number, (item, answer) in enumerate(zip(items, answers, strict=True)):
            row = await sql.fetchrow("SELECT * FROM evidence e JOIN statements s ON s.evidence_id = e.id WHERE id = $1",
                                     item.id)  # fmt: skip
            assert (row["statement"], row["signature"], row["seq"]) == (item.statement, item.signature, number)
            assert (row["county"], row["mine_id"], row["maker_id"]) == (
                scene.county, scene.mine_id, scene.phone.owner_id
            )  # fmt: skip
            assert (row["flags"], row["grade"], row["declared_entry_id"]) == ([], "SIGNED_AT_CAPTURE", answer.entry_id)
            assert answer.sha256 == row["sha256"] == sha256(PHOTO + b"2" * number).digest()
            entry = await sql.fetchrow("SELECT kind, subject FROM entries JOIN payloads ON id = entry_id WHERE id = $1",
                                       answer.entry_id)  # fmt: skip
            assert tuple(entry) == ("evidence.declared", item.id)
        chain = await sql.fetchrow("SELECT count, last_seq, last_hash FROM chains")
        assert tuple(chain) == (2, 1, sha256(items[1].statement).digest())
        assert await sql.fetchval("SELECT count(DISTINCT object_name) FROM evidence") == 2
    assert await sequence(workers) == 2


async def test_the_same_bytes_again_are_the_same_piece_and_leave_no_second_trace(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    item = scene.item()
    (first,) = await declare(record, scene, [item])
    before = await rows(database)
    (again,) = await declare(record, scene, [replace(item, signature=scene.signed(item.statement).signature)],
                             now=scene.now + timedelta(days=3))  # fmt: skip
    assert again == replace(first, known=True)
    assert await rows(database) == before


async def test_a_taken_id_is_the_same_conflict_for_ones_own_and_for_a_foreign_piece(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    mine, theirs = scene.item(), foreign.item()
    await declare(record, scene, [mine])
    await declare(record, foreign, [theirs])
    answers = [
        await refused(
            record, database, scene, replace(scene.item(body=b"\xff\xd8\xffother", seq=5, prev="1" * 64), id=id)
        )
        for id in (mine.id, theirs.id)
    ]
    assert [type(answer) for answer in answers] == [rules.EvidenceConflict] * 2
    assert len({str(answer) for answer in answers}) == 1
    # A foreign id with its own bytes: they are no statement of this device in any case.
    assert isinstance(await refused(record, database, scene, theirs), rules.StatementOfAnother)


async def test_a_number_of_the_chain_is_given_once(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    await declared(record, scene)
    answer = await refused(record, database, scene, scene.item(body=b"\xff\xd8\xffother"))
    assert isinstance(answer, rules.SequenceTaken)
    assert answer.parameters == {"seq": 0}


async def test_duplicates_within_one_batch_are_answered_one_by_one(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    first = scene.item()
    fork, other = scene.item(body=b"\xff\xd8\xfffork"), replace(scene.item(seq=7, prev="1" * 64), id=first.id)
    answers = await declare(record, scene, [first, first, fork, other])
    assert isinstance(answers[0], Piece)
    assert answers[1] == replace(answers[0], known=True)
    assert isinstance(answers[2], rules.SequenceTaken)
    assert isinstance(answers[3], rules.EvidenceConflict)
    assert (await rows(database))["entries"] == 1


async def test_one_bad_item_never_blocks_the_other_ninety_nine(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    items = scene.chain([PHOTO + bytes([number]) for number in range(100)])
    items[41] = replace(items[41], signature=bytes(64))
    answers = await declare(record, scene, items)
    assert isinstance(answers[41], rules.SignatureWrong)
    assert sum(isinstance(answer, Piece) for answer in answers) == 99
    found = await rows(database)
    assert (found["evidence"], found["statements"], found["entries"], found["unsequenced"]) == (99, 99, 99, 99)


async def test_a_batch_costs_as_many_statements_as_one_item(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    narrow = Database(database.api, pool_size=1)
    bodies = [PHOTO + bytes([number]) for number in range(102)]
    items = scene.chain(bodies)
    await declare(narrow, scene, items[:1])  # Begins the chain.
    costs = []
    for batch in (items[1:2], items[2:]):
        async with statements_of(narrow) as texts:
            await declare(narrow, scene, batch)
        costs.append(len(texts))
    assert costs[0] == costs[1] <= 6, texts  # The yardstick of the bench grants an act six.
    async with statements_of(narrow) as texts:
        await declare(narrow, scene, items[2:])
    assert len(texts) <= 6  # All known: looked up at once, and no entry.
    await narrow.close()


@pytest.mark.parametrize("count_of_items", [0, 101])
async def test_an_empty_or_too_large_batch_is_refused_as_a_whole(
    record: Database, database: DatabaseAddresses, count_of_items: int
) -> None:
    scene = await make_scene(database.superuser)
    with pytest.raises((rules.BatchEmpty, rules.BatchTooLarge)):
        await declare(record, scene, [scene.item()] * count_of_items)
    assert sum((await rows(database)).values()) == 0


async def test_what_is_no_statement_of_this_call_is_refused_by_its_fact(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    other = scene.phones[1]
    data = scene.statement().encode()
    cases = (
        (scene.signed(data + b"\n"), rules.StatementMalformed),
        (scene.signed(b"{}"), rules.StatementMalformed),
        (scene.signed(data, kind="beacon"), rules.SignatureWrong),
        (scene.signed(data, phone=other), rules.SignatureWrong),
        (scene.item(recording=str(uuid4())), rules.StatementOfAnother),
        (scene.item(device=str(other.id)), rules.StatementOfAnother),
        (scene.item(maker=str(other.owner_id)), rules.StatementOfAnother),
        (scene.item(type="application/pdf"), rules.MediaTypeNotTaken),
    )
    for item, kind in cases:
        assert isinstance(await refused(record, database, scene, item), kind), kind


async def test_facts_are_kept_and_flagged(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    early = scene.item(wall=-(2**53 - 1), place={"lat": 0, "lon": 0})
    broken = scene.item(seq=1, prev="4" * 64, place={"lat": 399_000_000, "lon": 1_164_000_000})
    answers = await declare(record, scene, [early, broken])
    assert all(isinstance(answer, Piece) for answer in answers)
    async with looking(database.superuser) as sql:
        found = await sql.fetch("SELECT flags, captured_at FROM evidence ORDER BY seq")
    assert set(found[0]["flags"]) == {Flag.CLOCK_OFF, Flag.POSITION_IMPOSSIBLE}
    assert found[0]["captured_at"] is None
    assert set(found[1]["flags"]) == {Flag.CHAIN_BROKEN, Flag.POSITION_OUTSIDE}


@pytest.mark.parametrize("column", ["lost_at", "revoked_at", "valid_to"])
async def test_a_device_that_ended_still_vouches_for_what_it_signed_before(
    record: Database, database: DatabaseAddresses, column: str
) -> None:
    scene = await make_scene(database.superuser)
    ended = scene.now - timedelta(minutes=30)
    async with looking(database.superuser) as sql:
        await sql.execute(f"UPDATE devices SET {column} = $1 WHERE id = $2", ended, scene.phone.id)
    before = scene.item(wall=to_ms(ended) - 1)
    (answer,) = await declare(record, scene, [before])
    assert isinstance(answer, Piece)
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT flags FROM evidence") == [Flag.DECLARED_AFTER_LOSS]
    after = scene.item(seq=1, prev=sha256(before.statement).hexdigest(), wall=to_ms(ended))
    assert isinstance(await refused(record, database, scene, after), DeviceNotValid)


async def test_the_second_officer_declares_on_a_chain_of_his_own(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    for phone in scene.phones:
        (answer,) = await declare(record, scene, [scene.item(phone=phone)], phone=phone)
        assert isinstance(answer, Piece)
    assert await count(database.superuser, "chains") == 2


async def test_a_device_of_somebody_else_and_a_recording_out_of_sight_are_not_found(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    other = scene.phones[1]
    await declare(record, scene, [scene.item(phone=other)], phone=other)  # Its chain exists and is visible.
    before = await rows(database)
    calls: tuple[dict[str, Any], ...] = (
        {"device_id": other.id}, {"device_id": foreign.phone.id}, {"device_id": uuid4()},
        {"recording_id": foreign.recording_id}, {"recording_id": uuid4()},
    )  # fmt: skip
    for call in calls:
        with pytest.raises(NotFound):
            await declare(record, scene, [scene.item()], **call)
    assert await rows(database) == before
    assert await count(database.superuser, "chains") == 1


async def test_whoever_is_no_officer_of_the_inspection_adds_nothing_to_its_recording(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    async with looking(database.superuser) as sql:
        colleague = await make_phone(sql, scene)
    for role in (Role.INSPECTOR, Role.LEAD, Role.RESIDENT_SUPERVISOR):
        item = scene.item(phone=colleague)
        with pytest.raises(NotAnOfficer):
            await declare(record, scene, [item], phone=colleague, actor=scene.actor(colleague, role=role))
    assert sum((await rows(database)).values()) == 0
    assert await count(database.superuser, "chains") == 0


async def test_a_time_before_the_device_was_enrolled_is_flagged(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    async with looking(database.superuser) as sql:
        fresh = await make_phone(sql, scene, owner_id=scene.phone.owner_id, enrolled_at=scene.now)
    # Within the recording, which was opened an hour ago, but long before anybody knew this key.
    early = scene.item(phone=fresh, wall=to_ms(scene.now - timedelta(minutes=30)))
    (answer,) = await declare(record, scene, [early], phone=fresh)
    assert isinstance(answer, Piece)
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT flags FROM evidence") == [Flag.CLOCK_OFF]


@pytest.mark.parametrize("role", [role for role in Role if Verb.EVIDENCE_DECLARE not in ROLE_VERBS[role]])
async def test_a_role_without_the_verb_declares_nothing(shared: "Shared", role: Role) -> None:
    with pytest.raises(NotAllowed):
        await declare(shared.record, shared.scene, [shared.scene.item()], actor=shared.scene.actor(role=role))
    assert sum((await rows(shared.database)).values()) == 0


async def test_a_verb_holds_only_within_the_reach_of_its_role(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    far = scene.actor(reach=Reach(counties=frozenset({ELSEWHERE})))
    # He sees the county by another role, and may declare only elsewhere.
    sees = replace(far, reach=Reach(everything=True))
    with pytest.raises(NotAllowed):
        await declare(record, scene, [scene.item()], actor=sees)
    with pytest.raises(NotFound):
        await declare(record, scene, [scene.item()], actor=far)
    assert sum((await rows(database)).values()) == 0


async def test_a_queue_is_accepted_after_a_later_sign_in_by_another_device(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    async with looking(database.superuser) as sql:
        newer = await make_phone(sql, scene, owner_id=scene.phone.owner_id)
    (answer,) = await declare(record, scene, [scene.item()], actor=scene.actor(newer))
    assert isinstance(answer, Piece)


async def test_the_same_batch_twice_at_once_is_stored_once(record: Database, database: DatabaseAddresses) -> None:
    scene = await make_scene(database.superuser)
    items = scene.chain([PHOTO + bytes([number]) for number in range(20)])
    both = await asyncio.gather(*(declare(record, scene, items) for _ in range(3)))
    assert sorted(sum(answer.known for answer in answers) for answers in both) == [0, 20, 20]
    assert (await rows(database))["entries"] == 20


class Shared:
    """One scene for tests that store nothing."""

    def __init__(self, record: Database, database: DatabaseAddresses, scene: Scene) -> None:
        self.record, self.database, self.scene = record, database, scene


@pytest.fixture(scope="module")
async def shared(module_database: DatabaseAddresses):  # type: ignore[no-untyped-def] # An async generator of Shared.
    record = Database(module_database.api, pool_size=1)
    yield Shared(record, module_database, await make_scene(module_database.superuser))
    await record.close()
