"""What browser tests share: everything that `make run PHONE=1 SANDBOX=1` starts, on loopback, and one Chromium."""

import asyncio
import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.demo.days import Today
from api.demo.hands import Cast
from api.embedded.ports import free_ports
from api.phone.outset import line_of
from api.phone.server import Server
from api.sample_people import PASSWORD
from tests.browser import reporter
from tests.browser.chromium import Browser, Page, running_chromium
from tests.journeys.persons import Officer
from tests.servers import ROOT, passable_folder


@dataclass(frozen=True, slots=True)
class Running:
    """A running Pithead: by HTTPS as phones reach it, by HTTP as this machine does, and the page that phones open."""

    https: str
    http: str
    leaflet: str
    data: Path

    @property
    def authority_pin(self) -> str:
        """SHA-256 of the authority's public key, by which Chromium trusts it without the system's store."""
        certificate = x509.load_pem_x509_certificate((self.data / "nearby" / "authority.crt").read_bytes())
        spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(spki).digest()).decode()


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """`pithead run` with the phones' door and the sandbox open; it stops with the session."""
    with passable_folder() as folder:
        http, https, leaflet = free_ports(3, preferred=[])
        variables = {
            "DATA": str(folder / "data"), "PORT": str(http), "PHONE": "1", "PHONE_HOST": "127.0.0.1",
            "PHONE_PORT": str(https), "PHONE_PAGE_PORT": str(leaflet), "SANDBOX": "1",
            "RETENTION_FLOOR_SECONDS": "60", "LEDGER_RETENTION_SECONDS": "60",
            "RELYING_PARTY": "localhost", "PASSKEY_ORIGINS": f"https://localhost:{https}",
        }  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PITHEAD_")}
        environment |= {f"PITHEAD_{name}": value for name, value in variables.items()} | {"PYTHONUNBUFFERED": "1"}
        words = folder / "words"
        with words.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "run"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            _wait_until_open(process, words)
            yield Running(
                f"https://localhost:{https}", f"http://localhost:{http}", f"http://127.0.0.1:{leaflet}", folder / "data"
            )
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=40)


def _wait_until_open(process: "subprocess.Popen[bytes]", words: Path) -> None:
    deadline = time.monotonic() + 120
    while not ({"Ctrl-C", "Fingerprint"} <= {word for word in ("Ctrl-C", "Fingerprint") if word in words.read_text()}):
        assert process.poll() is None, words.read_text()
        assert time.monotonic() < deadline, words.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="session")
async def chromium(running: Running, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """One browser for all tests; each has a page of its own, with nothing kept from any other."""
    folder = tmp_path_factory.mktemp("chromium")
    pin = f"--ignore-certificate-errors-spki-list={running.authority_pin}"
    async with running_chromium(folder / "profile", pin) as browser:
        yield browser


@pytest.fixture(scope="session")
async def desks(running: Running) -> reporter.Desks:
    """Keys of three custodians, and of intake and verification of one county; opened as the story of a refusal does."""
    for which in ("one", "two", "three"):
        await Officer(running.http, f"custodian.{which}", PASSWORD).does("keep_key", custodian=True)
    intake, verifier = (Officer(running.http, login, PASSWORD) for login in ("intake.panzhou", "verifier.panzhou"))
    for officer in (intake, verifier):
        await officer.does("keep_key", county="520281")
    return reporter.Desks(intake, verifier)


@pytest.fixture(scope="module")
def sample_cast(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The sample people, each on a phone of his own."""
    with line_of(None) as line:
        yield Cast(lambda: Server(running.http, line), tmp_path_factory.mktemp("phones"), PASSWORD, Today())


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    """A phone's page."""
    opened = await chromium.page()
    yield opened
    # Chromium would rather have RSA among a passkey's algorithms, which signs nothing here.
    harmless = ("net::ERR_", "status of", "pubKeyCredParams is missing")
    complaints = [one for one in opened.complaints if not any(words in one for words in harmless)]
    await opened.close()
    await asyncio.sleep(0)
    assert complaints == []
