"""The logs of a whole journey, with its failures, hold nothing that was secret in it."""

import asyncio
import io
import json
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api.app import Watch
from api.embedded.postgres import DatabaseAddresses
from api.phone.shift import main_shift
from api.sample_people import PASSWORD, SAMPLE_SIGN_INS
from storage.record.ledger import sequencer
from storage.record.objects import Objects
from tests.factories import media
from tests.journeys.running import OFFICERS, running_service
from tests.servers import Servers

_TOKENS = re.compile(r'"(?:accessToken|refreshToken|signature|statement|beacon|proof|password|secret)":"([^"]{12,})"')
_SIGNED = re.compile(r"\?(X-Amz-[^\"\\]+)")


@dataclass
class Overheard(httpx.BaseTransport):
    """A real line that keeps every secret which crosses it."""

    secrets: set[str] = field(default_factory=set)
    line: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.line.handle_request(request)
        response.read()
        if authorization := request.headers.get("authorization"):
            self.secrets.add(authorization.split()[-1])
        for text in (request.read().decode(errors="replace"), response.text):
            self.secrets |= set(_TOKENS.findall(text))
            for query in _SIGNED.findall(text):
                self.secrets |= {query, *(part.split("=")[1] for part in query.split("&") if "Signature" in part)}
        return response

    def close(self) -> None:
        self.line.close()


async def test_no_token_password_name_or_content_of_a_whole_shift_stands_in_the_logs(
    servers: Servers, template: DatabaseAddresses, words: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    overheard = Overheard()
    with tempfile.TemporaryDirectory(prefix="pithead-logs-") as scratch:
        folder = Path(scratch)
        watch = Watch(every_request=True)
        async with running_service(servers, template, folder, watch=watch) as service:
            await asyncio.to_thread(take_a_shift, folder, service.url, overheard)
            await asyncio.to_thread(fail_in_every_way, service.url, overheard)
            monkeypatch.setattr(Objects, "find", broken_store)
            monkeypatch.setattr(sequencer, "sequence", broken_database)
            async with asyncio.timeout(20):
                while "a turn failed" not in words.getvalue():  # noqa: ASYNC110 # A log offers no event to wait for.
                    await asyncio.sleep(0.05)
            await asyncio.to_thread(ask, service.url, "{ health { status } }")
            overheard.secrets |= {service.store.secret_key, service.store.access_key, *passwords_of(service.api)}
    said = words.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert len([line for line in lines if line["logger"] == "pithead.requests"]) > 20
    assert [line for line in lines if "a turn failed" in line["message"]]
    names = {one.name for one in SAMPLE_SIGN_INS} | {one.login for one in SAMPLE_SIGN_INS}
    secrets = overheard.secrets | names | {PASSWORD, "wrong-password-4711", "13800000001", "掌子面照片"}
    assert len(secrets) > 30
    assert [secret for secret in secrets if secret in said] == []
    assert "X-Amz" not in said


def take_a_shift(folder: Path, url: str, overheard: Overheard) -> None:
    photos = folder / "photos"
    photos.mkdir()
    (photos / "掌子面照片.jpg").write_bytes(media.jpeg(media.scene(1, (320, 240))))
    with httpx.Client(transport=overheard, timeout=30) as http:
        done = main_shift(
            url=url, root=photos, folder=folder / "phones", people=OFFICERS, language="en", say=lambda _: None,
            into=folder / "out", http=http,
        )  # fmt: skip
    assert done == 0


def fail_in_every_way(url: str, overheard: Overheard) -> None:
    """Sign-ins with a wrong password, false tokens, documents that hold what nobody should read later."""
    sign_in = "mutation($i: SignInInput!) { signIn(input: $i) { problem { code } } }"
    ask(url, sign_in, i={"login": "lead.panzhou", "password": "wrong-password-4711", "operationId": "x"})
    ask(url, sign_in, i={"login": "lead.panzhou", "password": "wrong-password-4711"})
    ask(url, "mutation Wrong13800000001 { signIn(input: {login: 13800000001}) { problem { code } } }")
    ask(url, '{ evidence(ids: ["13800000001"]) { id } }')
    ask(url, "{ 13800000001 }")
    with httpx.Client(transport=overheard) as http:
        http.post(f"{url}/graphql", json={"query": "{ x }"}, headers={"authorization": "Bearer abc.def.ghi-jkl"})
        http.get(f"{url}/graphql", params={"query": "{ __typename }", "variables": '{"x":"13800000001"}'})
        http.get(f"{url}/13800000001?password=wrong-password-4711")


def ask(url: str, document: str, **variables: Any) -> None:
    httpx.post(f"{url}/graphql", json={"query": document, "variables": variables}, timeout=10)


def passwords_of(url: str) -> list[str]:
    return [url.split("://")[1].split("@")[0].split(":")[1]]


def broken_store(*_: Any, **__: Any) -> None:
    raise OSError("GET http://store.example/b/o?X-Amz-Signature=0123456789abcdef")


async def broken_database(*_: Any, **__: Any) -> int:
    raise asyncpg.UniqueViolationError("duplicate key\nDETAIL:  Key (name)=(13800000001) already exists.")
