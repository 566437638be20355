"""Signed requests of AWS Signature Version 4, for the few calls that prepare the embedded store's bucket.

The application's own client of the store is `storage.record.objects`; these calls are apart from it, so that a test
may play an intruder with a hand that the client does not offer.
"""

import hashlib
import hmac
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime

from storage.record.objects import StoreAddress


def signed_request(
    address: StoreAddress,
    *,
    method: str,
    path: str,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> tuple[int, bytes]:
    """Sends one signed request and returns its status and body; raises OSError when nobody answers.

    Source: AWS, "Create a signed AWS API request" (canonical request, string to sign, derived key).
    """
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    host = urllib.parse.urlsplit(address.endpoint).netloc
    sent = {**(headers or {}), "host": host, "x-amz-content-sha256": digest, "x-amz-date": at}
    sent = {name.lower(): value for name, value in sent.items()}
    names = ";".join(sorted(sent))
    quoted = {urllib.parse.quote(k, safe=""): urllib.parse.quote(v, safe="") for k, v in (query or {}).items()}
    canonical_query = "&".join(f"{name}={quoted[name]}" for name in sorted(quoted))
    canonical_headers = "".join(f"{name}:{sent[name].strip()}\n" for name in sorted(sent))
    canonical = "\n".join([method, urllib.parse.quote(path), canonical_query, canonical_headers, names, digest])
    scope = f"{at[:8]}/{address.region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{address.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{address.access_key}/{scope}"
    sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    url = f"{address.endpoint}{urllib.parse.quote(path)}" + (f"?{canonical_query}" if canonical_query else "")
    request = urllib.request.Request(url, data=body or None, headers=sent, method=method)  # noqa: S310 - our own server.
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same.
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()
