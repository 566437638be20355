"""Opening an identity: an officer asks with a reason, a custodian releases his half, and only then are there two."""

from typing import Any

from api.desk import calls, keys
from api.desk.keys import Key, NoKey
from api.phone.server import Server
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import messages, shares, wraps


def waiting(server: Server) -> list[dict[str, Any]]:
    """The requests that no custodian released yet."""
    return [one for one in calls.requests(server, to_release=True) if one["releasedBy"] is None]


def release(server: Server, key: Key, request: str) -> None:
    """A custodian wraps half a for the officer who asked, and for nobody else. NoKey if it is not wrapped for him."""
    told = next((one for one in calls.requests(server, to_release=True) if one["uuid"] == request), None)
    if told is None:
        raise NoKey("no_request")
    public = from_base64url(told["publicKey"])
    if wraps.key_id(public) != told["keyId"]:
        raise NoKey("other_key")
    half = next((one for one in told["halves"] if one["half"] == "A" and one["keyId"] == key.id), None)
    if half is None:
        raise NoKey("nothing_opens")
    calls.release(server, request, wrapped=keys.wrap_for(key.unwrapped(half), half["messageId"], "A", public).data)


def open_identity(server: Server, key: Key, report: str) -> messages.Identity:
    """The identity, of half b that is the officer's and half a that was released for him. NoKey without either."""
    told = calls.thread(server, report)
    box = next((one for one in told["messages"] if one["identityBox"] and one["ciphertext"]), None)
    released = [
        one for one in calls.requests(server, to_release=False)
        if (one["reportId"], one["keyId"]) == (report, key.id) and one["wrapped"]
    ]  # fmt: skip
    if box is None:
        raise NoKey("no_identity")
    b = key.opened(told["report"]["wraps"], box["uuid"], "B")
    if not released or b is None:
        raise NoKey("not_released" if b is not None else "nothing_opens")
    purpose = wraps.for_half(box["uuid"], "a", key.id)
    a = wraps.unwrap(from_base64url(released[0]["wrapped"]), key.private, purpose)
    bound = messages.for_identity(box["uuid"])
    return messages.decode_identity(messages.decrypt(from_base64url(box["ciphertext"]), shares.join(a, b), bound))
