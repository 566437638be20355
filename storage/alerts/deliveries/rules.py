"""What an address may be, and how long a failed attempt waits: pure rules of the house."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from storage.alerts.alerts.kinds import Channel
from storage.record.problems import BadInput, Problem, constraint_means

LONGEST_TARGET: Final = 500
MOST_ADDRESSES: Final = 12
WAITS: Final = tuple(timedelta(seconds=one) for one in (1, 4, 15, 60))
"""Between the attempts of one send; behind the last it is given up, and the ladder has gone on long since."""
LONGEST_WAIT: Final = timedelta(minutes=10)
"""However long a service asks to be left alone."""
LEASE: Final = timedelta(seconds=45)
"""For one attempt: longer than any channel's own deadline."""
CALL_LIFE: Final = timedelta(hours=1)
"""For so long behind an alarm a key may be pressed in a call about it."""
PUSH_SERVICES: Final = ("APNS", "HMS", "FCM", "WEB_PUSH")
Number = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Numbers that lead to an IPv4 address inside them, by a tunnel or a translator of the own network, whatever that is.
_INWARD: Final = tuple(ipaddress.IPv6Network(one) for one in ("::/96", "2002::/16", "64:ff9b:1::/48"))
_PHONE = re.compile(r"^\+[1-9][0-9]{6,14}$")
_MAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,}$")
_TOKEN = re.compile(r"^[\x21-\x7e]{8,500}$")
_WEB_PUSH_KEYS = re.compile(r"^[A-Za-z0-9_-]{87}\.[A-Za-z0-9_-]{22}$")


class AddressNotReachable(Problem):
    """A webhook goes to https and the public internet, never to the machine's own network (parameter: target)."""


class TooManyAddresses(Problem):
    """The account keeps as many open addresses as it may (parameter: most)."""


constraint_means("uq_addresses_account_id_channel_target", BadInput)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A way to reach somebody. `service` names the push service.

    `secret` signs what goes to a webhook; for web push it is what the browser gave: `p256dh.auth`, in base64url.
    """

    channel: Channel
    target: str
    service: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A send that this worker holds for one attempt, with the open addresses of its channel."""

    id: UUID
    account_id: UUID
    channel: Channel
    urgent: bool
    drill: bool
    attempt: int
    addresses: Sequence[tuple[UUID, Target]]
    desk_seen_at: datetime | None


def must_be_a_target(asked: Target) -> None:
    """The form of each kind of address: BadInput; a webhook to where nobody outside may be: AddressNotReachable."""
    if len(asked.target) > LONGEST_TARGET:
        raise BadInput(field="target", reason=f"<= {LONGEST_TARGET}")
    if asked.channel in (Channel.SMS, Channel.CALL):
        _must_match(_PHONE, asked.target, "E.164")
    elif asked.channel is Channel.EMAIL:
        _must_match(_MAIL, asked.target, "RFC 5322")
    elif asked.channel is Channel.PUSH:
        if asked.service not in PUSH_SERVICES:
            raise BadInput(field="service", reason=", ".join(PUSH_SERVICES))
        if asked.service != "WEB_PUSH":
            _must_match(_TOKEN, asked.target, "token")
        else:
            must_be_public(asked.target)
            if _WEB_PUSH_KEYS.fullmatch(asked.secret) is None:
                raise BadInput(field="secret", reason="p256dh.auth")
    elif asked.channel is Channel.WEBHOOK:
        must_be_public(asked.target)
        if len(asked.secret) < 32:
            raise BadInput(field="secret", reason=">= 32")
    else:
        raise BadInput(field="channel", reason="PAGE has no address")


def must_be_public(url: str) -> None:
    """An https address with a name, or a public number, and without credentials; else AddressNotReachable.

    A name is looked at again when it is resolved: whoever owns it may point it at the machine's own network later.
    """
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise AddressNotReachable(target=url) from None
    if parts.scheme != "https" or not host or parts.username or parts.password or parts.fragment:
        raise AddressNotReachable(target=url)
    if _number(host) is None and ("." not in host or host.lower().endswith((".local", ".internal", ".localhost"))):
        raise AddressNotReachable(target=url)
    if (number := _number(host)) is not None and not is_public(number):
        raise AddressNotReachable(target=url)


def is_public(number: Number) -> bool:
    """Whether a number is one that the whole internet reaches, and carries no number inside it that is not."""
    if isinstance(number, ipaddress.IPv6Address):
        if any(number in each for each in _INWARD) or number.is_site_local or number.teredo is not None:
            return False
        if number in _NAT64:
            return is_public(ipaddress.IPv4Address(int(number) & 0xFFFF_FFFF))
        if number.ipv4_mapped is not None:
            return is_public(number.ipv4_mapped)
    return number.is_global and not number.is_multicast


def retry_after(attempt: int, asked: timedelta | None) -> timedelta | None:
    """How long to wait before the next attempt, the first being 1; None to give up."""
    if attempt > len(WAITS):
        return None
    return max(WAITS[attempt - 1], min(asked or timedelta(0), LONGEST_WAIT))


def _number(host: str) -> Number | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _must_match(pattern: re.Pattern[str], text: str, name: str) -> None:
    if pattern.fullmatch(text) is None:
        raise BadInput(field="target", reason=name)
