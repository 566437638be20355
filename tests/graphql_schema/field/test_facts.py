"""Tests of facts and of opening evidence in GraphQL."""

import urllib.request
from datetime import UTC, datetime
from typing import Any

from api.embedded.postgres import DatabaseAddresses
from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.record.actor import Actor, Reach, Role
from storage.record.database import Database
from storage.record.objects import Objects
from tests.counting import statements_of
from tests.factories import media
from tests.factories.facts import describe_all, sealed
from tests.factories.field import ELSEWHERE, make_scene
from tests.graphql_schema.asking import EXECUTOR

FACTS = """query ($ids: [UUID!]!) { evidence(ids: $ids) { uuid flags facts {
  describedAt maker digest flags notRead { what why }
  width height orientation camera takenAt exifTime exifOffset gpsTime
  position { latitude longitude } lengthMs previewWidth previewHeight looksLike { uuid distance }
} } }"""
OPEN = "mutation ($input: OpenEvidenceInput!) { openEvidence(input: $input) { url problem { code message } } }"


async def asked(record: Database, actor: Actor, objects: Objects, text: str, **variables: Any) -> Any:
    context = Context(actor, record, lambda: datetime.now(UTC), means=Means(objects=objects))
    answer = await EXECUTOR.answer(Request(text, variables), context)
    assert answer.errors == [], answer.errors
    return answer.data


def fetched(url: str) -> tuple[str, bytes]:
    """The type and the bytes behind an address, as a browser gets them."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 # Our own store.
        return answer.headers["Content-Type"], answer.read()


async def test_facts_are_told_of_many_pieces_in_three_statements_and_unseen_lookalikes_are_not_named(
    record: Database, workers: Database, objects: Objects, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    far = await make_scene(database.superuser, county=ELSEWHERE)
    exif = media.exif(time="2020:01:01 10:00:00", offset="+08:00", orientation=6, place=(27.69, 106.92))
    photo = media.jpeg(exif=exif)
    here = await sealed(record, workers, objects, scene, photo, media.bomb(), media.jpeg(media.scene(2)))
    (there,) = await sealed(record, workers, objects, far, photo)
    early = await asked(record, scene.actor(), objects, FACTS, ids=[str(here[0])])
    assert early["evidence"][0]["facts"] is None
    await describe_all(workers, objects)
    fresh = Database(database.api, pool_size=1)
    heard = statements_of(fresh)
    ids = [str(id) for id in (*here, there)]
    told = (await asked(fresh, scene.actor(), objects, FACTS, ids=ids))["evidence"]
    assert len([text for text in heard if "evidence" in text]) == 3, heard
    facts = told[0]["facts"]
    assert (facts["flags"], facts["notRead"], facts["looksLike"]) == (["EXIF_TIME_DIFFERS", "LOOKS_LIKE"], [], [])
    assert facts["position"] == {"latitude": 27.69, "longitude": 106.92}
    assert (facts["orientation"], facts["previewWidth"], facts["previewHeight"]) == (6, 384, 512)
    assert told[1]["facts"]["notRead"] == [{"what": "PICTURE", "why": "BOMB"}]
    assert told[3] is None
    everyone = scene.actor(role=Role.AUDITOR, reach=Reach(everything=True))
    told = (await asked(fresh, everyone, objects, FACTS, ids=ids))["evidence"]
    assert told[0]["facts"]["looksLike"] == [{"uuid": str(there), "distance": 0}]
    assert told[3]["facts"]["looksLike"] == [{"uuid": str(here[0]), "distance": 0}]
    await fresh.close()


async def test_an_opened_piece_is_fetched_by_its_address_for_a_minute_and_each_opening_is_an_entry(
    record: Database, workers: Database, objects: Objects, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    photo = media.jpeg()
    (id,) = await sealed(record, workers, objects, scene, photo)

    async def opened(what: str, actor: Actor) -> Any:
        return (await asked(record, actor, objects, OPEN, input={"id": str(id), "what": what}))["openEvidence"]

    assert (await opened("PREVIEW", scene.actor()))["problem"]["code"] == "PREVIEW_NOT_MADE"
    await describe_all(workers, objects)
    original, preview = await opened("ORIGINAL", scene.actor()), await opened("PREVIEW", scene.actor())
    assert original["problem"] is preview["problem"] is None
    assert "X-Amz-Expires=60" in original["url"]
    assert fetched(original["url"])[1] == photo
    kind, small = fetched(preview["url"])
    assert (kind, small[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    auditor = scene.actor(role=Role.AUDITOR)
    assert (await opened("ORIGINAL", auditor))["problem"]["code"] == "NOT_ALLOWED"
    async with record.reading(scene.actor()) as sql:
        assert await sql.fetchval("SELECT count(*) FROM entries WHERE kind = 'evidence.opened'") == 2
