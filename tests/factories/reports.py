"""A desk with its people and keys, and reporters whose envelopes are as large as real ones, and full of noise."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.miners.reports import batching, keeping, operations, queries, rules, steps
from storage.miners.reports.operations import Filed, Identity, Message, Opening, key_id
from storage.miners.reports.receipts import Counter, Place
from storage.miners.reports.tables import ReceiptForm, ReportKind, ReportMode, ReportStepKind, ReportWhen
from storage.record.actor import Actor, Role, keeper, reporter
from storage.record.clock import hour_of, minute_of, to_ms
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import files, kept, messages, signing
from storage.record.work import perform
from tests.sites import NOW, PANZHOU, Site

HOUR = timedelta(hours=1)
SMALLEST = messages.ENCRYPTED_SIZES[0]


def wrap() -> bytes:
    """Noise as long as a wrap."""
    return secrets.token_bytes(rules.WRAP_SIZE)


def box_key() -> bytes:
    """The public half of a box that nobody will open."""
    return X25519PrivateKey.generate().public_key().public_bytes_raw()


def frames(count: int = 1) -> bytes:
    """Noise as long as a file of so many frames."""
    return secrets.token_bytes(files.PREFIX + count * (files.FRAME + 16))


@dataclass(slots=True)
class Tip:
    """A reporter before he files: the locator that he got, his keys, and what he is about to send."""

    place: Place
    reservation: bytes
    login: Ed25519PrivateKey
    opening: Opening
    message: Message
    nonce: str = ""

    @property
    def actor(self) -> Actor:
        """Whoever acts under this locator."""
        return reporter(place=str(self.place))

    def signed(self, challenge: bytes) -> bytes:
        """The answer to a challenge."""
        letter = rules.LETTERS[self.place.form]
        return self.login.sign(signing.login_message(letter, self.place.locator, to_base64url(challenge)))


@dataclass(slots=True)
class Desk:
    """The site's mine, two intake officers, a verification officer, three custodians, each with a key."""

    site: Site
    workers: Database
    intake: Actor
    far_intake: Actor
    verification: Actor
    custodians: tuple[Actor, ...]
    keys: dict[UUID, UUID] = field(default_factory=dict)
    counter: Counter = field(default_factory=lambda: Counter(secrets.token_bytes(32)))
    now: datetime = NOW

    async def acts(self, actor: Actor, operation: Any, **given: Any) -> Any:
        """One act of one of them."""
        return await perform(self.site.database, actor, self.now, operation, **given)

    async def keeps_key(self, actor: Actor, *, shares: bool = True) -> UUID:
        """The actor's client makes a key and keeps it here."""
        parts = [
            keeping.Share(
                number=number,
                custodian_key_id=self.keys[one.account_id],
                wrapped=secrets.token_bytes(keeping.SHARE_SIZE),
            )
            for number, one in enumerate(self.custodians if shares else (), 1)
        ]
        key = await self.acts(
            actor, keeping.keep_key, public_key=box_key(), sealed=secrets.token_bytes(kept.SIZE),
            shares=parts,
        )  # fmt: skip
        self.keys[actor.account_id] = key.id
        return self.keys[actor.account_id]

    async def tip(
        self, *, kind: ReportKind = ReportKind.REPORT, mode: ReportMode = ReportMode.ANONYMOUS,
        acted_on: ReportWhen = ReportWhen.LATER, mine_id: UUID | None = None, bits: int = 0, **more: Any,
    ) -> Tip:  # fmt: skip
        """A reporter who has a locator and all that he is to send."""
        place, reservation = await perform(
            self.site.database, reporter(), self.now, operations.begin_report, counter=self.counter,
            form=ReceiptForm.DIGITS, bits=bits, draw=lambda: operations.drawn_locator(ReceiptForm.DIGITS),
        )  # fmt: skip
        login, mine = Ed25519PrivateKey.generate(), mine_id or self.site.mine
        async with self.site.database.reading(reporter()) as sql:
            competent = await queries.competent_for(sql, mine, now=self.now)
        box = box_key()
        identity, claim = None, Ed25519PrivateKey.generate()
        if mode is not ReportMode.ANONYMOUS:
            identity = Identity(
                id=uuid4(), ciphertext=secrets.token_bytes(SMALLEST),
                halves_a={id: wrap() for id in competent.ids("custodians")},
                halves_b={id: wrap() for id in competent.ids("verification")},
            )  # fmt: skip
        opening = Opening(
            kind=kind, mode=mode, acted_on=acted_on, mine_id=mine, box_key=box,
            login_key=login.public_key().public_bytes_raw(), claim_key=claim.public_key().public_bytes_raw(),
            identity=identity, **more,
        )  # fmt: skip
        wraps = {id: wrap() for id in competent.ids("intake") | {key_id(box)}}
        message = Message(id=uuid4(), ciphertext=secrets.token_bytes(SMALLEST), wraps=wraps)
        return Tip(place, reservation, login, opening, message)

    async def files(self, tip: Tip, **changes: Any) -> Filed:
        """He files."""
        given: dict[str, Any] = {
            "reservation": tip.reservation,
            "nonce": tip.nonce,
            "opening": tip.opening,
            "message": tip.message,
        }
        return await perform(
            self.site.database, tip.actor, self.now, operations.file_report, counter=self.counter, **(given | changes)
        )

    async def sends(self, tip: Tip, body: bytes, *, id: UUID | None = None) -> UUID:
        """He sends a file, and names it in his message."""
        id = id or uuid4()
        await perform(
            self.site.database, tip.actor, self.now, operations.send_file, place=tip.place,
            message_id=tip.message.id, id=id, body=body,
        )  # fmt: skip
        tip.message = replace(tip.message, files=(*tip.message.files, id))
        return id

    async def batch(self, *, urgent: bool = False) -> int:
        """The worker's batch of the hour (or the minute), and what follows it."""
        at = minute_of(self.now) if urgent else hour_of(self.now)
        moved = await perform(self.workers, keeper(), at, batching.move_filings, urgent=urgent)
        if not urgent:
            await perform(self.workers, keeper(), at, batching.retry_filings)
            await perform(self.workers, keeper(), at, batching.end_hour)
        return moved

    async def filed(self, **given: Any) -> tuple[Tip, UUID]:
        """A report that went through the batch, and its id."""
        tip = await self.tip(**given)
        await self.files(tip)
        await self.batch()
        return tip, await self.report_of(tip)

    async def report_of(self, tip: Tip) -> UUID:
        """The report's own id, which its reporter never learns."""
        async with self.site.database.reading(tip.actor) as sql:
            return (await queries.opened(sql, tip.place)).report_id

    async def steps(self, report_id: UUID, *kinds: ReportStepKind, by: Actor, **given: Any) -> None:
        """These steps, one after the other."""
        for kind in kinds:
            await self.acts(by, steps.take_step, report_id=report_id, kind=kind, **given)

    def logs_in(self, tip: Tip, *, key: bytes | None) -> bytes:
        """A token for whoever signs the challenge rightly."""
        now = to_ms(self.now) // 1000
        challenge = self.counter.challenge(tip.place, now=now)
        self.counter.must_be_answered(tip.place, challenge, tip.signed(challenge), key=key, now=now)
        return self.counter.token(tip.place, now=now)


async def desk_of(site: Site, workers: Database) -> Desk:
    """A desk in Panzhou and its branch office."""
    custodians = tuple([await site.person(Role.REPORT_CUSTODIAN) for _ in range(3)])
    desk = Desk(
        site, workers, await site.person(Role.REPORT_INTAKE),
        await site.person(Role.REPORT_INTAKE, county=None, office="GZ-1"),
        await site.person(Role.REPORT_VERIFICATION, county=PANZHOU), custodians,
    )  # fmt: skip
    for one in custodians:
        await desk.keeps_key(one, shares=False)
    for one in (desk.intake, desk.verification):
        await desk.keeps_key(one)
    await site.put("report_keys", id=(key := uuid4()), account_id=desk.far_intake.account_id,
                   public_key=secrets.token_bytes(32), hour=hour_of(NOW))  # fmt: skip
    desk.keys[desk.far_intake.account_id] = key
    return desk
