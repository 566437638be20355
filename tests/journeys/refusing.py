"""A county for the journeys of reporters: the application over HTTP, its people and desks, and a clock to turn."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.app import Parts, create_app
from api.auth import Authenticator
from api.embedded.postgres import DatabaseAddresses
from notifications.escalation import escalate
from notifications.follow import follow
from storage.alerts.rosters import operations as rosters
from storage.alerts.rosters.rules import Seat
from storage.miners.reports.operations import key_id
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import signing
from storage.record.objects import StoreAddress
from storage.record.work import perform
from tests.conftest import ORIGIN
from tests.factories.refusals import Ground, ground_of
from tests.factories.reports import SMALLEST, Desk, box_key, desk_of, wrap
from tests.sites import NOW, PANZHOU, Site

BEGIN = "mutation { begin(form: DIGITS) { locator reservation problem { code } } }"
FILE = "mutation ($input: FilingInput!) { file(input: $input) { messageId nextHour problem { code } } }"
CHALLENGE = "query ($locator: String!) { challenge(form: DIGITS, locator: $locator) }"
LOG_IN = """mutation ($locator: String!, $challenge: String!, $signature: String!) {
  logIn(form: DIGITS, locator: $locator, challenge: $challenge, signature: $signature) { token problem { code } } }"""
RECIPIENTS = """query ($mine: UUID!) { recipients(mineId: $mine) {
  intake { id } verification { id } custodians { id } } }"""
MATTERS = """query ($token: String!) { matters(token: $token) { askedOn
  steps { of kind at words } rewards { id amount state words payout paidHow } } }"""
CLAIM = """mutation ($token: String!, $input: ClaimInput!) { claim(token: $token, input: $input) {
  reward { id state payout } problem { code zh } } }"""


@dataclass(slots=True)
class Receipt:
    """What a reporter holds: his locator and the keys that his client derives."""

    locator: str
    login: Ed25519PrivateKey
    claim: Ed25519PrivateKey


@dataclass(slots=True)
class County:
    """Everybody who answers when a miner refuses, reached over HTTP; `now` is the time that all of them see."""

    site: Site
    workers: Database
    desk: Desk
    ground: Ground
    client: httpx.AsyncClient
    tokens: Authenticator
    second: Actor
    office: Actor
    reward: Actor
    decider: Actor
    now: datetime = NOW
    signed_in: set[UUID] = field(default_factory=set)

    async def token_of(self, actor: Actor) -> str:
        """A fresh access token of a person who is signed in."""
        if actor.session_id not in self.signed_in:
            assert actor.session_id is not None
            await self.site.put(
                "sessions", id=actor.session_id, account_id=actor.account_id, device_id=actor.device_id,
                token_hash=secrets.token_bytes(32), nonces=[], opened_at=NOW, renewed_at=NOW,
                expires_at=NOW + timedelta(days=400),
            )  # fmt: skip
            self.signed_in.add(actor.session_id)
        assert actor.session_id is not None
        return self.tokens.access_token(
            account_id=actor.account_id, session_id=actor.session_id, device_id=actor.device_id, now=self.now
        ).text

    async def asks(self, actor: Actor, text: str, **variables: Any) -> dict[str, Any]:
        """One question of one person to the API."""
        headers = {"authorization": f"Bearer {await self.token_of(actor)}"}
        body = {"query": text, "variables": variables}
        answer = (await self.client.post("/graphql", json=body, headers=headers)).json()
        assert not answer.get("errors"), answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def acts(self, actor: Actor, name: str, shown: str, **given: Any) -> dict[str, Any]:
        """One act of one person; a Problem fails the journey unless `shown` asks for it."""
        kind = name[0].upper() + name[1:] + "Input"
        text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {shown} problem {{ code message }} }} }}"
        told: dict[str, Any] = (await self.asks(actor, text, input=given))[name]
        return told

    async def tells(self, text: str, *, officer: Actor | None = None, **variables: Any) -> dict[str, Any]:
        """One question of a reporter, or of the officer who files for him."""
        headers = {} if officer is None else {"authorization": f"Bearer {await self.token_of(officer)}"}
        body = {"query": text, "variables": variables}
        answer = (await self.client.post("/reporting/graphql", json=body, headers=headers)).json()
        assert not answer.get("errors"), answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def files(self, kind: str, when: str, *, officer: Actor | None = None, **more: Any) -> Receipt:
        """A report of somebody without a name, a telephone or an account."""
        begun = (await self.tells(BEGIN, officer=officer))["begin"]
        found = (await self.tells(RECIPIENTS, officer=officer, mine=str(self.site.mine)))["recipients"]
        receipt = Receipt(begun["locator"], Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate())
        box = box_key()
        keys = [one["id"] for one in found["intake"]] + [key_id(box).hex]
        given = {
            "reservation": begun["reservation"], "kind": kind, "mode": "ANONYMOUS", "when": when,
            "mineId": str(self.site.mine), "boxKey": to_base64url(box),
            "loginKey": to_base64url(receipt.login.public_key().public_bytes_raw()),
            "claimKey": to_base64url(receipt.claim.public_key().public_bytes_raw()),
            "message": {"id": str(uuid4()), "ciphertext": to_base64url(secrets.token_bytes(SMALLEST)),
                        "wraps": [{"keyId": key, "bytes": to_base64url(wrap())} for key in keys]},
        }  # fmt: skip
        filed = (await self.tells(FILE, officer=officer, input=given | more))["file"]
        assert filed["problem"] is None, filed
        return receipt

    async def logs_in(self, receipt: Receipt) -> str:
        """The token that a receipt opens."""
        challenge = (await self.tells(CHALLENGE, locator=receipt.locator))["challenge"]
        signature = receipt.login.sign(signing.login_message("D", receipt.locator, challenge))
        told = await self.tells(LOG_IN, locator=receipt.locator, challenge=challenge, signature=to_base64url(signature))
        token: str = told["logIn"]["token"]
        return token

    async def matters(self, receipt: Receipt) -> dict[str, Any]:
        """What became of it, by receipt."""
        told: dict[str, Any] = (await self.tells(MATTERS, token=await self.logs_in(receipt)))["matters"]
        return told

    async def claims(self, receipt: Receipt, reward: dict[str, Any], payee: str) -> dict[str, Any]:
        """The reporter signs for his reward."""
        message = signing.claim_message(reward["id"], int(reward["amount"]), "CASH", payee.encode())
        given = {"rewardId": reward["id"], "payout": "CASH", "payee": payee,
                 "signature": to_base64url(receipt.claim.sign(message))}  # fmt: skip
        told: dict[str, Any] = (await self.tells(CLAIM, token=await self.logs_in(receipt), input=given))["claim"]
        return told

    async def batch(self, *, urgent: bool) -> None:
        """The worker's turn over what waits."""
        self.desk.now = self.now
        await self.desk.batch(urgent=urgent)

    async def follows(self) -> None:
        """The ledger is sequenced, and notifications read it to its end."""
        await sequencer.open_log(self.workers, origin=ORIGIN)
        while await sequencer.sequence(self.workers):
            pass
        while await perform(self.workers, keeper(), self.now, follow):
            pass

    async def climbs(self) -> None:
        """Whatever rung is due by now is climbed."""
        while await perform(self.workers, keeper(), self.now, escalate):
            pass

    async def told(self) -> set[UUID]:
        """Whom anything was sent to so far."""
        return {row["account_id"] for row in await self.site.rows.fetch("SELECT account_id FROM sends")}

    async def report_of(self, number: int = 0) -> UUID:
        """A report as the desk knows it; the reporter never learns this id."""
        rows = await self.site.rows.fetch("SELECT id FROM reports ORDER BY hour, id")
        found: UUID = rows[number]["id"]
        return found

    def passes(self, **time: float) -> None:
        """Time passes."""
        self.now += timedelta(**time)


