"""What the reporter's client says to the server, over its own GraphQL; nothing in a request names who asks.

Every act may be told again with the same bytes, so a call whose answer was lost is simply made again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.phone.server import BUSY, tries
from storage.record import glossary

_AGAIN = frozenset({"TRY_AGAIN", "TOO_BUSY", "TIMED_OUT", "INTERNAL"})
_HEADERS = {"user-agent": "pithead", "accept": "application/json", "accept-language": "zh"}
"""The same for everybody: neither this program's version nor this machine's language."""


class Unreachable(Exception):
    """The server did not answer, or not with sense; the text says what was tried."""


class Refused(Exception):
    """The server refused; its stable code and its sentences in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en or zh}")
        self.code, self.said = code, (zh or en, en or zh)


@dataclass(slots=True)
class Server:
    """One server; `patience` bounds the seconds that one call is tried for, `officer` is his token who takes a call."""

    url: str
    http: httpx.Client = field(repr=False)
    patience: float = 20.0
    officer: str | None = field(default=None, repr=False)

    def ask(self, document: str, **variables: Any) -> Any:
        """The one field of one operation. Refused, Unreachable."""
        body = self._patiently(
            lambda: self.http.post(
                f"{self.url}/reporting/graphql", json={"query": document, "variables": variables},
                headers=self._headers(),
            )
        )  # fmt: skip
        (told,) = body["data"].values()
        return told

    def send_file(self, id: str, data: bytes, *, message_id: str, place: str) -> None:
        """The encrypted frames of one file, before the message that names it."""
        self._patiently(
            lambda: self.http.put(
                f"{self.url}/reporting/files/{id}", params={"message": message_id}, content=data,
                headers={**_HEADERS, "authorization": f"Receipt {place}"},
            )
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        return _HEADERS if self.officer is None else {**_HEADERS, "authorization": f"Bearer {self.officer}"}

    def _patiently(self, send: Any) -> dict[str, Any]:
        last: Exception = Unreachable(self.url)
        for _ in tries(self.patience):
            try:
                response = send()
            except httpx.RequestError as error:
                last = Unreachable(f"{self.url}: {error or type(error).__name__}")
                continue
            if response.status_code in BUSY:
                last = Unreachable(f"{self.url}: HTTP {response.status_code}")
                continue
            refused = _refusal(_json(response))
            if refused is None:
                return _json(response)
            if refused.code not in _AGAIN:
                raise refused
            last = refused
        raise last


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Unreachable(f"{response.request.url.host}: HTTP {response.status_code}, no answer of Pithead")
    return body


def _refusal(body: Mapping[str, Any]) -> Refused | None:
    """What stands against it, wherever the answer says it."""
    for error in body.get("errors") or ():
        told = error.get("extensions", {})
        code, parameters = str(told.get("code", "?")), told.get("parameters") or {}
        # Everybody asks in Chinese, so the English of an error is ours: that of the same code.
        english = glossary.sentence(code, "en", **parameters)
        return Refused(code, str(error.get("message", "")), "" if english == code else english)
    payloads = [body, *(body.get("data") or {}).values()]
    for payload in payloads:
        problem = payload.get("problem") if isinstance(payload, dict) else None
        if problem:
            return Refused(problem["code"], problem["zh"], problem["en"])
    return None
