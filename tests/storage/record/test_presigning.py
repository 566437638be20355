"""Presigned URLs: the same bytes as the vendor's own signer makes, for every shape that the record asks for."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from storage.record.presigning import Presigner

pytestmark = pytest.mark.quick

URL, ACCESS, SECRET, REGION = "http://localhost:8333", "access", "secret+/=", "us-east-1"
PUT = {
    "content-length": "2000000",
    "content-type": "image/jpeg",
    "if-none-match": "*",
    "x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
}


@pytest.mark.parametrize("path", ["/evidence/a1b2", "/evidence/mit leer/zeichen+~_.-", "/evidence/井口"])
@pytest.mark.parametrize(("method", "headers"), [("PUT", PUT), ("GET", {}), ("PUT", {"content-type": "a/b; c=d"})])
def test_the_url_is_the_one_that_the_vendors_signer_makes(path: str, method: str, headers: dict[str, str]) -> None:
    theirs = AWSRequest(method, URL + quote(path, safe="/~"), headers=headers)
    S3SigV4QueryAuth(Credentials(ACCESS, SECRET), "s3", REGION, expires=600).add_auth(theirs)
    at = datetime.strptime(_parameter(theirs.url, "X-Amz-Date"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    ours = Presigner(URL, ACCESS, SECRET, REGION).sign(method, path, at=at, seconds=600, headers=headers)
    assert ours == theirs.url


def test_a_version_is_part_of_what_is_signed() -> None:
    theirs = AWSRequest("GET", f"{URL}/evidence/a1", params={"versionId": "v/1="})
    S3SigV4QueryAuth(Credentials(ACCESS, SECRET), "s3", REGION, expires=60).add_auth(theirs)
    at = datetime.strptime(_parameter(theirs.url, "X-Amz-Date"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    ours = Presigner(URL, ACCESS, SECRET, REGION).sign(
        "GET", "/evidence/a1", at=at, seconds=60, headers={}, query={"versionId": "v/1="}
    )
    assert _parameter(ours, "versionId") == "v/1="
    assert _parameter(ours, "X-Amz-Signature") == _parameter(theirs.url, "X-Amz-Signature")


def test_another_day_another_header_or_another_key_is_another_signature() -> None:
    at = datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
    signer = Presigner(URL, ACCESS, SECRET, REGION)
    urls = {
        signer.sign("PUT", "/b/a", at=at, seconds=60, headers=PUT),
        signer.sign("PUT", "/b/a", at=at.replace(day=25), seconds=60, headers=PUT),
        signer.sign("PUT", "/b/a", at=at, seconds=60, headers={**PUT, "content-length": "2000001"}),
        Presigner(URL, ACCESS, "other", REGION).sign("PUT", "/b/a", at=at, seconds=60, headers=PUT),
    }
    assert len({_parameter(url, "X-Amz-Signature") for url in urls}) == 4


def test_a_form_is_signed_as_the_vendors_signer_signs_it() -> None:
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    fields = dict(
        Presigner(URL, ACCESS, SECRET, REGION).form("evidence", {"key": "evidence/a1"}, size=7, at=at, until=at)
    )  # fmt: skip
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["expiration"] == "2026-11-24T08:00:00Z"
    assert ["content-length-range", 7, 7] in policy["conditions"]
    held = [one for one in policy["conditions"] if isinstance(one, dict)]
    shown = [{name: value} for name, value in fields.items() if name not in ("policy", "x-amz-signature")]
    assert held == [{"bucket": "evidence"}, *shown]
    request = AWSRequest("POST", URL)
    request.context["timestamp"] = fields["x-amz-date"]
    theirs = S3SigV4PostAuth(Credentials(ACCESS, SECRET), "s3", REGION).signature(fields["policy"], request)
    assert fields["x-amz-signature"] == theirs


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Presigner(URL, ACCESS, SECRET, REGION))


def _parameter(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]
