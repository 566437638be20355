"""Makes whatever a commitment is signed with: a principal of the register, his keys, an officer, previews."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from storage.promises.commitments import operations, previewing, signing
from storage.promises.commitments.rules import Given as Answer
from storage.promises.commitments.signing import Given
from storage.promises.commitments.tables import AnswerOutcome, Commitment, Preview
from storage.promises.keys import operations as keys
from storage.promises.keys.passkeys import RelyingParty
from storage.promises.keys.queries import KeyRow
from storage.promises.keys.tables import IdentitySeen, KeyPurpose, SigningWay
from storage.promises.templates.queries import clauses_of
from storage.promises.templates.rules import Clause
from storage.record.actor import Actor, Role
from storage.record.ledger.proofs.commitments.documents import challenge_of, message_of
from storage.record.ledger.proofs.signatures import Signer, signing_input
from storage.record.objects import Objects
from storage.record.printing.typesetting import Typesetter
from tests.factories.authenticators import PARTY, Authenticator
from tests.factories.people import new_key
from tests.factories.templates import YEAR, Promises, clauses
from tests.sites import NOW

TYPESETTER = Typesetter()
PAPER = sha256(b"the agreement on signatures").digest()


async def appoint(promises: Promises, who: Actor, *, since: date = date(2026, 1, 1)) -> UUID:
    """Enters somebody into the register as the principal of the site's mine; gives his post."""
    site, person, post = promises.site, uuid4(), uuid4()
    scope = {"mine_id": site.mine, "county": "520281", "office": "GZ-1"}
    name = await site.rows.fetchval("SELECT name FROM accounts WHERE id = $1", who.account_id)
    known = await site.rows.fetchval("SELECT id FROM persons WHERE account_id = $1", who.account_id)
    if known is None:
        await site.put(
            "persons", id=person, **scope, name=name, account_id=who.account_id, registered_at=NOW, sample=False
        )
    await site.put("posts", id=post, person_id=known or person, **scope, kind="PRINCIPAL", flags=[], from_day=since,
                   recorded_at=NOW)  # fmt: skip
    return post


@dataclass
class Signing:
    """A mine whose year is answered, its principal with an authenticator and a device, and the officer who checks."""

    promises: Promises
    objects: Objects
    officer: Actor
    company: Actor
    post: UUID
    device: Signer
    passkey: Authenticator = field(default_factory=Authenticator)

    @property
    def principal(self) -> Actor:
        return self.promises.principal

    async def acts(self, operation: Any, actor: Actor | None = None, **given: Any) -> Any:
        return await self.promises.acts(operation, actor or self.principal, **given)

    async def answers(self, *given: Answer) -> None:
        said = given or tuple(Answer(key=one.key, outcome=AnswerOutcome.MET) for one in clauses())
        await self.acts(operations.answer_clauses, self.promises.clerk, mine_id=self.promises.site.mine, year=YEAR,
                        given=said)  # fmt: skip

    async def lays(self, *, by: Actor | None = None, **where: Any) -> Preview:
        """Has the commitment laid, with its PDF in the store."""
        place: dict[str, Any] = {"mine_id": self.promises.site.mine, "year": YEAR} | where
        self.promises.now += timedelta(seconds=1)
        who = by or self.principal
        async with self.promises.site.database.reading(who) as sql:
            plan = await previewing.plan_preview(sql, who, now=self.promises.now, **place)
        made = await previewing.make_preview(self.objects, TYPESETTER, plan)
        laid: Preview = await self.acts(previewing.record_preview, who, made=made, **place)
        return laid

    async def registers_passkey(self, *, by: Actor | None = None, passkey: Authenticator | None = None) -> KeyRow:
        asked = await self.acts(keys.ask_for_passkey, by, mine_id=self.promises.site.mine)
        given = (passkey or self.passkey).create(asked.challenge)
        key: KeyRow = await self.acts(keys.register_passkey, by, challenge_id=asked.id, attestation=given, party=PARTY)
        return key

    async def registers_device(
        self, *, by: Actor | None = None, purpose: KeyPurpose = KeyPurpose.SIGNATURE, signer: Signer | None = None
    ) -> KeyRow:
        who, signer = by or self.principal, signer or self.device
        device = uuid4()
        await self.promises.site.put(
            "devices", id=device, owner_id=who.account_id, kind="PHONE", name="手机", algorithm=signer.algorithm,
            public_key=signer.public, enrolled_at=NOW, valid_to=NOW.replace(year=2030),
        )  # fmt: skip
        key: KeyRow = await self.acts(
            keys.register_device_key, who, mine_id=self.promises.site.mine, device_id=device, purpose=purpose
        )
        return key

    async def checked(self, key: KeyRow) -> KeyRow:
        found: KeyRow = await self.acts(
            keys.check_key, self.officer, key_id=key.key.id, seen=IdentitySeen.IDENTITY_CARD
        )
        return found

    async def agrees(self, who: Actor | None = None) -> Any:
        return await self.acts(
            keys.record_agreement, self.officer, mine_id=self.promises.site.mine,
            principal=(who or self.principal).account_id, paper=PAPER,
        )  # fmt: skip

    def asserts(self, laid: Preview, key: KeyRow, *, passkey: Authenticator | None = None, **how: Any) -> Given:
        """The passkey's signature over what was laid."""
        assertion = (passkey or self.passkey).get(challenge_of(laid.nonce, laid.digest), **how)
        return Given(way=SigningWay.PASSKEY, key_id=key.key.id, assertion=assertion)

    def signs_with(self, laid: Preview, key: KeyRow, *, signer: Signer | None = None) -> Given:
        """A device's signature over what was laid."""
        message = signing_input("commitment", message_of(laid.nonce, laid.digest))
        return Given(way=SigningWay.KEY, key_id=key.key.id, signature=(signer or self.device).sign(message))

    async def signs(
        self, laid: Preview, given: Given, *, by: Actor | None = None, party: RelyingParty = PARTY
    ) -> Commitment:
        signed: Commitment = await self.acts(signing.sign_commitment, by, preview_id=laid.id, given=given, party=party)
        return signed

    async def ready_passkey(self) -> KeyRow:
        """A passkey that counts."""
        key = await self.checked(await self.registers_passkey())
        await self.agrees()
        return key


async def signing_of(promises: Promises, objects: Objects, clauses: Sequence[Clause] | None = None) -> Signing:
    """A site's mine whose year (of these clauses) is answered and whose principal stands in the register."""
    site = promises.site
    officer = await site.person(Role.INSPECTOR)
    company = await site.person(Role.COMPANY_GROUP, county=None, mine_id=site.mine)
    post = await appoint(promises, promises.principal)
    made = Signing(promises, objects, officer, company, post, new_key())
    template = await promises.approved(clauses)
    await made.answers(*(Answer(key=one.key, outcome=AnswerOutcome.MET) for one in clauses_of(template)))
    return made
