"""Tests of holding, keeping longer and erasing as acts: who may, what is refused, what is left behind."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.field.keeping import operations, queries, rules
from storage.field.keeping.rules import Subject
from storage.field.keeping.tables import SubjectKind
from storage.record.actor import ROLE_VERBS, Actor, Reach, Role, Verb
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import Work
from tests.factories.field import ELSEWHERE
from tests.factories.keeping import BASIS, Archive, piece

LATER = timedelta(days=400)
HEAD, ARCHIVIST, REVIEWER = Role.AGENCY_HEAD, Role.ARCHIVIST, Role.LEGAL_REVIEWER


async def refused(archive: Archive, problem: type[Problem], actor: Actor, operation: Any, **given: Any) -> Problem:
    """Expects the Problem, and that nothing was recorded."""
    counts = "SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM holds), (SELECT count(*) FROM erasures)"
    before = await archive.rows.fetchrow(counts)
    with pytest.raises(problem) as refusal:
        await archive.act(actor, operation, **given)
    assert await archive.rows.fetchrow(counts) == before
    return refusal.value


@pytest.mark.parametrize("role", [HEAD, ARCHIVIST, REVIEWER])
async def test_a_hold_is_wanted_from_the_moment_it_is_placed_until_it_is_lifted(archive: Archive, role: Role) -> None:
    id, actor = await archive.sealed(), archive.actor(role)
    hold = await archive.holds(piece(id), actor)
    kept = await archive.kept(id)
    assert (kept["wanted"], kept["held"], kept["wanted_since"] is not None) == (True, False, True)
    lifted = await archive.act(actor, operations.lift_hold, hold_id=hold, reason="案件已结")
    assert lifted["lifted_by"] == actor.account_id
    assert (await archive.kept(id))["wanted"] is False
    assert [await archive.entries(kind) for kind in ("hold.placed", "hold.lifted")] == [1, 1]


@pytest.mark.parametrize("kind", [SubjectKind.RECORDING, SubjectKind.INSPECTION])
async def test_a_hold_on_the_whole_reaches_pieces_sealed_before_and_after(archive: Archive, kind: SubjectKind) -> None:
    scene, before = archive.scene, await archive.sealed()
    whole = scene.recording_id if kind is SubjectKind.RECORDING else scene.inspection_id
    await archive.holds(Subject(kind, whole))
    after = await archive.sealed()
    for id in (before, after):
        kept = await archive.kept(id)
        assert (kept["wanted"], kept["follow_at"] is not None) == (True, True)


async def test_a_piece_that_was_only_declared_is_held_as_soon_as_it_is_sealed(archive: Archive) -> None:
    id = await archive.received()
    await archive.holds(piece(id))
    async with archive.rows.transaction():
        await archive.rows.execute("UPDATE evidence SET retry_at = now() WHERE id = $1", id)
    await archive.sealed()
    kept = await archive.kept(id)
    assert (kept["wanted"], kept["follow_at"] is not None) == (True, True)


@pytest.mark.parametrize("role", [role for role in Role if Verb.HOLD_PLACE not in ROLE_VERBS[role]])
async def test_other_roles_neither_hold_nor_lift_nor_keep_longer(archive: Archive, role: Role) -> None:
    id = await archive.declared()
    hold, actor = await archive.holds(piece(id)), archive.actor(role)
    until = datetime.now(UTC) + LATER
    await refused(archive, NotAllowed, actor, operations.place_hold, subject=piece(id), **BASIS)
    await refused(archive, NotAllowed, actor, operations.lift_hold, hold_id=hold, reason="x")
    await refused(archive, NotAllowed, actor, operations.extend_retention, subject=piece(id), until=until, **BASIS)


async def test_whoever_does_not_reach_the_county_finds_nothing(archive: Archive) -> None:
    id = await archive.declared()
    hold = await archive.holds(piece(id))
    far = archive.scene.actor(role=HEAD, reach=Reach(counties=frozenset({ELSEWHERE})))
    await refused(archive, NotFound, far, operations.place_hold, subject=piece(id), **BASIS)
    await refused(archive, NotFound, far, operations.lift_hold, hold_id=hold, reason="x")
    async with archive.record.reading(far) as sql:
        for table in ("holds", "keepings", "retention_terms", "erasures"):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0
        assert await queries.holds_on(sql, ids=[id]) == []


async def test_nothing_is_held_without_a_basis_or_twice_lifted_or_unknown(archive: Archive) -> None:
    id, head = await archive.declared(), archive.actor(HEAD)
    for wrong in ({"article": " "}, {"reason": ""}, {"reason": "x" * 501}):
        given = {"subject": piece(id), **BASIS, **wrong}
        await refused(archive, BadInput, head, operations.place_hold, **given)
    await refused(archive, NotFound, head, operations.place_hold, subject=piece(), **BASIS)
    hold = await archive.holds(piece(id))
    await refused(archive, BadInput, head, operations.lift_hold, hold_id=hold, reason=" ")
    await archive.act(head, operations.lift_hold, hold_id=hold, reason="完毕")
    await refused(archive, rules.HoldAlreadyLifted, head, operations.lift_hold, hold_id=hold, reason="完毕")
    await refused(archive, NotFound, head, operations.lift_hold, hold_id=uuid4(), reason="完毕")


async def test_what_is_no_evidence_is_not_held(archive: Archive) -> None:
    id = await archive.received(b"no photo at all")
    await archive.sealed()
    assert await archive.value("state", id) == "QUARANTINED"
    told = await refused(
        archive, rules.EvidenceNotKept, archive.actor(HEAD), operations.place_hold, subject=piece(id), **BASIS
    )
    assert told.parameters == {"state": "QUARANTINED"}


async def _open_case(work: Work, *, pieces: list[UUID], case_id: UUID, fail: bool = False) -> None:
    """Stands for the act of a later room that opens a case on a piece."""
    await operations.hold_for_case(work, pieces=pieces, case_id=case_id, **BASIS)
    if fail:
        raise BadInput(field="case", reason="the case itself was refused")


async def test_a_case_holds_in_its_own_transaction_and_only_its_end_lifts(archive: Archive) -> None:
    id, case_id, inspector = await archive.sealed(), uuid4(), archive.actor(Role.INSPECTOR)
    given: dict[str, Any] = {"pieces": [id], "case_id": case_id}
    await refused(archive, BadInput, inspector, _open_case, fail=True, **given)
    assert (await archive.kept(id))["wanted"] is False
    for _ in range(2):  # What the case holds already is held once.
        await archive.act(inspector, _open_case, **given)
    hold = await archive.rows.fetchval("SELECT id FROM holds")
    await refused(archive, rules.HoldOfCase, archive.actor(HEAD), operations.lift_hold, hold_id=hold, reason="x")
    assert await archive.act(inspector, operations.release_case, case_id=case_id, reason="结案") == 1
    assert (await archive.kept(id))["wanted"] is False
    assert [await archive.entries(kind) for kind in ("hold.placed", "hold.lifted")] == [1, 1]


async def test_the_longest_term_wins_and_none_is_shortened(archive: Archive) -> None:
    id, head, now = await archive.sealed(), archive.actor(HEAD), datetime.now(UTC)
    until = rules.whole_seconds(now + LATER)
    recording = Subject(SubjectKind.RECORDING, archive.scene.recording_id)
    await archive.act(head, operations.extend_retention, subject=recording, until=until, **BASIS)
    assert (await archive.kept(id))["retain_until"] == until
    given: dict[str, Any] = {"subject": piece(id), **BASIS}
    for wrong in (until, until - timedelta(days=1)):
        await refused(archive, rules.RetentionNotLonger, head, operations.extend_retention, until=wrong, **given)
    far = now + timedelta(days=31 * 366)
    await refused(archive, rules.RetentionTooLong, head, operations.extend_retention, until=far, **given)
    await archive.act(head, operations.extend_retention, until=until + LATER, **given)
    assert (await archive.kept(id))["retain_until"] == until + LATER
    later = await archive.sealed()
    kept = await archive.kept(later)
    assert (kept["retain_until"], kept["follow_at"] is not None) == (until, True)
    assert await archive.entries("retention.extended") == 2


async def test_the_database_itself_shortens_nothing_and_erases_nothing_alone(archive: Archive) -> None:
    id = await archive.sealed()
    for statement in (
        "UPDATE keepings SET retain_until = retain_until - interval '1 day' WHERE evidence_id = $1",
        "UPDATE keepings SET retained_until = retained_until - interval '1 day' WHERE evidence_id = $1",
        "UPDATE evidence SET state = 'ERASED' WHERE id = $1",
    ):
        with pytest.raises(asyncpg.exceptions.RestrictViolationError):
            await archive.rows.execute(statement, id)


async def test_two_people_erase_past_the_dates_and_neither_alone(archive: Archive) -> None:
    id, archivist, head = await archive.sealed(), archive.actor(ARCHIVIST), archive.actor(HEAD, phone=1)
    after = datetime.now(UTC) + LATER
    given = {"evidence_id": id, **BASIS}
    await refused(archive, rules.EvidenceRetained, archivist, operations.propose_erasure, **given)
    await refused(archive, NotAllowed, head, operations.propose_erasure, now=after, **given)
    erasure = (await archive.act(archivist, operations.propose_erasure, now=after, **given))["id"]
    await refused(archive, rules.ErasureProposedAlready, archivist, operations.propose_erasure, now=after, **given)
    same = archive.actor(HEAD)
    approve = {"operation": operations.approve_erasure, "erasure_id": erasure}
    assert same.account_id == archivist.account_id
    await refused(archive, rules.ErasureNeedsTwoPeople, same, now=after, **approve)
    await refused(archive, NotAllowed, archivist, now=after, **approve)
    await refused(archive, rules.EvidenceRetained, head, **approve)
    approved = await archive.act(head, operations.approve_erasure, now=after, erasure_id=erasure)
    assert approved["approved_by"] == head.account_id
    await refused(archive, rules.ErasureApprovedAlready, head, now=after, **approve)
    await refused(archive, rules.ErasureUnderWay, head, operations.place_hold, subject=piece(id), **BASIS)
    assert await archive.value("state", id) == "SEALED"
    assert [await archive.entries(kind) for kind in ("erasure.proposed", "erasure.approved")] == [1, 1]


async def test_what_is_held_or_still_to_be_released_is_not_erased(archive: Archive) -> None:
    id, archivist, head = await archive.sealed(), archive.actor(ARCHIVIST), archive.actor(HEAD, phone=1)
    after = datetime.now(UTC) + LATER
    given: dict[str, Any] = {"evidence_id": id, "now": after, **BASIS}
    hold = await archive.holds(piece(id))
    await refused(archive, rules.EvidenceHeld, archivist, operations.propose_erasure, **given)
    await archive.act(head, operations.lift_hold, hold_id=hold, reason="结案")
    await refused(archive, rules.EvidenceHeld, archivist, operations.propose_erasure, **given)
    await archive.keeper.turn()
    erasure = (await archive.act(archivist, operations.propose_erasure, **given))["id"]
    await archive.holds(piece(id))
    await refused(archive, rules.EvidenceHeld, head, operations.approve_erasure, now=after, erasure_id=erasure)


@pytest.mark.parametrize("role", [role for role in Role if role not in (HEAD, ARCHIVIST)])
async def test_other_roles_neither_propose_nor_approve(archive: Archive, role: Role) -> None:
    id, after = await archive.declared(), datetime.now(UTC)
    actor = archive.actor(role, phone=1)
    await refused(archive, NotAllowed, actor, operations.propose_erasure, evidence_id=id, **BASIS)
    erasure = uuid4()
    await archive.rows.execute(
        "INSERT INTO erasures (id, evidence_id, mine_id, county, office, article, reason, proposed_by, proposed_at,"
        " attempts) SELECT $1, id, mine_id, county, office, 'a', 'r', maker_id, $3, 0 FROM evidence WHERE id = $2",
        erasure, id, after,
    )  # fmt: skip
    await refused(archive, NotAllowed, actor, operations.approve_erasure, erasure_id=erasure)


async def test_what_is_not_sealed_cannot_be_erased(archive: Archive) -> None:
    given = {"evidence_id": await archive.declared(), **BASIS}
    await refused(archive, rules.EvidenceNotKept, archive.actor(ARCHIVIST), operations.propose_erasure, **given)
