"""The intruder: somebody on the same machine, without our keys, at every door of both servers."""

import contextlib
import hashlib
import http.client
import socket
import ssl
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from api.embedded.certificates import make_certificate
from api.embedded.ports import LOOPBACK
from api.embedded.postgres import DatabaseAddresses
from api.embedded.processes import server_identity
from api.embedded.signature import signed_request
from api.embedded.store import EmbeddedStore
from storage.record.objects import StoreAddress
from tests.api.running import wait_until
from tests.servers import Servers, passable_folder

BODY = bytes(range(256)) * 100
_H2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000")


@dataclass(frozen=True)
class House:
    """A store with one object under COMPLIANCE lock, and where it stands."""

    folder: Path
    store: EmbeddedStore
    address: StoreAddress
    version: str

    @property
    def path(self) -> str:
        return f"/{self.address.bucket}/evidence"

    def http_ports(self) -> list[int]:
        return [port for name, port in self.store.ports.items() if not name.endswith(".grpc")]

    def grpc_ports(self) -> list[int]:
        return [port for name, port in self.store.ports.items() if name.endswith(".grpc")]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A store of this module's own, since it is attacked."""
    with passable_folder() as folder:
        store = EmbeddedStore(folder / "store", log=print)
        try:
            address = store.start()
            wait_until(lambda: all(_is_open(port) for port in store.ports.values()), what="the last of the doors")
            yield House(folder / "store", store, address, _put_locked(address))
        finally:
            store.stop()


@pytest.fixture(autouse=True)
def unharmed(house: House) -> Iterator[None]:
    """After each attack the object is there, byte for byte, and so is its lock."""
    yield
    query = {"versionId": house.version}
    status, body = signed_request(house.address, method="GET", path=house.path, query=query)
    assert (status, hashlib.sha256(body).digest()) == (200, hashlib.sha256(BODY).digest())
    status, answer = signed_request(house.address, method="GET", path=house.path, query={**query, "retention": ""})
    assert status == 200
    assert b"COMPLIANCE" in answer
    _, versions = signed_request(house.address, method="GET", path=f"/{house.address.bucket}", query={"versions": ""})
    assert house.version.encode() in versions


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def _put_locked(address: StoreAddress) -> str:
    until = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = {
        "x-amz-object-lock-mode": "COMPLIANCE",
        "x-amz-object-lock-retain-until-date": until,
        "x-amz-checksum-sha256": b64encode(hashlib.sha256(BODY).digest()).decode(),
    }
    path = f"/{address.bucket}/evidence"
    status, answer = signed_request(address, method="PUT", path=path, headers=headers, body=BODY)
    assert status == 200, answer
    _, versions = signed_request(address, method="GET", path=f"/{address.bucket}", query={"versions": ""})
    return versions.split(b"<VersionId>")[1].split(b"</VersionId>")[0].decode()


