"""Photos whose copy on the phone goes or cannot be read after they were signed: each comes to an end, and is told."""

import tempfile
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path

import pytest

from api.embedded.postgres import DatabaseAddresses
from api.phone.notebook import Notebook
from tests.journeys.running import OFFICERS, Service, running_service
from tests.journeys.test_one_photo import NO_EVIDENCE, SEALED, Field, a_photo, run_to_death
from tests.servers import Servers

DECLARING = "before POST /graphql declareEvidence"
WAITING = "before POST /graphql evidence"
LOST = "SELECT count(*) FROM evidence WHERE sha256 = $1 AND state = 'LOST'"


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    """One service for all journeys of this file."""
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as running:
            yield running


@pytest.fixture
def outside(service: Service, tmp_path: Path) -> Field:
    return Field(service, tmp_path)


def the_copy(outside: Field) -> Path:
    """The one copy that the lead's phone keeps."""
    (copy,) = (outside.folder / "phones" / OFFICERS[0].login / "originals").iterdir()
    return copy


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        lambda copy: copy.write_bytes(copy.read_bytes()[:-1]),
        lambda copy: copy.write_bytes(copy.read_bytes()[:-1] + bytes([copy.read_bytes()[-1] ^ 1])),  # It is random.
    ],
    ids=["gone", "cut", "altered"],
)
async def test_a_copy_that_went_before_it_was_sent_is_reported_and_blocks_no_other_photo(
    outside: Field, spoil: Callable[[Path], object]
) -> None:
    data = a_photo(outside.folder / "a.jpg")
    assert (await run_to_death(outside, outside.folder / "a.jpg", at=DECLARING))[1] is None
    spoil(the_copy(outside))
    assert await outside.takes(outside.folder / "a.jpg") == NO_EVIDENCE, outside.told
    assert outside.told[-1] == "1 files, 0 sealed, 0 refused, 0 quarantined, 1 lost"
    assert await outside.service.count(LOST, sha256(data).digest()) == 1
    a_photo(outside.folder / "next.jpg")
    assert await outside.takes(outside.folder / "next.jpg") == SEALED, outside.told


async def test_a_copy_that_went_after_it_was_sent_leaves_the_proof_alone(outside: Field) -> None:
    data = a_photo(outside.folder / "a.jpg")
    assert (await run_to_death(outside, outside.folder / "a.jpg", at=WAITING))[1] is None
    the_copy(outside).unlink()
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert any("the proof is handed over without the original" in line for line in outside.told)
    assert {path.name for path in outside.into.iterdir()} == {"a.jpg.pithead.json", "keys.json"}
    assert await outside.sealed_once(data)


async def test_a_phone_killed_between_a_verified_receipt_and_letting_go_lets_go_when_it_comes_again(
    outside: Field,
) -> None:
    data = a_photo(outside.folder / "a.jpg")
    death, _ = await run_to_death(outside, outside.folder / "a.jpg", at=None)
    sealed = next(one for one in death.moments if one.startswith("said the receipt"))
    a_photo(outside.folder / "b.jpg")
    assert (await run_to_death(outside, outside.folder / "b.jpg", at=sealed))[1] is None
    originals = outside.folder / "phones" / OFFICERS[0].login / "originals"
    (piece,) = (one for one in Notebook(originals.parent).pieces() if not one.told)
    # It is sealed and its end was not said: this copy stands for the one that a kill just before would have left.
    (originals / piece.id).write_bytes(data)
    assert await outside.takes(outside.folder / "b.jpg") == SEALED, outside.told
    assert list(originals.iterdir()) == []
