"""The composition root of the API: puts the parts together, and is imported by nobody but the command line."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route, WebSocketRoute

from api import sandbox
from api.auth import Authenticator
from api.calls import Calls
from api.counts import Counts
from api.crowd import Crowd
from api.explorer import explorer_routes
from api.following import Follower
from api.graphql import LARGEST_BODY, SLOWEST_BODY, GraphQLEndpoint
from api.health import Health
from api.metrics import Metrics
from api.numbers import Numbers
from api.observing import Observed
from api.public.bulk import OpenData
from api.public.exposures import Exposures
from api.public.feeds import Feeds
from api.public.listing import Lists
from api.public.log import PublicPages
from api.public.requesting import Requests
from api.public.site import site_of
from api.rendering import DecodedApart
from api.reporting.app import Aside, Desk
from api.sockets import SocketEndpoint
from api.static import StaticFiles
from graphql_schema import schema
from graphql_schema.context import Means
from graphql_schema.executor import Executor
from graphql_schema.limits import Limits
from storage.miners.reports.operations import drawn_locator
from storage.promises.keys.passkeys import RelyingParty
from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.fitness import must_be_a_plain_role, must_be_migrated, must_read_what_is_public_alone
from storage.record.ledger.keys import REPORT, KeyFolder
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.statements import SIZE_LIMIT
from storage.record.objects import Objects, StoreAddress
from storage.record.printing.typesetting import Typesetter
from storage.record.spans import UNMEASURED
from storage.register.identity.passwords import AT_ONCE, MOST_WAITING, Passwords
from storage.register.identity.sessions import Door
from storage.trust.requests.receipts import Forms

if TYPE_CHECKING:
    from api.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much GraphQL takes of one caller; `explorer` opens the page to try it, `url` is where we are reached."""

    limits: Limits = field(default_factory=Limits)
    body_bytes: int = LARGEST_BODY
    body_seconds: float = SLOWEST_BODY
    lines: int = 10
    explorer: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is told of this process: to whom its numbers, of which requests a line, and what `/readyz` minds."""

    metrics_token: SecretStr | None = None
    every_request: bool = False
    data: Path | None = None
    """The folder of embedded servers, whose disk may fill; None where nothing of ours lies on a disk."""
    disk_least: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """What one API process is made of, as plain values."""

    database_url: str
    public_url: str
    """The database by the role that reads what was published and nothing else."""
    store: StoreAddress
    keys: KeyFolder
    development: bool
    largest_file: int = SIZE_LIMIT
    fonts: Path | None = None
    """The folder of the fonts of papers; None for those that set-up installs."""
    sandbox: bool = False
    relayed: bool = False
    """Whether pages reach the store at their own address."""
    graphql: Bounds = field(default_factory=Bounds)
    watch: Watch = field(default_factory=Watch)
    telemetry: "Telemetry | None" = None
    processes: int = 1
    """How many such processes answer together: what is bounded for all of them is divided among them."""
    web_push_key: str | None = None
    """The public key under which browsers subscribe to push; None where that way is not set up."""
    relying_party: RelyingParty | None = None
    """For whom passkeys are made; None where nobody signs."""
    gateway_secret: SecretStr | None = None
    """What the operator's gateway signs with; None where no pressed key is believed."""
    numbers: Numbers | None = None
    """How they tell each other their numbers, if there are several."""
    clock: Callable[[], datetime] | None = None
    """The time that requests see; None for this machine's, or what a request asks for in the sandbox."""

    def share(self, of: int, *, least: int = 1) -> int:
        """What one process may have."""
        return max(of // self.processes, least)


def create_app(parts: Parts) -> Starlette:
    """The ASGI application. Nothing is opened before its lifespan begins, and all is closed when it ends."""
    spans = parts.telemetry or UNMEASURED
    database = Database(parts.database_url, pool_size=parts.share(10, least=4), spans=spans)
    # Reporters have a pool of their own, which nobody measures: what waits there tells nothing here.
    reporters = Database(parts.database_url, pool_size=parts.share(6, least=2))
    published = Database(parts.public_url, pool_size=parts.share(6, least=2), spans=spans, gathers=True)
    objects = Objects(parts.store, spans=spans)
    passwords = Passwords(at_once=parts.share(AT_ONCE), most_waiting=parts.share(MOST_WAITING + AT_ONCE))

    def public_keys() -> PublicKeys:
        return PublicKeys.parse(parts.keys.public())

    clock = parts.clock or (sandbox.now if parts.sandbox else _now)
    tokens = Authenticator(database, signer=parts.keys.signer("token"), keys=public_keys, clock=clock)

    async def authenticate(request: Request) -> Actor | None:
        return await tokens.authenticate(request.headers.get("authorization"))

    follower, crowd = Follower(database, parts.database_url), Crowd(each=parts.graphql.lines)
    means = Means(
        objects=objects,
        rings=follower,
        promise=parts.keys.signer("promise"),
        promise_at=lru_cache(maxsize=256)(parts.keys.promise_at),
        keys=public_keys,
        tokens=tokens,
        door=Door(passwords, parts.keys.secret("salt")),
        numbers=parts.keys.secret("salt"),
        stamp=parts.keys.signer("stamp"),
        typesetter=Typesetter(parts.fonts),
        renderer=DecodedApart(),
        web_push_key=parts.web_push_key,
        relying_party=parts.relying_party,
        largest_file=parts.largest_file,
        published=published,
    )
    graphql = GraphQLEndpoint(
        Executor(schema.build(), limits=parts.graphql.limits, development=parts.development, spans=spans),
        authenticate, database, clock, means,
        largest_body=parts.graphql.body_bytes, slowest_body=parts.graphql.body_seconds, passes=tokens, crowd=crowd,
    )  # fmt: skip
    sockets = SocketEndpoint(graphql, tokens, origins=frozenset(filter(None, (parts.graphql.url,))))
    counts = Counts()
    health = Health(database, objects, data=parts.watch.data, disk_least=parts.watch.disk_least)
    pages = PublicPages(database, parts.keys.public, health, objects)
    metrics = Metrics(database, objects, counts, token=parts.watch.metrics_token, numbers=parts.numbers)
    telling = nullcontext() if parts.numbers is None else parts.numbers.told(metrics.own)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await must_be_a_plain_role(database)
        await must_be_a_plain_role(published)
        await must_be_migrated(database)
        await must_read_what_is_public_alone(published)
        await objects.aside(objects.require_fit)
        # What is loaded by now stays for ever: the collector need not look at it again (a third of the p99).
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)
        following = asyncio.create_task(follower.run())
        try:
            async with telling:
                yield
        finally:
            crowd.farewell()
            following.cancel()
            await asyncio.wait({following})
            await database.close()
            await reporters.close()
            await published.close()
            objects.close()
            passwords.close()
            if parts.telemetry is not None:
                await parts.telemetry.close()

    routes: list[Any] = [Route("/graphql", graphql), WebSocketRoute("/graphql", sockets), *pages.routes()]
    routes.append(Route("/metrics", metrics.page))
    if parts.gateway_secret is not None:
        routes += Calls(database, parts.gateway_secret.get_secret_value(), clock).routes()
    site = site_of(published, parts.keys.public, parts.graphql.url or "http://localhost")
    forms = Forms(parts.keys.secret(REPORT))
    routes += [
        *Exposures(site, objects).routes(),
        *site.routes(),
        *Feeds(site).routes(),
        *OpenData(site).routes(),
        *Lists(site).routes(),
    ]
    routes += Requests(site, database, clock, forms).routes()
    routes += StaticFiles(store=None if parts.relayed else parts.store.public_url).routes()
    if parts.graphql.explorer:
        routes += explorer_routes()
    observed = Middleware(Observed, counts=counts, every=parts.watch.every_request)
    faults = [Middleware(sandbox.Sandbox, database=database, authenticate=authenticate)] if parts.sandbox else []
    traced = [parts.telemetry.around()] if parts.telemetry is not None else []
    aside = Middleware(Aside, reporting=_reporting(parts, reporters, clock, authenticate).app())
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[aside, *traced, observed, *faults])
    app.state.farewell = crowd.farewell
    app.state.leave = health.leave
    return app


def _reporting(
    parts: Parts, database: Database, clock: Callable[[], datetime], authenticate: Callable[[Request], Any]
) -> Desk:
    return Desk(database, clock, parts.keys.secret(REPORT), drawn_locator, authenticate, parts.development)


def _now() -> datetime:
    return datetime.now(UTC)
