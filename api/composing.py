"""What settings come to: the plain values and parts that the commands hand on, imported when they are needed."""

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.settings import Settings, headers_of

if TYPE_CHECKING:
    from api.app import Bounds, Parts
    from api.telemetry import Telemetry
    from storage.promises.keys.passkeys import RelyingParty
    from storage.record.ledger.keys import KeyFolder
    from storage.record.objects import StoreAddress


class Refused(Exception):
    """A command cannot do what it was asked; the text says why in one line."""


def parts_of(settings: Settings) -> "Parts":
    """What the API is made of."""
    from api.app import Parts, Watch
    from api.ways import push_key_of

    return Parts(
        database_url=required(settings, "database_url"),
        public_url=required(settings, "database_public_url"),
        store=store_of(settings),
        keys=key_folder(settings),
        development=settings.environment == "development",
        largest_file=settings.largest_file_bytes,
        fonts=settings.fonts,
        sandbox=settings.sandbox,
        graphql=bounds_of(settings),
        watch=Watch(
            metrics_token=settings.metrics_token,
            every_request=settings.every_request,
            data=settings.data if settings.data.exists() else None,
            disk_least=settings.disk_least_bytes,
        ),
        processes=settings.api_processes,
        gateway_secret=settings.gateway_secret,
        web_push_key=push_key_of(settings),
        relying_party=relying_party_of(settings),
    )


def relying_party_of(settings: Settings) -> "RelyingParty":
    """For whom passkeys are made, and on which pages they may be asked; Refused.

    A page of this machine is `localhost`, as browsers want it: for an address of numbers they make no passkey.
    """
    from storage.promises.keys.passkeys import RelyingParty

    own = urlsplit(settings.url or f"http://localhost:{settings.port}")
    party = settings.relying_party or own.hostname or ""
    more = [one.strip() for one in (settings.passkey_origins or "").split(",") if one.strip()]
    origins = tuple(dict.fromkeys((f"{own.scheme}://{own.netloc}", *more)))
    for origin in more:
        host = urlsplit(origin).hostname or ""
        if host != party and not host.endswith(f".{party}"):
            raise Refused(f"PITHEAD_PASSKEY_ORIGINS: {origin} is neither {party} nor below it")
    return RelyingParty(id=party, origins=origins)


def telemetry_of(settings: Settings, process: str) -> "Telemetry | None":
    """Where this process sends its traces; None unless an address is set."""
    if settings.telemetry_url is None:
        return None
    from api.telemetry import telemetry_to

    return telemetry_to(
        settings.telemetry_url,
        process=process,
        share=settings.telemetry_share,
        headers=headers_of(settings.telemetry_headers),
    )


def must_have_the_extra(settings: Settings) -> None:
    """Before anything is started or made."""
    from importlib.util import find_spec

    if settings.telemetry_url is not None and find_spec("opentelemetry") is None:
        missing = "PITHEAD_TELEMETRY_URL is set, and OpenTelemetry is not installed"
        raise Refused(f"{missing}: pip install --require-hashes -r requirements-telemetry.txt")


def bounds_of(settings: Settings) -> "Bounds":
    """What one request to GraphQL may cost."""
    from api.app import Bounds
    from graphql_schema.limits import Limits

    limits = Limits(
        tokens=settings.graphql_tokens, depth=settings.graphql_depth, aliases=settings.graphql_aliases,
        directives=settings.graphql_directives, fragments=settings.graphql_fragments, cost=settings.graphql_cost,
        seconds=settings.graphql_seconds,
    )  # fmt: skip
    return Bounds(
        limits=limits,
        body_bytes=settings.graphql_body_bytes,
        body_seconds=settings.graphql_body_seconds,
        lines=settings.graphql_lines,
        explorer=settings.explorer if settings.explorer is not None else settings.environment == "development",
        url=settings.url,
    )


def required(settings: Settings, name: str) -> str:
    """A setting that must be there, secret or not; Refused."""
    value = getattr(settings, name)
    if value is None:
        raise Refused(f"PITHEAD_{name.upper()} is not set; `pithead run` sets it for the servers that it starts")
    return str(value.get_secret_value())


def store_of(settings: Settings) -> "StoreAddress":
    """Where originals are kept; Refused."""
    from storage.record.objects import StoreAddress

    if settings.s3_endpoint is None or settings.s3_bucket is None:
        raise Refused("PITHEAD_S3_ENDPOINT is not set; `pithead run` sets it for the store that it starts")
    return StoreAddress(
        endpoint=settings.s3_endpoint,
        bucket=settings.s3_bucket,
        access_key=required(settings, "s3_access_key"),
        secret_key=required(settings, "s3_secret_key"),
        public_url=settings.s3_public_url or settings.s3_endpoint,
        region=settings.s3_region,
    )


def key_folder(settings: Settings) -> "KeyFolder":
    """The server's keys, made where they are missing."""
    from api.sample_people import BEFORE
    from storage.record.ledger.keys import KeyFolder

    keys = KeyFolder(settings.keys_folder)
    # In production a key counts from its making on; a sandbox signs by clocks that go back.
    back = timedelta(0) if settings.environment == "production" else BEFORE
    keys.create_missing(now_ms() - back // timedelta(milliseconds=1))
    return keys


def now_ms() -> int:
    """This moment, as keys count it."""
    from storage.record.clock import to_ms

    return to_ms(datetime.now(UTC))


def begin_logs(settings: Settings, process: str) -> None:
    """All that this process logs goes to its error stream; what was set is the first of it, without secrets."""
    from api import logs

    logs.begin(process, as_json=settings.logs_as_json)
    if settings.logs_as_json:  # At a terminal `pithead run` says it once for all its processes.
        logging.getLogger("pithead.settings").info("started with", extra={"fields": settings.told()})


def server_url(settings: Settings) -> str:
    """Where a running server is found: PITHEAD_URL, or the address that it wrote into its data folder; Refused."""
    address = settings.data / "address"
    url = settings.url or (address.read_text().strip() if address.exists() else None)
    if url is None:
        raise Refused(
            "no server found: set PITHEAD_URL, or PITHEAD_DATA as the server has it, or start one with `make run`"
            f" ({address} does not exist) / 找不到服务器：请设 PITHEAD_URL，或者与服务器相同的 PITHEAD_DATA"
        )
    return url
