"""Tests of the embedded S3 server: start, stop, crash, locked objects, browsers."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.embedded.durability import is_synchronous, make_synchronous
from api.embedded.ports import LOOPBACK
from api.embedded.processes import CannotStart
from api.embedded.signature import signed_request
from api.embedded.store import EmbeddedStore, is_read_from
from storage.record.objects import StoreAddress
from tests.api.running import wait_until
from tests.servers import Servers

Make = Callable[[Path], EmbeddedStore]


@pytest.fixture
def make(passable: Path) -> Iterator[Make]:
    """Makes supervisors of the store that stop with the test."""
    made: list[EmbeddedStore] = []

    def make_one(folder: Path) -> EmbeddedStore:
        made.append(EmbeddedStore(folder, log=print))
        return made[-1]

    yield make_one
    for store in made:
        store.stop()


def _put(address: StoreAddress, name: str, body: bytes) -> None:
    status, answer = signed_request(address, method="PUT", path=f"/{address.bucket}/{name}", body=body)
    assert status == 200, answer


def _get(address: StoreAddress, name: str) -> bytes:
    status, body = signed_request(address, method="GET", path=f"/{address.bucket}/{name}")
    assert status == 200, body
    return body


def test_a_killed_store_starts_again_where_it_was_with_every_object(passable: Path, make: Make) -> None:
    store = make(passable / "store")
    first = store.start()
    for number in range(20):
        _put(first, f"photo-{number}", bytes([number]) * 20_000)
    store.process.kill()
    assert store.start() == first
    assert all(_get(first, f"photo-{number}") == bytes([number]) * 20_000 for number in range(20))
    store.stop()
    assert make(passable / "store").start() == first
    assert _get(first, "photo-19") == bytes([19]) * 20_000


def test_a_store_that_does_not_give_out_what_it_keeps_is_known_by_it(passable: Path, make: Make) -> None:
    store = make(passable / "store")
    address = store.start()
    assert is_read_from(address, seconds=0)
    _put(address, "b photo+1 井.jpg", b"pixels" * 20_000)
    assert is_read_from(address, seconds=0)
    _put(address, "a photo+1 井.jpg", b"pixels" * 20_000)
    node = f"{LOOPBACK}:{store.ports['volume.port']}.{store.ports['volume.port.grpc']}"
    for volume in (passable / "store" / "data").glob("*_*.dat"):
        store.shell(f"lock\nvolume.unmount -node {node} -volumeId {volume.stem.split('_')[-1]}\nunlock")
    assert not is_read_from(address, seconds=0.5)


def test_every_bucket_is_written_durably_after_each_start(passable: Path, make: Make) -> None:
    store = make(passable / "store")
    for _ in range(2):
        store.start()
        in_force = "".join(store.shell("fs.configure").split())
        assert '"locationPrefix":"/buckets/"' in in_force
        assert '"fsync":true' in in_force
        store.stop()


def test_names_and_index_are_written_through_wherever_the_file_system_can(passable: Path, make: Make) -> None:
    probe = passable / "probe"
    probe.mkdir()
    can = make_synchronous(probe)
    _put(make(passable / "store").start(), "photo", b"pixels")
    data = passable / "store" / "data"
    written = [path for pattern in ("filerldb2/*/*.log", "*.idx", "*.dat") for path in data.glob(pattern)]
    assert len(written) > 3
    assert {is_synchronous(path) for path in written} == {can}


def test_objects_stay_when_all_ports_of_last_time_are_taken(passable: Path, make: Make) -> None:
    store = make(passable / "store")
    first = store.start()
    _put(first, "photo", b"pixels")
    store.stop()
    squatter = make(passable / "squatter")
    squatter.ports = dict(store.ports)
    squatter.start()
    again = make(passable / "store").start()
    assert again.endpoint != first.endpoint
    assert _get(again, "photo") == b"pixels"


def test_a_second_store_on_a_used_folder_is_refused(passable: Path, make: Make) -> None:
    make(passable / "store").start()
    with pytest.raises(CannotStart, match="in use by another running Pithead"):
        make(passable / "store").start()


def test_only_loopback_is_listened_on(passable: Path, make: Make) -> None:
    store = make(passable / "store")
    store.start()
    loopback = "".join(f"{int(part):02X}" for part in reversed(LOOPBACK.split(".")))
    wanted = {(loopback, port) for port in store.ports.values()}
    wait_until(lambda: wanted <= _listening("tcp"), what="the last of its doors")
    others = (_listening("tcp") | _listening("tcp6")) - wanted
    assert not {port for _, port in others} & set(store.ports.values())


def _listening(table: str) -> set[tuple[str, int]]:
    """Address, in the kernel's hexadecimal, and port of each listening socket of this machine."""
    path = Path("/proc/net") / table
    rows = [line.split() for line in path.read_text().splitlines()[1:]] if path.exists() else []
    local = [row[1].split(":") for row in rows if row[3] == "0A"]
    return {(address, int(port, 16)) for address, port in local}


@pytest.mark.parametrize(
    ("origin", "allowed"), [("http://localhost:8700", True), ("http://elsewhere.example", False), ("null", False)]
)
def test_browsers_of_our_own_pages_may_upload_and_no_others(servers: Servers, origin: str, allowed: bool) -> None:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,x-amz-checksum-sha256",
    }
    url = f"{servers.store.endpoint}/{servers.store.bucket}/photo"
    request = urllib.request.Request(url, headers=headers, method="OPTIONS")  # noqa: S310 - our own server.
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same.
            assert allowed == (answer.headers["Access-Control-Allow-Origin"] == origin)
    except urllib.error.HTTPError as refused:
        refused.close()
        assert not allowed