def _ask(port: int, method: str, path: str, body: bytes | None = None) -> int:
    """The status of an unsigned request; 0 when the door does not speak HTTP at all."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request(method, path, body=body)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def test_nobody_destroys_or_writes_over_plain_http_at_any_door(house: House) -> None:
    bucket = house.address.bucket
    attacks = [
        ("DELETE", f"/buckets/{bucket}/?recursive=true&ignoreRecursiveError=true"),
        ("DELETE", f"/buckets/{bucket}/evidence"),
        ("DELETE", f"/buckets/{bucket}/evidence.versions/?recursive=true"),
        ("DELETE", "/buckets/?recursive=true"),
        ("DELETE", "/?recursive=true"),
        ("GET", f"/col/delete?collection={bucket}"),
        ("POST", f"/col/delete?collection={bucket}"),
        ("GET", "/vol/vacuum?garbageThreshold=0.0001"),
        ("GET", "/vol/grow?count=1"),
        ("GET", "/dir/assign"),
        ("POST", "/submit"),
        ("POST", f"/buckets/{bucket}/evidence?mv.from=/buckets/{bucket}/other"),
        ("PUT", f"/buckets/{bucket}/evidence"),
        ("PUT", f"/buckets/{bucket}/evidence?tagging"),
        ("DELETE", "/1,0123456789"),
        ("POST", "/1,0123456789"),
        ("PUT", f"/{bucket}/evidence"),
        ("DELETE", f"/{bucket}/evidence"),
        ("DELETE", f"/{bucket}/evidence?versionId={house.version}"),
        ("POST", f"/{bucket}?delete"),
        ("DELETE", f"/{bucket}"),
        ("POST", "/?Action=CreateUser&UserName=intruder&Version=2010-05-08"),
    ]
    # The master shows its status page at "/", whatever the method: it neither changes nor reads anything.
    page = house.store.ports["master.port"]
    let_in = [
        (port, method, path)
        for port in house.store.ports.values()
        for method, path in attacks
        if not (port == page and path.startswith("/?"))
        and 200 <= _ask(port, method, path, b"other bytes" if method in ("PUT", "POST") else None) < 400
    ]
    assert let_in == []


def test_nobody_reads_evidence_without_a_signature(house: House) -> None:
    paths = (house.path, f"{house.path}?versionId={house.version}", f"/buckets{house.path}", f"/{house.address.bucket}")
    # The filer numbers its chunks; the first volumes and keys are where the object must lie.
    chunks = [f"/{volume},{key:02x}00000000" for volume in range(1, 8) for key in range(1, 4)]
    opened = [
        (port, path)
        for port in house.http_ports()
        for path in (*paths, *chunks)
        if 200 <= _ask(port, "GET", path) < 400
    ]
    assert opened == []


def _speaks(connection: socket.socket) -> bool:
    """True when the other side answers the preface of HTTP/2 with its settings, as gRPC does to a friend."""
    try:
        connection.sendall(_H2_PREFACE)
        answer = connection.recv(9)
    except OSError:  # ssl.SSLError is one.
        return False
    return len(answer) == 9 and answer[3] == 4


@contextlib.contextmanager
def _dialled(port: int, context: ssl.SSLContext | None) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, port), timeout=10) as plain:
        if context is None:
            yield plain
        else:
            with context.wrap_socket(plain, server_hostname="localhost") as wrapped:
                yield wrapped


def _context(certificate: tuple[Path, Path] | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    if certificate is not None:
        context.load_cert_chain(*certificate)
    return context


def test_grpc_speaks_to_nobody_without_our_certificate(house: House, tmp_path: Path) -> None:
    intruders = (None, _context(None), _context(make_certificate(tmp_path)))
    spoken = []
    for port in house.grpc_ports():
        for number, context in enumerate(intruders):
            with contextlib.suppress(OSError), _dialled(port, context) as connection:
                spoken += [(port, number)] if _speaks(connection) else []
    assert spoken == []
    private = house.folder / "private"
    ours = _context((private / "parts.crt", private / "parts.key"))
    for port in house.grpc_ports():  # The question is asked rightly: a part of the store is answered.
        with _dialled(port, ours) as connection:
            assert _speaks(connection)


def test_the_stores_own_shell_is_shut_out_without_certificates(house: House, tmp_path: Path) -> None:
    ports, bucket = house.store.ports, house.address.bucket
    program = Path(sys.executable).with_name("weed")
    destroy = (f"fs.rm -rf /buckets/{bucket}", f"collection.delete -collection={bucket} -apply")
    commands = "\n".join(("lock", *destroy, f"s3.bucket.delete -name={bucket}", ""))
    command = [
        str(program),
        "shell",
        f"-master={LOOPBACK}:{ports['master.port']}.{ports['master.port.grpc']}",
        f"-filer={LOOPBACK}:{ports['filer.port']}.{ports['filer.port.grpc']}",
    ]
    environment = {"HOME": str(tmp_path)}
    with contextlib.suppress(subprocess.TimeoutExpired):  # It tries for ever to get in.
        subprocess.run(
            command, input=commands, text=True, env=environment, cwd=tmp_path, timeout=8, capture_output=True
        )
    assert signed_request(house.address, method="GET", path=f"/{bucket}")[0] == 200, "the bucket is gone"


def test_not_even_the_applications_key_shortens_a_lock_or_deletes_a_locked_version(house: House) -> None:
    bypass = {"x-amz-bypass-governance-retention": "true"}
    query = {"versionId": house.version}
    assert signed_request(house.address, method="DELETE", path=house.path, query=query, headers=bypass)[0] == 403
    until = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for mode in ("COMPLIANCE", "GOVERNANCE"):
        body = f"<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>".encode()
        headers = {**bypass, "content-md5": b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()}
        shorter = {**query, "retention": ""}
        answer = signed_request(house.address, method="PUT", path=house.path, query=shorter, headers=headers, body=body)
        assert answer[0] == 403, answer
    assert signed_request(house.address, method="DELETE", path=f"/{house.address.bucket}")[0] == 409
    suspended = b"<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
    bucket = f"/{house.address.bucket}"
    versioning = {"versioning": ""}
    assert signed_request(house.address, method="PUT", path=bucket, query=versioning, body=suspended)[0] == 409


def test_what_lies_on_the_disk_and_every_unix_socket_is_closed_to_other_users(house: House) -> None:
    folders = [house.folder / name for name in ("data", "private", "socket")]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    names = [f"seaweedfs-*-{port}.sock" for port in house.store.ports.values()]
    sockets = [path for name in names for path in Path("/tmp").glob(name)]  # noqa: S108 - where it puts them.
    assert sockets
    assert {stat.S_IMODE(path.stat().st_mode) for path in sockets} == {0o700}


async def test_postgres_lets_nobody_in_without_the_right_password(servers: Servers) -> None:
    for role in ("superuser", "owner", "api", "worker"):
        url = getattr(servers.database, role)
        user, rest = url.removeprefix("postgresql://").split(":", 1)
        port = int(rest.rsplit(":", 1)[1].split("/")[0])
        for host in (LOOPBACK, str(servers.database.socket)):
            for password in ("", "wrong", user):
                for extra in ({}, {"replication": "database"}):
                    with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InternalClientError)):
                        await asyncpg.connect(
                            host=host,
                            port=port,
                            user=user,
                            password=password,
                            database="pithead",
                            server_settings=extra,
                            timeout=10,
                        )


def test_the_socket_of_postgres_is_out_of_reach_for_other_users(servers: Servers) -> None:
    _closed_to_others(servers.database)


def _closed_to_others(database: DatabaseAddresses) -> None:
    assert stat.S_IMODE(database.socket.stat().st_mode) == 0o700
    assert database.socket.stat().st_uid == server_identity().uid
    assert any(database.socket.iterdir())
