"""Tests of keeping in GraphQL: holds, terms, erasures, and what a piece tells of them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from graphql_schema.context import Context
from graphql_schema.executor import Request
from graphql_schema.scalars import write_time
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.objects import Objects
from tests.counting import statements_of
from tests.factories.keeping import BASIS, Archive, make_archive
from tests.graphql_schema.asking import EXECUTOR

LATER = timedelta(days=400)
HOLD = "hold { id uuid kind subjectId caseId article reason permanent placedBy placedAt liftedAt liftReason }"
ERASURE = "erasure { id uuid evidenceId article reason proposedBy proposedAt approvedBy approvedAt erasedAt }"
PIECES = """query ($ids: [UUID!]!) { evidence(ids: $ids) { uuid damaged erasure { uuid }
  retention { id until appliedUntil held appliedHeld scrubbedAt damagedAt erasedAt } holds { uuid liftedAt } } }"""


@pytest.fixture
async def archive(
    database: DatabaseAddresses, record: Database, workers: Database, objects: Objects
) -> AsyncIterator[Archive]:
    """Sealed pieces are made in it."""
    made = await make_archive(database, record, workers, objects)
    yield made
    await made.rows.close()


async def asks(archive: Archive, actor: Actor, text: str, *, now: datetime | None = None, **variables: Any) -> Any:
    """The data of an answer without errors."""
    at = now or datetime.now(UTC)
    answer = await EXECUTOR.answer(Request(text, variables), Context(actor, archive.record, lambda: at))
    assert answer.errors == [], answer.errors
    return answer.data


async def acts(
    archive: Archive, actor: Actor, name: str, asked: str, *, now: datetime | None = None, **given: Any
) -> Any:
    """The payload of one mutation."""
    own = name[0].upper() + name[1:]
    text = f"mutation ($input: {own}Input!) {{ {name}(input: $input) {{ {asked} problem {{ code }} }} }}"
    data = await asks(archive, actor, text, now=now, input={"operationId": str(uuid4()), **given})
    return data[name]


async def piece(archive: Archive, id: UUID) -> Any:
    data = await asks(archive, archive.actor(Role.AGENCY_HEAD), PIECES, ids=[str(id)])
    return data["evidence"][0]


async def test_a_hold_is_placed_once_shown_on_the_piece_and_lifted(archive: Archive) -> None:
    id, head = await archive.sealed(), archive.actor(Role.AGENCY_HEAD)
    before = await piece(archive, id)
    assert (before["damaged"], before["holds"], before["retention"]["held"]) == (None, [], False)
    assert before["retention"]["until"] == before["retention"]["appliedUntil"]
    given: dict[str, Any] = {"operationId": str(uuid4()), "kind": "EVIDENCE", "subjectId": str(id), **BASIS}
    placed = [await acts(archive, head, "placeHold", HOLD, **given) for _ in range(2)]
    assert placed[0] == placed[1]
    hold = placed[0]["hold"]
    assert (hold["kind"], hold["subjectId"], hold["permanent"]) == ("EVIDENCE", str(id), False)
    again = await asks(archive, head, "query ($id: ID!) { node(id: $id) { ... on Hold { uuid } } }", id=hold["id"])
    assert again["node"]["uuid"] == hold["uuid"]
    shown = (await piece(archive, id))["retention"]
    assert (shown["held"], shown["appliedHeld"]) == (True, False)
    lifted = await acts(archive, head, "liftHold", HOLD, holdId=hold["uuid"], reason="结案")
    assert lifted["hold"]["liftReason"] == "结案"
    refused = await acts(archive, head, "liftHold", HOLD, holdId=hold["uuid"], reason="结案")
    assert refused == {"hold": None, "problem": {"code": "HOLD_ALREADY_LIFTED"}}
    assert (await piece(archive, id))["holds"] == [{"uuid": hold["uuid"], "liftedAt": lifted["hold"]["liftedAt"]}]


async def test_retention_is_extended_and_never_shortened(archive: Archive) -> None:
    id, archivist = await archive.sealed(), archive.actor(Role.ARCHIVIST)
    until = write_time((datetime.now(UTC) + LATER).replace(microsecond=0))
    given: dict[str, Any] = {"kind": "RECORDING", "subjectId": str(archive.scene.recording_id), "until": until, **BASIS}
    asked = "term { id kind subjectId until article reason }"
    extended = await acts(archive, archivist, "extendRetention", asked, **given)
    assert extended["term"]["until"] == until
    assert (await piece(archive, id))["retention"]["until"] == until
    refused = await acts(archive, archivist, "extendRetention", asked, **given)
    assert refused == {"term": None, "problem": {"code": "RETENTION_NOT_LONGER"}}


async def test_an_erasure_takes_an_archivist_and_another_head(archive: Archive) -> None:
    id, after = await archive.sealed(), datetime.now(UTC) + LATER
    archivist, head = archive.actor(Role.ARCHIVIST), archive.actor(Role.AGENCY_HEAD, phone=1)
    given: dict[str, Any] = {"evidenceId": str(id), **BASIS}
    early = await acts(archive, archivist, "proposeErasure", ERASURE, **given)
    assert early == {"erasure": None, "problem": {"code": "EVIDENCE_RETAINED"}}
    denied = await acts(archive, head, "proposeErasure", ERASURE, now=after, **given)
    assert denied["problem"] == {"code": "NOT_ALLOWED"}
    proposed = (await acts(archive, archivist, "proposeErasure", ERASURE, now=after, **given))["erasure"]
    assert (proposed["evidenceId"], proposed["approvedBy"], proposed["erasedAt"]) == (str(id), None, None)
    named = {"erasureId": proposed["uuid"]}
    alone = await acts(archive, archive.actor(Role.AGENCY_HEAD), "approveErasure", ERASURE, now=after, **named)
    assert alone["problem"] == {"code": "ERASURE_NEEDS_TWO_PEOPLE"}
    approved = await acts(archive, head, "approveErasure", ERASURE, now=after, **named)
    assert approved["erasure"]["approvedBy"] not in (None, proposed["proposedBy"])
    assert (await piece(archive, id))["erasure"] == {"uuid": proposed["uuid"]}


async def test_damage_is_shown_on_the_piece(archive: Archive) -> None:
    id = await archive.sealed()
    await archive.rows.execute("UPDATE keepings SET damage = 'BYTES_DIFFER', damaged_at = now()")
    shown = await piece(archive, id)
    assert (shown["damaged"], shown["retention"]["damagedAt"] is not None) == ("BYTES_DIFFER", True)


async def test_many_pieces_tell_how_they_are_kept_in_four_statements(
    archive: Archive, database: DatabaseAddresses
) -> None:
    ids = [await archive.sealed() for _ in range(3)]
    fresh = Database(database.api, pool_size=2)
    heard, head = statements_of(fresh), archive.actor(Role.AGENCY_HEAD)
    counts = []
    for asked in (ids, ids[:1], ids):  # The first one also opens the connections.
        before, context = len(heard), Context(head, fresh, lambda: datetime.now(UTC))
        answer = await EXECUTOR.answer(Request(PIECES, {"ids": [str(id) for id in asked]}), context)
        assert answer.errors == []
        counts.append(len(heard) - before)
    assert counts[1:] == [4, 4]
    await fresh.close()
