"""The ways by which people are told: what the operator set up, as plain values, and the channels made of it."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
from pydantic import SecretStr

from api.settings import PREFIX, Settings, SettingsAreWrong
from notifications.channels import Channel
from notifications.channels.email import Email
from notifications.channels.gateways import Gateway
from notifications.channels.outward import Outward
from notifications.channels.push import Apns, Fcm, Hms
from notifications.channels.tokens import ServiceAccount
from notifications.channels.web_push import WebPush, public_key
from notifications.channels.webhooks import Webhooks
from storage.alerts.alerts import kinds

Channels = Mapping[tuple[kinds.Channel, str], Channel]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server, and as whom we send by it."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Ways:
    """What is set up; None where a way is not. Webhooks need nothing."""

    gateway_url: str | None = None
    gateway_token: str = field(default="", repr=False)
    apns: ServiceAccount | None = None
    apns_topic: str = ""
    apns_url: str = ""
    hms: ServiceAccount | None = None
    hms_url: str = ""
    fcm: ServiceAccount | None = None
    fcm_url: str = ""
    web_push_key: str | None = field(default=None, repr=False)
    web_push_contact: str = ""
    mail: Mail | None = None


def ways_of(settings: Settings) -> Ways:
    """The ways that are set up; SettingsAreWrong where a file is missing or is not what it should be."""
    return Ways(
        gateway_url=settings.gateway_url, gateway_token=_told(settings.gateway_token) or "",
        apns=_apple(settings), apns_topic=settings.apns_topic or "", apns_url=settings.apns_url,
        hms=_account("HMS_ACCOUNT", settings.hms_account, issuer="sub_account", key_id="key_id"),
        hms_url=settings.hms_url,
        fcm=_account("FCM_ACCOUNT", settings.fcm_account, issuer="client_email", key_id="private_key_id"),
        fcm_url=settings.fcm_url,
        web_push_key=None if settings.web_push_key is None else _read("WEB_PUSH_KEY", settings.web_push_key),
        web_push_contact=settings.web_push_contact or "", mail=_mail(settings),
    )  # fmt: skip


def push_key_of(settings: Settings) -> str | None:
    """What browsers subscribe with; None where web push is not set up."""
    return None if settings.web_push_key is None else public_key(_read("WEB_PUSH_KEY", settings.web_push_key))


@asynccontextmanager
async def open_channels(
    ways: Ways, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[Channels]:
    """The channels of these ways, closed at the end; SSL_CERT_FILE names authorities of the operator's own."""
    async with AsyncExitStack() as stack:
        trust, found = httpx.create_ssl_context, dict[tuple[kinds.Channel, str], Channel]()

        def keep(channel: kinds.Channel, service: str, made: _Closing) -> None:
            found[channel, service] = made
            stack.push_async_callback(made.close)

        outward = Outward(trust=trust())
        stack.push_async_callback(outward.close)
        found[kinds.Channel.WEBHOOK, ""] = Webhooks(outward, clock=clock)
        if ways.web_push_key is not None:
            found[kinds.Channel.PUSH, "WEB_PUSH"] = WebPush(
                outward, key=ways.web_push_key, contact=ways.web_push_contact, clock=clock
            )
        if ways.gateway_url is not None:
            given: Any = {"url": ways.gateway_url, "token": ways.gateway_token}
            keep(kinds.Channel.SMS, "", Gateway("sms", trust=trust(), **given))
            keep(kinds.Channel.CALL, "", Gateway("calls", trust=trust(), **given))
        if ways.apns is not None:
            apns = Apns(url=ways.apns_url, topic=ways.apns_topic, account=ways.apns, trust=trust(), clock=clock)
            keep(kinds.Channel.PUSH, "APNS", apns)
        if ways.hms is not None:
            keep(kinds.Channel.PUSH, "HMS", Hms(url=ways.hms_url, account=ways.hms, trust=trust(), clock=clock))
        if ways.fcm is not None:
            keep(kinds.Channel.PUSH, "FCM", Fcm(url=ways.fcm_url, account=ways.fcm, trust=trust(), clock=clock))
        if (mail := ways.mail) is not None:
            post = Email(
                host=mail.host, port=mail.port, sender=mail.sender, user=mail.user, password=mail.password,
                trust=trust(),
            )  # fmt: skip
            keep(kinds.Channel.EMAIL, "", post)
        yield found


class _Closing(Channel, Protocol):
    """A channel that keeps lines open."""

    async def close(self) -> None: ...


def _apple(settings: Settings) -> ServiceAccount | None:
    if settings.apns_key is None:
        return None
    return ServiceAccount(
        project="", issuer=settings.apns_team_id or "", audience="", key_id=settings.apns_key_id or "",
        key=_read("APNS_KEY", settings.apns_key),
    )  # fmt: skip


def _account(name: str, path: Path | None, *, issuer: str, key_id: str) -> ServiceAccount | None:
    """The file of a service account; what is wrong with it is said without a word of what stands in it."""
    if path is None:
        return None
    try:
        told = json.loads(_read(name, path))
        return ServiceAccount(
            project=str(told["project_id"]), issuer=str(told[issuer]), audience=str(told["token_uri"]),
            key=str(told["private_key"]), key_id=str(told[key_id]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError):
        raise SettingsAreWrong([f"{PREFIX}{name}: {path} is no service account"]) from None


def _mail(settings: Settings) -> Mail | None:
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    return Mail(
        settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_user, _told(settings.smtp_password)
    )


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsAreWrong([f"{PREFIX}{name}: {path} cannot be read ({type(fault).__name__})"]) from None


def _told(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
