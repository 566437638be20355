"""The page that a phone opens first, and where originals go under the API's own address."""

import plistlib
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from api.nearby.authority import authority
from api.nearby.leaflet import Leaflet
from api.nearby.relay import Relay
from api.nearby.serving import Place, told
from storage.record.objects import Objects, StoreAddress


async def got(leaflet: Leaflet, path: str) -> httpx.Response:
    line = httpx.ASGITransport(leaflet.app())
    async with httpx.AsyncClient(transport=line, base_url="http://192.168.1.5:8780") as client:
        return await client.get(path)


@pytest.mark.quick
async def test_the_leaflet_shows_the_fingerprint_and_hands_out_the_authority_twice(tmp_path: Path) -> None:
    made = authority(tmp_path)
    leaflet = Leaflet(made, f"https://{made.host}:8743/app/", "https://192.168.1.5:8743/app/")
    page = await got(leaflet, "/phone")
    assert made.fingerprint in page.text
    assert "{" not in page.text
    assert "script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    certificate = await got(leaflet, "/pithead.crt")
    assert (certificate.content, certificate.headers["content-type"]) == (made.der, "application/x-x509-ca-cert")
    profile = await got(leaflet, "/pithead.mobileconfig")
    (content,) = plistlib.loads(profile.content)["PayloadContent"]
    assert (content["PayloadType"], content["PayloadContent"]) == ("com.apple.security.root", made.der)
    assert (await got(leaflet, "/graphql")).status_code == 404


@pytest.mark.quick
def test_the_terminal_shows_a_code_to_scan_and_what_to_compare(tmp_path: Path) -> None:
    place = Place("192.168.1.5", 8743, 8780, authority(tmp_path))
    lines = told(place)
    assert sum("█" in line for line in lines) > 10
    assert any("http://192.168.1.5:8780/phone" in line for line in lines)
    assert any(place.authority.fingerprint in line for line in lines)


@pytest.mark.quick
async def test_no_path_leads_out_of_the_bucket_however_it_is_written() -> None:
    asked: list[str] = []
    app = Starlette(routes=[Route("/{path:path}", _noting(asked))])
    store = StoreAddress("http://127.0.0.1:9", "bucket", "key", "secret", "https://pithead-1a2b.local:8743")
    relay = Relay(app, store)
    ways = (
        "/bucket/../iam", "/bucket/%2e%2e/iam", "/bucket/..%2fiam", "/bucket/./x", "/bucket//other/", "/bucket2/x",
        "/%62ucket/x", "/bucket/a/../../?Action=ListUsers", "/bucket/@host:1", "/bucket%2f..%2fiam", "/bucket/%ff",
    )  # fmt: skip
    for way in ways:
        path, _, query = way.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": unquote(path), "raw_path": path.encode(), "headers": [],
            "query_string": query.encode(), "root_path": "", "scheme": "https", "server": ("phone", 8743),
        }  # fmt: skip
        await relay(scope, _nothing, _ignore)
    assert len(asked) == len(ways), "all of them are for the application, which knows none; the store hears of none"
    await relay.close()


def _noting(asked: list[str]) -> Callable[[Request], Response]:
    def note(request: Request) -> Response:
        asked.append(request.url.path)
        return Response(status_code=404)

    return note


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignore(_: Message) -> None:
    return


def versions(objects: Objects) -> list[str]:
    return [one.version for one in objects.versions("relayed")]


async def test_only_what_was_signed_gets_through_to_the_store_by_whichever_name(bucket: StoreAddress) -> None:
    store = replace(bucket, public_url="https://pithead-1a2b.local:8743")
    objects, body = Objects(store), b"\xff\xd8\xff a photo"
    relay = Relay(Starlette(), store)
    signed = objects.sign_put("relayed", sha256=sha256(body).digest(), size=len(body), media_type="image/jpeg")
    path, headers = signed.url.removeprefix(store.public_url), dict(signed.headers)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(relay), base_url="https://192.168.1.5:8743") as phone:
        wrong = await phone.put(path, content=body[:-1] + b"!", headers=headers)
        assert wrong.status_code in (400, 403)
        assert (await phone.put(path, content=body, headers=headers)).status_code == 200
        assert (await phone.put(path, content=body, headers=headers)).status_code == 412
        assert (await phone.put(f"/{store.bucket}/other", content=body)).status_code == 403
        assert (await phone.get(f"/{store.bucket}/relayed")).status_code == 403
        assert (await phone.request("DELETE", f"/{store.bucket}/relayed")).status_code == 405
        assert (await phone.get("/somewhere")).status_code == 404
        answer = await phone.get(objects.sign_get("relayed", versions(objects)[0], media_type="image/jpeg"))
        assert (answer.status_code, answer.content) == (200, body)
        assert "sandbox" in answer.headers["content-security-policy"], "what a phone sent is no page of ours"
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    found = objects.find("relayed")
    assert found is not None
    assert found.size == len(body)
    objects.close()
    await relay.close()
