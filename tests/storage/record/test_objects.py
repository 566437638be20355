"""Tests of what the store promises: exactly the declared bytes, once, under locks that nobody shortens."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import httpx
import pytest
from botocore.exceptions import ClientError

from api.embedded.signature import signed_request
from storage.record.objects import (
    Objects,
    Occupied,
    StoreAddress,
    StoreUnfit,
    VersionGone,
)
from storage.record.presigning import SignedRequest
from storage.record.problems import TryAgain
from tests.factories.evidence import send

BODY = b"these bytes and no others"


def soon(seconds: float = 60) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def put(objects: Objects, body: bytes = BODY) -> tuple[str, str]:
    """Name and version of a fresh object."""
    name = f"evidence/{uuid4().hex}"
    request = objects.sign_put(name, sha256=sha256(body).digest(), size=len(body), media_type="image/jpeg")
    assert send(request, body) == 200
    found = objects.find(name)
    assert found is not None
    assert found.size == len(body)
    return name, found.version


def test_a_signed_put_takes_exactly_the_declared_bytes_and_only_once(objects: Objects) -> None:
    name = f"evidence/{uuid4().hex}"
    request = objects.sign_put(name, sha256=sha256(BODY).digest(), size=len(BODY), media_type="image/jpeg")
    assert send(request, BODY[::-1]) == 400
    assert objects.find(name) is None
    bare = replace(request, headers=tuple(header for header in request.headers if "checksum" not in header[0]))
    assert send(bare, BODY[::-1]) == 403
    other = base64.b64encode(sha256(BODY[::-1]).digest()).decode()
    lied = tuple((key, other if "checksum" in key else value) for key, value in request.headers)
    assert send(replace(request, headers=lied), BODY[::-1]) == 403
    assert send(request, BODY) == 200
    assert send(request, BODY) == 412
    found = objects.find(name)
    assert found is not None
    assert b"".join(objects.read(name, found.version)) == BODY


def test_a_signed_get_gives_one_version(objects: Objects) -> None:
    name, version = put(objects)
    url = objects.sign_get(name, version, media_type="image/jpeg")
    assert send(SignedRequest("GET", url, ()), None) == 200
    other = "0" * len(version)
    assert send(SignedRequest("GET", url.replace(version, other), ()), None) == 403


def test_what_a_sender_told_the_store_about_its_bytes_is_told_to_nobody(objects: Objects) -> None:
    name = f"evidence/{uuid4().hex}"
    request = objects.sign_put(name, sha256=sha256(BODY).digest(), size=len(BODY), media_type="image/jpeg")
    told = {
        "content-encoding": "deflate", "content-disposition": 'attachment; filename="x.html"',
        "cache-control": "public, max-age=31536000",
    }  # fmt: skip
    assert httpx.put(request.url, content=BODY, headers={**dict(request.headers), **told}).status_code == 200
    version = objects.find(name)
    assert version is not None
    assert objects.open(name, version.version).encoding == "deflate"
    answer = httpx.get(objects.sign_get(name, version.version, media_type="image/jpeg"))
    assert answer.content == BODY
    assert [answer.headers[header] for header in (*told, "content-type")] == [
        "identity", "inline", "no-store", "image/jpeg",
    ]  # fmt: skip


def test_a_lock_is_read_back_lengthened_and_never_shortened(objects: Objects) -> None:
    name, version = put(objects)
    assert objects.locked_until(name, version) is None
    first, later = soon(60), soon(90)
    objects.lock(name, version, first)
    assert objects.locked_until(name, version) == first.replace(microsecond=0)
    objects.lock(name, version, first)
    objects.lock(name, version, later)
    objects.lock(name, version, first)  # Safe to repeat, though the lock is longer by now.
    objects.lock_softly(name, version, first)
    assert objects.locked_until(name, version) == later.replace(microsecond=0)
    for until in (soon(20), soon(30)):
        status, _ = signed_request(
            objects.address, method="PUT", path=f"/{objects.address.bucket}/{name}",
            query={"retention": "", "versionId": version},
            headers={"x-amz-bypass-governance-retention": "true"},
            body=f"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{until:%Y-%m-%dT%H:%M:%SZ}</RetainUntilDate>"
                 "</Retention>".encode(),
        )  # fmt: skip
        assert status == 403
    with pytest.raises(ClientError):
        objects.client.delete_object(
            Bucket=objects.address.bucket, Key=name, VersionId=version, BypassGovernanceRetention=True
        )
    assert b"".join(objects.read(name, version)) == BODY


def test_quarantined_bytes_are_kept_softly(objects: Objects) -> None:
    name, version = put(objects)
    objects.lock_softly(name, version, soon(30))
    objects.lock_softly(name, version, soon(40))
    assert objects.locked_until(name, version) is None
    with pytest.raises(ClientError):
        objects.client.delete_object(Bucket=objects.address.bucket, Key=name, VersionId=version)


def test_a_version_that_is_gone_is_told_by_every_call_that_names_it(objects: Objects) -> None:
    name, version = put(objects)
    objects.client.delete_object(Bucket=objects.address.bucket, Key=name, VersionId=version)
    with pytest.raises(VersionGone):
        list(objects.read(name, version))
    with pytest.raises(VersionGone):
        objects.lock(name, version, soon())
    with pytest.raises(VersionGone):
        objects.lock_softly(name, version, soon())
    assert objects.find(name) is None


def test_a_name_is_taken_once_and_the_same_bytes_again_are_no_fault(objects: Objects) -> None:
    name = f"ledger/{uuid4().hex}"
    for _ in range(2):
        objects.put_locked(name, BODY, until=soon(30), media_type="text/plain")
    with pytest.raises(Occupied):
        objects.put_locked(name, BODY + b"!", until=soon(30), media_type="text/plain")
    assert objects.whole(name) == BODY
    assert objects.first_kept(name) == (name, BODY)
    assert objects.first_kept("nothing/there") is None
    assert objects.whole("nothing/there") is None


def test_a_delete_marker_hides_no_first_name(objects: Objects) -> None:
    folder = f"ledger/{uuid4().hex}/"
    objects.put_locked(f"{folder}2", BODY, until=soon(30), media_type="text/plain")
    for _ in range(2):
        objects.client.delete_object(Bucket=objects.address.bucket, Key=f"{folder}2")
    assert objects.whole(f"{folder}2") is None
    assert objects.first_kept(folder) == (f"{folder}2", BODY)
    objects.client.delete_object(Bucket=objects.address.bucket, Key=f"{folder}1")  # Marks what never was.
    assert objects.first_kept(folder) == (f"{folder}1", b"")


def test_a_store_without_lock_or_versions_is_refused_by_name(objects: Objects) -> None:
    objects.require_fit()
    plain = replace(objects.address, bucket=f"plain-{uuid4().hex[:8]}")
    opened = Objects(plain)
    opened.client.create_bucket(Bucket=plain.bucket)
    with pytest.raises(StoreUnfit) as lacks:
        opened.require_fit()
    assert lacks.value.parameters == {"lacks": "versioning"}
    opened.client.put_bucket_versioning(Bucket=plain.bucket, VersioningConfiguration={"Status": "Enabled"})
    with pytest.raises(StoreUnfit) as lacks:
        opened.require_fit()
    assert lacks.value.parameters == {"lacks": "object lock"}
    opened.close()


def test_a_store_out_of_reach_is_a_reason_to_come_again_and_a_wrong_call_is_not(objects: Objects) -> None:
    nowhere = Objects(StoreAddress("http://127.0.0.1:1", "none", "key", "secret", "http://127.0.0.1:1"))
    with pytest.raises(TryAgain):
        nowhere.find("x")
    with pytest.raises(TryAgain):
        list(nowhere.read("x", "v"))
    with pytest.raises(ValueError, match="an object has a name"):
        objects.find("")
    assert "secret" not in repr(nowhere.address)
    nowhere.close()
