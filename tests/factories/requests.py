"""People who ask without an account, their receipts, and the officers who answer them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from storage.record.actor import Actor, Role, stranger
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.work import perform
from storage.trust.lists.rules import Agency
from storage.trust.requests import operations, queries
from storage.trust.requests.operations import Filing
from storage.trust.requests.queries import RequestRow
from storage.trust.requests.receipts import Forms, Receipt
from storage.trust.requests.rules import Part
from storage.trust.requests.tables import AnswerPart, RequestKind
from tests.sites import NOW, PANZHOU, Site

SECRET = bytes(range(32))
COUNTY = Agency(county=PANZHOU)
WORDS = "请公开2025年度对甲煤矿的检查次数。"


def receipt(*, at: datetime = NOW) -> Receipt:
    """That of a form that was opened ten seconds before."""
    forms, now = Forms(SECRET), to_ms(at) // 1000
    return forms.receipt_of(forms.token(now=now - 10), now=now)


@dataclass(slots=True)
class Asking:
    """Somebody who asks, an officer of the county and its head."""

    site: Site
    officer: Actor
    head: Actor
    receipt: Receipt = field(default_factory=receipt)

    @property
    def database(self) -> Database:
        return self.site.database

    async def file(self, *, at: datetime = NOW, receipt: Receipt | None = None, **given: Any) -> UUID:
        """A request for information, unless said otherwise; its id."""
        usual: dict[str, Any] = {"kind": RequestKind.INFORMATION, "words": WORDS}
        if given.get("kind") is not RequestKind.ERROR:
            usual["agency"] = COUNTY
        filing = Filing(**(usual | given))
        number = await perform(
            self.database, stranger(), at, operations.file_request, filing=filing, receipt=receipt or self.receipt
        )
        found: UUID = await self.site.rows.fetchval("SELECT id FROM requests WHERE number = $1", number)
        return found

    async def acts(self, operation: Any, *, by: Actor | None = None, at: datetime = NOW, **given: Any) -> RequestRow:
        """One step of an officer."""
        row: RequestRow = await perform(self.database, by or self.officer, at, operation, **given)
        return row

    async def answer(
        self, id: UUID, *parts: Part, by: Actor | None = None, at: datetime = NOW, public: Any = None
    ) -> RequestRow:
        """An answer: given, unless said otherwise."""
        told: Sequence[Part] = parts or (Part(kind=AnswerPart.GIVEN, words="共检查四次。"),)
        return await self.acts(operations.answer_request, by=by, at=at, request_id=id, parts=told, public=public)

    async def clarify(self, words: str = "指监管部门的检查。", *, at: datetime = NOW) -> RequestRow:
        """What the asker says by his receipt."""
        actor = queries.asker(self.receipt.locator)
        row: RequestRow = await perform(
            self.database, actor, at, operations.clarify_request, receipt=self.receipt, words=words
        )
        return row


async def asking(site: Site) -> Asking:
    """The people around a request of Panzhou."""
    return Asking(site, await site.person(Role.LEAD), await site.person(Role.AGENCY_HEAD))
