"""Signs requests that somebody else sends to the store: AWS Signature Version 4 in the query; pure, no I/O."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request that a phone sends to the store by itself; the store refuses other bytes than were signed.

    A PUT sends the headers with the bytes as body; a POST sends a form of the fields, the bytes last as `file`.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Presigner:
    """Signs for one store at `url` (scheme://host[:port], no path) with one key.

    Source: AWS, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)". The client of botocore
    gives the same URL and takes five times as long, which is felt: every declared piece gets one.
    """

    url: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str

    def sign(
        self,
        method: str,
        path: str,
        *,
        at: datetime,
        seconds: int,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
    ) -> str:
        """The URL that is good for this method, path and all of these headers (lower case), for so many seconds."""
        signed = {**headers, "host": urlsplit(self.url).netloc}
        names = sorted(signed)
        listed = _listed(self.access_key, self.region, at.strftime("%Y%m%dT%H%M%SZ"), seconds, ";".join(names))
        text = listed.text if query is None else listed.among(query)
        told = "".join(f"{name}:{signed[name].strip()}\n" for name in names)
        quoted = quote(path, safe="/~")
        canonical = f"{method}\n{quoted}\n{text}\n{told}\n{listed.names}\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{listed.time}\n{listed.scope}\n{digest}"
        signature = hmac.digest(_key_of_the_day(self.secret_key, listed.scope), to_sign.encode(), "sha256").hex()
        return f"{self.url}{quoted}?{text}&X-Amz-Signature={signature}"

    def form(
        self, bucket: str, fixed: Mapping[str, str], *, size: int, at: datetime, until: datetime
    ) -> tuple[tuple[str, str], ...]:
        """The fields of a form by which a browser sends one file of exactly this size, each held fast by the policy.

        Source: AWS, "Browser-Based Uploads Using POST (AWS Signature Version 4)".
        """
        time = at.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{time[:8]}/{self.region}/s3/aws4_request"
        fields = {
            **fixed, "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-credential": f"{self.access_key}/{scope}",
            "x-amz-date": time,
        }  # fmt: skip
        conditions: list[object] = [{"bucket": bucket}, ["content-length-range", size, size]]
        conditions += [{name: value} for name, value in fields.items()]
        policy = {"expiration": until.strftime("%Y-%m-%dT%H:%M:%SZ"), "conditions": conditions}
        told = base64.b64encode(json.dumps(policy).encode()).decode()
        signature = hmac.digest(_key_of_the_day(self.secret_key, scope), told.encode(), "sha256").hex()
        return (*fields.items(), ("policy", told), ("x-amz-signature", signature))


def told_as(media_type: str) -> dict[str, str]:
    """What a signed query makes the store say of the bytes: their sender may have told it anything.

    No signature of a PUT covers headers that it does not name, and the store keeps some of them.
    """
    return {
        "response-cache-control": "no-store", "response-content-disposition": "inline",
        "response-content-encoding": "identity", "response-content-type": media_type,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Listed:
    """What all requests of one second with the same headers have in common in their query."""

    time: str
    scope: str
    names: str
    parameters: tuple[tuple[str, str], ...]
    text: str

    def among(self, query: Mapping[str, str]) -> str:
        """The query with these parameters in their place: the canonical form sorts by name."""
        return _joined(sorted((*self.parameters, *query.items())))


def _joined(parameters: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters)


@lru_cache(maxsize=64)
def _listed(access_key: str, region: str, time: str, seconds: int, names: str) -> _Listed:
    scope = f"{time[:8]}/{region}/s3/aws4_request"
    parameters = (
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", f"{access_key}/{scope}"),
        ("X-Amz-Date", time), ("X-Amz-Expires", str(seconds)), ("X-Amz-SignedHeaders", names),
    )  # fmt: skip
    return _Listed(time, scope, names, parameters, _joined(parameters))


@lru_cache(maxsize=4)
def _key_of_the_day(secret_key: str, scope: str) -> bytes:
    """The key derived from ours for one day, region and service; it changes at midnight UTC."""
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
