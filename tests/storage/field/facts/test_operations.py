"""Tests of describing sealed pieces over a real store: facts, previews, likenesses, faults, and who sees what."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.decoder.parent import Decoder
from api.describing import DescribingWorker
from api.embedded.postgres import DatabaseAddresses
from storage.field.evidence import opening
from storage.field.evidence.comparing import EVIDENCE
from storage.field.evidence.opening import Opened
from storage.field.facts import likeness, operations, queries, rules
from storage.field.facts.rules import NotHeldYet, PreviewNotMade
from storage.record.actor import Actor, Reach, Role, Verb, keeper
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.objects import Objects
from storage.record.problems import NotAllowed, NotFound, TryAgain
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories import media
from tests.factories.evidence import declared
from tests.factories.facts import describe_all, sealed
from tests.factories.field import ELSEWHERE, HERE, Scene, make_scene

MANY = """
INSERT INTO facts (evidence_id, mine_id, county, office, sha256, object_name, attempts, maker, described_at, flags,
  not_read, likeness, band_0, band_1, band_2, band_3)
SELECT gen_random_uuid(), gen_random_uuid(), '520303', 'o', sha256(n::text::bytea), 'x', 1, 1, '2026-01-01', '{}', '{}',
  n, n % 65536, n * 7 % 65536, n * 11 % 65536, n * 13 % 65536
FROM generate_series(1, 20000) AS n
"""


@dataclass
class World:
    """A record, its store and its workers."""

    record: Database
    workers: Database
    objects: Objects
    superuser: str

    async def sealed(self, scene: Scene, *bodies: bytes, **given: Any) -> list[UUID]:
        return await sealed(self.record, self.workers, self.objects, scene, *bodies, **given)

    async def one(self, statement: str, *arguments: Any) -> Any:
        sql = await asyncpg.connect(self.superuser)
        try:
            return await sql.fetchrow(statement, *arguments)
        finally:
            await sql.close()

    async def facts(self, id: UUID) -> Any:
        return await self.one("SELECT * FROM facts WHERE evidence_id = $1", id)

    async def entries(self, kind: str) -> int:
        return int((await self.one("SELECT count(*) FROM entries WHERE kind = $1", kind))[0])

    async def seen(self, actor: Actor, query: Any, *ids: UUID) -> Any:
        async with self.record.reading(actor) as sql:
            return await query(sql, ids=list(ids))

    async def open(self, actor: Actor, id: UUID, what: Opened) -> Any:
        return await perform(self.record, actor, datetime.now(UTC), opening.open_evidence, id=id, what=what)


@pytest.fixture
async def world(record: Database, workers: Database, objects: Objects, database: DatabaseAddresses) -> World:
    return World(record, workers, objects, database.superuser)


def at(scene: Scene, shift: timedelta = timedelta(0)) -> str:
    """The scene's time as a camera in Guizhou writes it."""
    return f"{scene.now + timedelta(hours=8) + shift:%Y:%m:%d %H:%M:%S}"


async def test_a_sealed_photo_gets_its_facts_flags_preview_and_entry_and_stays_as_it_was(world: World) -> None:
    scene = await make_scene(world.superuser)
    good = media.jpeg(exif=media.exif(time=at(scene), place=(27.69, 106.92)))
    bad = media.jpeg(media.scene(2), exif=media.exif(time=at(scene, timedelta(hours=1)), place=(0, 0)))
    first, second = await world.sealed(scene, good, bad)
    before = await world.one("SELECT * FROM evidence WHERE id = $1", first)
    await describe_all(world.workers, world.objects)
    row = await world.facts(first)
    assert (row["flags"], row["not_read"], row["maker"], row["retry_at"]) == ([], [], rules.MAKER, None)
    assert (row["width"], row["latitude"], row["camera"]) == (640, 276_900_000, "Phone 1")
    assert (await world.facts(second))["flags"] == ["EXIF_POSITION_IMPOSSIBLE", "EXIF_TIME_DIFFERS"]
    preview = await world.one("SELECT * FROM previews WHERE evidence_id = $1", first)
    stored = b"".join(world.objects.read(preview["object_name"], preview["object_version"]))
    assert (stored[:3], len(stored), preview["width"]) == (b"\xff\xd8\xff", preview["size"], 512)
    assert preview["object_name"].startswith("derived/")
    assert world.objects.locked_until(preview["object_name"], preview["object_version"]) is None
    assert await world.entries("evidence.described") == 2
    assert await world.one("SELECT * FROM evidence WHERE id = $1", first) == before


async def test_facts_that_a_hand_changed_are_not_what_their_entry_says(world: World) -> None:
    scene = await make_scene(world.superuser)
    (id,) = await world.sealed(scene, media.jpeg(exif=media.exif(time=at(scene, timedelta(hours=1)))))

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with world.workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    async def differing() -> set[str]:
        return {found.column async for found in comparing.differences(page, EVIDENCE)}

    assert await differing() == set()
    await describe_all(world.workers, world.objects)
    assert await differing() == set()
    await world.one("UPDATE facts SET flags = '{}' WHERE evidence_id = $1 RETURNING 1", id)
    assert await differing() == {"told_fact_flags"}
    await world.one("UPDATE facts SET digest = sha256('x') WHERE evidence_id = $1 RETURNING 1", id)
    assert await differing() == {"told_fact_flags", "told_facts"}


