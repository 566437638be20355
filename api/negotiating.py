"""What may live here: what a caller accepts: the type of the answer, the way of a stream, the language."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from graphql_schema.context import Tongue

RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
MULTIPART: Final = "multipart/mixed"

Way: TypeAlias = Literal["text/event-stream", "multipart/mixed"]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What may be answered: `media` for one answer, `way` for a stream of them; None where it is not accepted."""

    media: str | None
    way: Way | None


@lru_cache(maxsize=256)
def preferences(header: str) -> tuple[tuple[str, float], ...]:
    """Return what a header prefers, best first: (value, weight), RFC 9110 §12.4.2."""
    found = []
    for part in header.lower().split(",")[:30]:
        value, *parameters = (each.strip() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found.append((value, float(weight)))
        except ValueError:
            found.append((value, 0.0))
    return tuple(sorted(found, key=lambda each: -each[1]))


@lru_cache(maxsize=256)
def accepted(header: str | None) -> Accepted:
    """Read an Accept header.

    Clients list `text/event-stream` for every operation and mean it for subscriptions: so one answer is a stream only
    where nothing else is accepted, which is how graphql-sse asks. `multipart/mixed` means a subscription only with
    `subscriptionSpec`; alone it means @defer, which is not spoken here.
    """
    asked = (header or JSON)[:1_000]
    wanted = [value for value, weight in preferences(asked) if weight > 0]
    media = next((_media(value) for value in wanted if _media(value)), None)
    follows = "subscriptionspec" in asked.lower()
    way: Way | None = next(
        (
            EVENTS if value == EVENTS else MULTIPART
            for value in wanted
            if value == EVENTS or (value == MULTIPART and follows)
        ),
        None,
    )
    return Accepted(media, way)


def _media(value: str) -> str | None:
    if value in (RESPONSE, JSON):
        return value
    return JSON if value in ("*/*", "application/*") else None


def language(header: str) -> Tongue:
    """Return the language of messages: the first of zh and en that is accepted, else zh."""
    for value, weight in preferences(header[:1_000]):
        tongue = value.split("-")[0]
        if weight > 0 and tongue == "en":
            return "en"
        if weight > 0 and tongue == "zh":
            return "zh"
    return "zh"
