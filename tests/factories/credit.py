"""A shown penalty whose fine may be paid, the people who ask and decide about credit, and the acts that they take."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.casework.cases.bodies.after import Paid, PaymentWay
from storage.record.actor import Actor, Role
from storage.record.work import perform
from storage.trust.credit import listings, operations, queries, removals, sanctions
from storage.trust.credit.listing_rules import Asked, Proposal
from storage.trust.credit.rules import Request
from storage.trust.credit.tables import (
    FraudGround,
    Listing,
    ListingGround,
    Removal,
    Repair,
    Sanction,
    SanctioningAgency,
)
from storage.trust.disclosures.operations import Wording
from tests.factories.breaches import lead_mine
from tests.factories.disclosures import Publishing, served
from tests.sites import NOW, Site

LATER = NOW + timedelta(days=100)
"""Behind the shortest period of an ordinary penalty (three months)."""
PLEDGE = "本矿承诺依法生产，不再违反瓦斯管理规定。"


@dataclass(slots=True)
class Credit:
    """A served small fine that is shown, the mine's principal and clerk, two officers, two heads."""

    made: Publishing
    shown: UUID
    principal: Actor
    clerk: Actor
    officer: Actor
    head: Actor
    other_head: Actor
    piece: UUID
    now: datetime = NOW

    @property
    def site(self) -> Site:
        return self.made.site

    async def acts(self, operation: Any, by: Actor, *, at: datetime | None = None, **given: Any) -> Any:
        self.now += timedelta(seconds=1)
        return await perform(self.site.database, by, at or self.now, operation, **given)

    async def pays(self, sum: int = 1_000_000) -> None:
        """The fine is paid."""
        await self.made.desk.take(Paid(decision=self.made.decision, sum=sum, way=PaymentWay.BANK), officers=())

    async def asks(self, *, by: Actor | None = None, at: datetime | None = None, **changes: Any) -> Repair:
        """The principal asks with a sealed piece and his own pledge."""
        usual: dict[str, Any] = {"words": "已整改到位，请求信用修复", "proof": (self.piece,), "pledge": PLEDGE}
        shown = changes.pop("disclosure_id", self.shown)
        row: Repair = await self.acts(
            operations.ask_repair, by or self.principal, at=at, disclosure_id=shown,
            request=Request(**(usual | changes)),
        )  # fmt: skip
        return row

    async def examines(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Repair:
        usual: dict[str, Any] = {"favoured": True, "words": "材料齐全，整改属实"}
        row: Repair = await self.acts(operations.examine_repair, by or self.officer, repair_id=id, **(usual | changes))
        return row

    async def decides(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Repair:
        usual: dict[str, Any] = {"grant": True, "words": "准予信用修复"}
        row: Repair = await self.acts(operations.decide_repair, by or self.head, repair_id=id, **(usual | changes))
        return row

    async def restores(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Repair:
        usual: dict[str, Any] = {"ground": FraudGround.FALSE_PROOF, "words": "整改照片系伪造"}
        row: Repair = await self.acts(
            operations.restore_repair, by or self.other_head, repair_id=id, **(usual | changes)
        )
        return row

    async def granted(self) -> Repair:
        """A request that was asked in time, examined and granted."""
        await self.pays()
        self.now = LATER
        repair = await self.asks()
        await self.examines(repair.id)
        return await self.decides(repair.id)

    async def proposes(self, *, by: Actor | None = None, **changes: Any) -> Listing:
        """The mine, for a grave violation, on the penalty that is shown."""
        usual: dict[str, Any] = {
            "decision": self.made.decision, "ground": ListingGround.OTHER_GRAVE, "words": "瓦斯超限仍组织生产。",
        }  # fmt: skip
        row: Listing = await self.acts(
            listings.propose_listing, by or self.officer, proposal=Proposal(**(usual | changes))
        )
        return row

    async def tells(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Listing:
        usual: dict[str, Any] = {"how": "直接送达告知书，当事人签收"}
        row: Listing = await self.acts(listings.tell_party, by or self.officer, listing_id=id, **(usual | changes))
        return row

    async def answers(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Listing:
        usual: dict[str, Any] = {"words": "本矿已停产整改，请求不予列入"}
        row: Listing = await self.acts(
            listings.answer_listing, by or self.principal, listing_id=id, **(usual | changes)
        )
        return row

    async def previews(self, id: UUID, *, wording: Wording | None = None) -> bytes:
        """The digest of what would be public."""
        async with self.site.database.reading(self.head) as sql:
            (listing,) = await queries.listings_by_ids(sql, [id])
            copy = await listings.looked_at(sql, listing, self.now, wording or Wording())
        return copy.digest

    async def lists(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Listing:
        """The head enters it as it was previewed."""
        wording = changes.pop("wording", Wording())
        usual: dict[str, Any] = {"enter": True, "words": "决定列入严重失信主体名单", "wording": wording}
        if changes.get("enter", True) and "digest" not in changes:
            usual["digest"] = await self.previews(id, wording=wording)
        row: Listing = await self.acts(listings.decide_listing, by or self.head, listing_id=id, **(usual | changes))
        return row

    async def listed(self, *, wording: Wording | None = None, **changes: Any) -> Listing:
        """An entry that was proposed, told, not answered in its time, and decided."""
        proposed = await self.proposes(**changes)
        await self.tells(proposed.id)
        self.now += timedelta(days=20)
        return await self.lists(proposed.id, wording=wording or Wording())

    async def leaves(self, id: UUID, *, by: Actor | None = None, at: datetime | None = None, **changes: Any) -> Removal:
        usual: dict[str, Any] = {"words": "已整改并稳定运行一年，申请提前移出", "proof": (self.piece,)}
        row: Removal = await self.acts(
            removals.ask_removal, by or self.principal, at=at, listing_id=id, **(usual | changes)
        )
        return row

    async def decides_leaving(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Removal:
        usual: dict[str, Any] = {"grant": True, "words": "准予提前移出"}
        row: Removal = await self.acts(removals.decide_removal, by or self.head, removal_id=id, **(usual | changes))
        return row

    async def undoes(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Removal:
        usual: dict[str, Any] = {"ground": FraudGround.FACTS_HIDDEN, "words": "隐瞒期间发生的事故"}
        row: Removal = await self.acts(
            removals.restore_listing, by or self.other_head, removal_id=id, **(usual | changes)
        )
        return row

    async def sanctions(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Sanction:
        usual: dict[str, Any] = {
            "agency": SanctioningAgency.FINANCE_AND_BANKS, "asked": "审慎授信，限制新增贷款",
            "basis": "安全生产领域失信惩戒合作备忘录", "due_on": date(2027, 1, 31),
        }  # fmt: skip
        row: Sanction = await self.acts(
            sanctions.ask_sanction, by or self.officer, listing_id=id, asked=Asked(**(usual | changes))
        )
        return row

    async def person(self, *, mine: UUID | None = None, name: str = "赵铁柱", post: str | None = "PRINCIPAL",
                     number: bytes | None = None, account: UUID | None = None) -> UUID:  # fmt: skip
        """Somebody in a register; with `number` the same person as elsewhere."""
        id, where = uuid4(), mine or self.site.closed_mine
        scope = {"county": "520201", "office": "GZ-2"} if where == self.site.far_mine else {
            "county": "520281", "office": "GZ-1"}  # fmt: skip
        tail = "0000" if number else None
        await self.site.put("persons", id=id, mine_id=where, name=name, number_hash=number, number_tail=tail,
                            registered_at=NOW, account_id=account, sample=False, **scope)  # fmt: skip
        if post is not None:
            await self.site.put("posts", id=uuid4(), person_id=id, mine_id=where, kind=post, from_day=date(2020, 1, 1),
                                recorded_at=NOW, flags=[], **scope)  # fmt: skip
        return id


async def credit_of(site: Site, **changes: Any) -> Credit:
    """The site's first mine with a shown penalty, and everybody who acts on its credit."""
    made = await served(site, **changes)
    return await credit_around(made, (await made.publish()).id)


async def credit_around(made: Publishing, shown: UUID) -> Credit:
    """The same around what was published."""
    site = made.site
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    await lead_mine(site, site.mine, principal)
    clerk = await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine)
    heads = [await site.person(Role.AGENCY_HEAD) for _ in range(2)]
    credit = Credit(made, shown, principal, clerk, made.officer, heads[0], heads[1], principal.account_id)
    credit.piece = await sealed_piece(credit)
    return credit


async def sealed_piece(credit: Credit) -> UUID:
    """A sealed piece of this mine."""
    piece = await credit.made.desk.check.piece()
    for state in ("RECEIVED", "SEALED"):
        await credit.site.rows.execute("UPDATE evidence SET state = $2 WHERE id = $1", piece, state)
    return piece