async def test_photos_of_one_scene_and_files_of_one_hash_are_found_alike_and_others_are_not(world: World) -> None:
    scene, far = await make_scene(world.superuser), await make_scene(world.superuser, county=ELSEWHERE)
    photo, other = media.jpeg(media.scene(1)), media.jpeg(media.scene(2))
    first, stranger = await world.sealed(scene, photo, other)
    broken = media.jpeg(media.scene(5))[:5_000]
    copy, same, cut, cut_too = await world.sealed(far, media.jpeg(media.scene(1), quality=35), photo, broken, broken)
    await describe_all(world.workers, world.objects)
    everyone = scene.actor(role=Role.AUDITOR, reach=Reach(everything=True))
    alike = {
        (row["evidence_id"], row["other_id"]): row["distance"]
        for row in await world.seen(everyone, queries.lookalikes_of, first, stranger, copy, same, cut, cut_too)
    }
    assert alike.keys() == {
        (one, two) for group in ((first, copy, same), (cut, cut_too)) for one in group for two in group if one != two
    }
    assert alike[first, same] == 0
    rows = await world.seen(everyone, queries.facts_of, first, stranger)
    flagged = {row["evidence_id"]: row["looks_like"] for row in rows}
    assert flagged == {first: True, stranger: False}


async def test_whoever_sees_one_of_two_alike_sees_that_it_is_and_not_the_id_of_the_other(world: World) -> None:
    scene, far = await make_scene(world.superuser), await make_scene(world.superuser, county=ELSEWHERE)
    (here,), (there,) = await world.sealed(scene, media.jpeg()), await world.sealed(far, media.jpeg())
    await describe_all(world.workers, world.objects)
    assert [row["looks_like"] for row in await world.seen(scene.actor(), queries.facts_of, here, there)] == [True]
    assert await world.seen(scene.actor(), queries.lookalikes_of, here, there) == []
    async with world.record.reading(scene.actor()) as sql:
        for table, visible in (("facts", 1), ("previews", 1), ("lookalikes", 1)):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == visible
    nobody = scene.actor(reach=Reach(counties=frozenset({"520381"})))
    async with world.record.reading(nobody) as sql:
        for table in ("facts", "previews", "lookalikes"):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_what_cannot_be_decoded_is_coded_and_a_child_that_dies_leaves_no_piece_waiting(world: World) -> None:
    scene = await make_scene(world.superuser)
    bomb, cut = await world.sealed(scene, media.bomb(), media.jpeg()[:5_000])
    await describe_all(world.workers, world.objects)
    assert (await world.facts(bomb))["not_read"] == ["PICTURE:BOMB"]
    assert (await world.facts(cut))["not_read"] == ["PICTURE:TRUNCATED"]
    (deadly,) = await world.sealed(scene, media.jpeg(media.scene(9)), phone=scene.phones[1])
    await describe_all(world.workers, world.objects, Decoder(command=("/bin/false",)))
    row = await world.facts(deadly)
    assert (row["not_read"], row["retry_at"]) == (["PICTURE:NOT_READ"], None)
    assert await world.one("SELECT FROM previews") is None


async def test_a_store_out_of_reach_gives_the_piece_back_and_a_killed_workers_lease_runs_out(world: World) -> None:
    scene = await make_scene(world.superuser)
    (id,) = await world.sealed(scene, media.jpeg())

    class Unreachable(Objects):
        def read(self, name: str, version: str) -> Any:
            raise TryAgain()

    broken = Unreachable(world.objects.address)
    worker = DescribingWorker(world.workers, broken)
    assert await worker.turn()
    broken.close()
    row = await world.facts(id)
    assert (row["attempts"], row["described_at"]) == (1, None)
    assert row["retry_at"] > datetime.now(UTC)
    later = datetime.now(UTC) + timedelta(seconds=3)
    taken = await perform(world.workers, keeper(), later, operations.lease_undescribed, limit=5)
    assert [piece["evidence_id"] for piece in taken] == [id]
    assert await perform(world.workers, keeper(), later, operations.lease_undescribed, limit=5) == []
    after = later + operations.LEASE + timedelta(seconds=1)
    (piece,) = await perform(world.workers, keeper(), after, operations.lease_undescribed, limit=5)
    assert (piece["attempts"], operations.is_stuck(piece)) == (3, False)
    assert await world.entries("evidence.described") == 0


