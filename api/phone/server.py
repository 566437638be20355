"""What the phone says to the server: one function a call, over GraphQL, and back-off where the answer is `again`.

Every act carries an id that the phone made and wrote down, so a call whose answer was lost is simply made again.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import httpx

AGAIN = frozenset({"TRY_AGAIN", "TOO_BUSY", "TIMED_OUT", "INTERNAL"})
"""Codes after which nothing was stored, or the same act can be told again."""
BUSY = frozenset({429, 502, 503, 504})
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class Unreachable(Exception):
    """The server or its store did not answer, or not with sense; the text says what was tried."""


class Refused(Exception):
    """The server refused an act: its stable code, its sentence for people, and what the sentence was made with."""

    def __init__(self, code: str, sentence: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.parameters = dict(parameters or {})


class _Again(Exception):
    """This try came to nothing; the next one may not."""


@dataclass(slots=True)
class Server:
    """One server as one person on one phone reaches it.

    `access` is the access token, kept in memory only. `renew` is called once for a call that it no longer opens.
    `patience` bounds the seconds that one call is tried for.
    """

    url: str
    http: httpx.Client = field(repr=False)
    language: str = "zh"
    access: str | None = field(default=None, repr=False)
    renew: Callable[[], None] | None = field(default=None, repr=False)
    patience: float = 20.0

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of one operation. Refused for a Problem, Unreachable when nobody answers in time."""
        try:
            return self._patiently(document, variables)
        except Refused as refused:
            if refused.code != "UNAUTHENTICATED" or self.renew is None:
                raise
        self.renew()
        return self._patiently(document, variables)

    def act(self, document: str, **input: Any) -> dict[str, Any]:
        """The payload of the one mutation in the document; its problem is raised as Refused."""
        (payload,) = self.ask(document, input=input).values()
        if not isinstance(payload, dict):
            raise Unreachable(f"{self.url}: an act without an answer")
        return payload

    def _patiently(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        last = ""
        for _ in tries(self.patience):
            try:
                return self._once(document, variables)
            except _Again as again:
                last = str(again)
        raise Unreachable(f"{self.url}: {last}")

    def _once(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        headers = {"accept": "application/graphql-response+json", "accept-language": self.language}
        if self.access is not None:
            headers["authorization"] = f"Bearer {self.access}"
        asked = {"query": document, "variables": variables}
        body = _json(_sent(lambda: self.http.post(f"{self.url}/graphql", json=asked, headers=headers)))
        for error in body.get("errors", ()):
            told = error.get("extensions", {})
            _raise(Refused(told.get("code", "?"), error.get("message", ""), told.get("parameters", {})))
        data = body.get("data")
        if not isinstance(data, dict):
            raise _Again("an answer without data")
        for payload in data.values():
            if isinstance(payload, dict) and payload.get("problem"):
                _raise(refusal(payload["problem"]))
        return data


def keys_document(server: Server) -> Any:
    """The public keys document as it is served now."""
    for _ in tries(server.patience):
        try:
            return _json(_sent(lambda: server.http.get(f"{server.url}/.well-known/pithead-keys")))
        except _Again as again:
            last = str(again)
    raise Unreachable(f"{server.url}: {last}")


def refusal(problem: Mapping[str, Any]) -> Refused:
    """What a Problem says."""
    parameters = {one["name"]: one["value"] for one in problem["parameters"]}
    return Refused(problem["code"], problem["message"], parameters)


def tries(seconds: float, *, longest: float = 5.0) -> Iterator[int]:
    """Numbers of tries, with pauses between them that grow to `longest`, until the seconds are over; at least one.

    The pauses differ at random, so that the phones of a shift that comes up to the surface do not knock in step.
    """
    end, pause, number = time.monotonic() + seconds, 0.2, 0
    while True:
        yield number
        if time.monotonic() + pause > end:
            return
        time.sleep(pause * random.uniform(0.7, 1.0))  # noqa: S311 # No secret: only so that phones knock out of step.
        pause, number = min(pause * 2, longest), number + 1


def _sent(send: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        response = send()
    except httpx.RequestError as error:
        raise _Again(str(error) or type(error).__name__) from error
    if response.status_code in BUSY:
        raise _Again(f"HTTP {response.status_code}")
    return response


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Unreachable(f"{response.request.url}: HTTP {response.status_code}, no answer of Pithead")
    return body


def _raise(refused: Refused) -> NoReturn:
    raise _Again(str(refused)) if refused.code in AGAIN else refused
