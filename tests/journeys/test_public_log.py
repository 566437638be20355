"""A stranger follows the log over HTTP: checkpoint, tiles, proofs, keys, and whether the service is well."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import asyncpg
import httpx
import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.ledger.proofs import checkpoints, merkle
from storage.record.ledger.proofs.keys import PublicKeys
from tests.journeys.running import Service, running_service
from tests.servers import Servers


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    """One service whose log holds what the sample people did."""
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as running:
            yield running


@pytest.fixture
async def stranger(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a sign-in, once a checkpoint over everything is shown."""
    async with httpx.AsyncClient(base_url=service.url, timeout=10) as client:
        for _ in range(200):
            shown = await client.get("/log/checkpoint")
            waiting = await service.count("SELECT count(*) FROM unsequenced")
            entries = await service.count("SELECT count(*) FROM entries")
            if shown.status_code == 200 and waiting == 0 and shown.text.split("\n")[1] == str(entries):
                break
            await asyncio.sleep(0.05)
        yield client


async def _shown(stranger: httpx.AsyncClient) -> checkpoints.Checkpoint:
    keys = PublicKeys.parse((await stranger.get("/.well-known/pithead-keys")).json())
    found = checkpoints.parse_checkpoint((await stranger.get("/log/checkpoint")).text, keys.note_keys())
    assert found.signed_by(keys.origin)
    return found


async def _root_from_tiles(stranger: httpx.AsyncClient, size: int) -> bytes:
    tiles = {}
    for level, index in merkle.edge_tiles(size):
        width = min(merkle.WIDTH, (size >> merkle.HEIGHT * level) - index * merkle.WIDTH)
        answer = await stranger.get("/log/" + merkle.tile_path(level, index, width))
        assert answer.status_code == 200
        tiles[level, index] = answer.content
    return merkle.root(size, tiles)


async def test_the_tiles_alone_lead_to_the_signed_root(stranger: httpx.AsyncClient) -> None:
    shown = await _shown(stranger)
    assert await _root_from_tiles(stranger, shown.size) == shown.root


async def test_the_bundle_of_digests_hashes_to_its_tile(stranger: httpx.AsyncClient) -> None:
    shown = await _shown(stranger)
    width = min(merkle.WIDTH, shown.size)
    tile = (await stranger.get("/log/" + merkle.tile_path(0, 0, width))).content
    bundle = (await stranger.get("/log/" + merkle.entries_path(0, width))).content
    digests = [bundle[start + 2 : start + 34] for start in range(0, len(bundle), 34)]
    assert b"".join(merkle.leaf_hash(digest) for digest in digests) == tile


async def test_an_entry_is_proven_and_its_digest_is_that_of_salt_and_payload(
    stranger: httpx.AsyncClient, service: Service
) -> None:
    connection = await asyncpg.connect(service.superuser)
    entry, salt, payload = await connection.fetchrow("SELECT entry_id, salt, payload FROM payloads LIMIT 1 OFFSET 7")
    await connection.close()
    told = (await stranger.get("/log/inclusion", params={"entry": str(entry)})).json()
    assert told["digest"] == sha256(b"pithead/entry/1\n" + salt + payload).hexdigest()
    size, root = int(told["checkpoint"].split("\n")[1]), (await _shown(stranger)).root
    proof = [bytes.fromhex(each) for each in told["proof"]]
    leaf = merkle.leaf_hash(bytes.fromhex(told["digest"]))
    assert merkle.verify_inclusion(leaf, int(told["position"]), size, proof, root)


async def test_a_smaller_log_is_proven_to_be_the_beginning(stranger: httpx.AsyncClient) -> None:
    shown = await _shown(stranger)
    old = shown.size // 2
    told = (await stranger.get("/log/consistency", params={"old": old, "new": shown.size})).json()
    older = await _root_from_tiles(stranger, old)
    proof = [bytes.fromhex(each) for each in told["proof"]]
    assert merkle.verify_consistency(old, shown.size, older, shown.root, proof)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/log/inclusion", 404),
        ("/log/inclusion?entry=nobody", 404),
        ("/log/inclusion?entry=00000000-0000-0000-0000-000000000000", 404),
        ("/log/consistency?old=0&new=1", 400),
        ("/log/consistency?old=5&new=4", 400),
        ("/log/consistency?old=1&new=99999999999", 400),
        ("/log/consistency?old=-1&new=2", 404),
        ("/log/tile/0/999", 404),
        ("/log/tile/6/000", 404),
        ("/log/tile/0/000.p/0", 404),
        ("/log/tile/0/000.p/257", 404),
        ("/log/tile/0/000.p/999999999999999999999", 404),
        ("/log/tile/0/x999/x999/x999/x999/x999/999", 404),
        ("/log/tile/0/..%2f..%2fetc", 404),
        ("/log/tile/entries/000.p/0", 404),
        ("/log/tile/entries/x999/x999/x999/x999/x999/999", 404),
    ],
)
async def test_what_is_not_shown_is_refused_in_a_coded_answer(
    stranger: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await stranger.get(path)
    assert answer.status_code == status
    assert answer.json()["code"] in ("NOT_FOUND", "BAD_INPUT")


async def test_the_service_says_that_it_is_well_part_by_part(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/healthz")).text == "ok\n"
    ready = await stranger.get("/readyz")
    assert ready.status_code == 200, ready.text
    assert {name: part["well"] for name, part in ready.json()["parts"].items()} == {
        "database": True,
        "keeping": True,
        "queue": True,
        "store": True,
    }