async def test_facts_of_an_older_maker_are_made_anew_with_one_preview_and_another_entry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await make_scene(world.superuser)
    (id,) = await world.sealed(scene, media.jpeg())
    await describe_all(world.workers, world.objects)
    old = await world.one("SELECT * FROM previews")
    monkeypatch.setattr(rules, "MAKER", rules.MAKER + 1)
    await describe_all(world.workers, world.objects)
    new = await world.one("SELECT * FROM previews")
    assert (await world.facts(id))["maker"] == rules.MAKER
    assert await world.entries("evidence.described") == 2
    assert (new["object_name"], new["sha256"]) == (old["object_name"], old["sha256"])
    versions = world.objects.client.list_object_versions(Bucket=world.objects.address.bucket, Prefix=new["object_name"])
    assert [one["VersionId"] for one in versions["Versions"]] == [new["object_version"]]


async def test_likenesses_are_looked_up_along_indexes_and_in_a_constant_number_of_statements(
    world: World, database: DatabaseAddresses
) -> None:
    scene = await make_scene(world.superuser)
    await world.sealed(scene, *(media.jpeg(media.scene(number, (64, 48))) for number in range(3)))
    fresh = Database(database.worker, pool_size=1)
    heard = statements_of(fresh)
    worker, counts = DescribingWorker(fresh, world.objects), []
    assert await worker.turn()  # The first use of a connection asks for the types of the database, too.
    for _ in range(2):
        del heard[:]
        assert await worker.turn()
        counts.append(len(heard))
        await world.one(MANY)
        await world.one("ANALYZE facts")
    lookup = next(text for text in heard if "band_0 = ANY" in text)
    async with fresh.reading(keeper()) as sql:
        await sql.execute("SET LOCAL enable_bitmapscan = on")
        plan = await sql.fetch("EXPLAIN " + lookup, b"x" * 32, scene.mine_id, 5, *likeness.probes(5), 7, 20)
    worker.close()
    await fresh.close()
    assert counts[0] == counts[1] <= 10
    told = "\n".join(row[0] for row in plan)
    assert all(f"ix_facts_band_{number}" in told for number in range(4)), told
    assert "ix_facts_sha256" in told, told
    assert "Seq Scan" not in told, told


@pytest.mark.parametrize("what", Opened)
async def test_opening_a_piece_leaves_an_entry_and_gives_its_pinned_version(world: World, what: Opened) -> None:
    scene = await make_scene(world.superuser)
    (id,) = await world.sealed(scene, media.jpeg())
    await describe_all(world.workers, world.objects)
    opened = await world.open(scene.actor(), id, what)
    table, key = ("evidence", "id") if what is Opened.ORIGINAL else ("previews", "evidence_id")
    row = await world.one(f"SELECT object_name, object_version FROM {table} WHERE {key} = $1", id)
    assert (opened.object_name, opened.object_version) == (row["object_name"], row["object_version"])
    assert await world.entries("evidence.opened") == 1


async def test_what_may_not_be_opened_is_not_and_leaves_no_entry(world: World) -> None:
    scene = await make_scene(world.superuser)
    (piece,) = await declared(world.record, scene, media.jpeg(media.scene(4)))
    for what in Opened:
        with pytest.raises(NotHeldYet):
            await world.open(scene.actor(), piece.id, what)
    (id,) = await world.sealed(scene, media.jpeg(), phone=scene.phones[1])
    with pytest.raises(PreviewNotMade):
        await world.open(scene.actor(), id, Opened.PREVIEW)
    with pytest.raises(NotFound):
        await world.open(scene.actor(reach=Reach(counties=frozenset({ELSEWHERE}))), id, Opened.ORIGINAL)
    here = Reach(counties=frozenset({HERE}))
    for role in Role:
        actor = scene.actor(role=role, reach=here)
        if not actor.may(Verb.EVIDENCE_OPEN):
            with pytest.raises(NotAllowed):
                await world.open(actor, id, Opened.ORIGINAL)
    assert await world.entries("evidence.opened") == 0


async def test_nothing_derived_outlives_a_piece_that_was_erased_not_even_while_it_is_looked_at(world: World) -> None:
    scene = await make_scene(world.superuser)
    first, second = await world.sealed(scene, media.jpeg(), media.jpeg(quality=40))
    await describe_all(world.workers, world.objects)
    names = [(await world.facts(id))["object_name"] for id in (first, second)]
    await perform(world.workers, keeper(), datetime.now(UTC), operations.forget, evidence_id=first)
    everyone = scene.actor(role=Role.AUDITOR, reach=Reach(everything=True))
    (left,) = await world.seen(everyone, queries.facts_of, first, second)
    assert (left["evidence_id"], left["looks_like"]) == (second, False)
    await world.one("UPDATE facts SET retry_at = now(), attempts = 0")
    (piece,) = await perform(world.workers, keeper(), datetime.now(UTC), operations.lease_undescribed, limit=1)
    await perform(world.workers, keeper(), datetime.now(UTC), operations.forget, evidence_id=second)
    worker = DescribingWorker(world.workers, world.objects)
    await worker._finish(piece)
    worker.close()
    assert world.objects.find(names[1]) is None