@asynccontextmanager
async def county_of(
    site: Site, workers: Database, database: DatabaseAddresses, store: StoreAddress, keys: KeyFolder
) -> AsyncIterator[County]:
    """The application over HTTP, and everybody in his place with a plan of duty."""
    desk, ground = await desk_of(site, workers), await ground_of(site, workers)
    held: list[County] = []
    parts = Parts(
        database_url=database.api, public_url=database.public, store=store, keys=keys, development=True,
        clock=lambda: held[0].now if held else NOW,
    )  # fmt: skip
    app = create_app(parts)
    tokens = Authenticator(site.database, signer=keys.signer("token"), clock=parts.clock or (lambda: NOW))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        county = County(
            site, workers, desk, ground, client, tokens, second=await site.person(Role.DUTY_OFFICER),
            office=await site.person(Role.DUTY_OFFICER, county=None, office="GZ-1"),
            reward=await site.person(Role.REPORT_REWARD), decider=await site.person(Role.AGENCY_HEAD),
        )  # fmt: skip
        held.append(county)
        chief = await site.person(Role.AGENCY_HEAD, county=None, office="GZ-1")
        for by, seat, people in (
            (ground.head, Seat(county=PANZHOU), [ground.duty, county.second]),
            (chief, Seat(office="GZ-1"), [county.office]),
        ):  # fmt: skip
            await perform(
                site.database, by, NOW, rosters.plan_duty, id=uuid4(), seat=seat, begins_at=NOW,
                ends_at=NOW + timedelta(days=20), accounts=[one.account_id for one in people],
            )  # fmt: skip
        async with app.router.lifespan_context(app):
            yield county
    await asyncio.sleep(0)
