"""What decisions on credit do to disclosures, within their own act: publish an entry, end it, show something again."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from storage.record.bulk import add_rows
from storage.record.work import Work
from storage.register.mines.queries import MineRow
from storage.trust.disclosures import keeping, problems, queries, rules
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.keeping import Happened
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.sources import scope_of
from storage.trust.disclosures.tables import Disclosure, DisclosureState, EventKind, SourceKind

_ENDED: dict[DisclosureState, EventKind] = {
    DisclosureState.REPAIRED: EventKind.REPAIRED,
    DisclosureState.WITHDRAWN: EventKind.WITHDRAWN,
}


async def publish_listing(
    work: Work, *, id: UUID, listing_id: UUID, case_id: UUID, mine: MineRow, copy: Copy, basis: str, until: date
) -> DisclosureRow:
    """Publishes an entry of the blacklist under the permalink `id`, in the act that decides it."""
    scope: dict[str, Any] = scope_of(mine)
    row = DisclosureRow(
        id=id, kind=copy.kind.value, source_kind=SourceKind.LISTING.value, source_id=listing_id, matter_id=case_id,
        state=DisclosureState.SHOWN.value, edition=1, published_by=work.actor.account_id, published_at=work.now,
        due_on=None, late=False, shown_until=until, **scope,
    )  # fmt: skip
    happened = Happened(kind=EventKind.PUBLISHED, basis=basis, reason="", edition=1, digest=copy.digest)
    await add_rows(work.sql, [Disclosure(**{name: getattr(row, name) for name in DisclosureRow.__dataclass_fields__})])
    await keeping.keep_edition(work, row.id, 1, copy, basis)
    seq = await keeping.keep_event(work, row, happened, await keeping.record(work, row, happened))
    await keeping.show(work, row, copy.content, copy.digest, seq=seq, edition=1, disputed=False, until=until)
    return row


def new_permalink() -> UUID:
    """A permalink that leads back to nothing."""
    return uuid4()


async def end(work: Work, *, disclosure_id: UUID, state: DisclosureState, basis: str, reason: str) -> DisclosureRow:
    """Ends what is shown, on the same minute; its permalink says since when and why. Raises NotShown."""
    row = await queries.disclosure_to_change(work, disclosure_id)
    rules.must_be_shown(DisclosureState(row.state))
    last = (await queries.editions_of(work.sql, [row.id]))[-1]
    happened = Happened(kind=_ENDED[state], basis=basis, reason=reason, edition=row.edition, digest=last.digest)
    entry = await keeping.record(work, row, happened)
    await keeping.keep_state(work, row, state, edition=row.edition, until=row.shown_until)
    seq = await keeping.keep_event(work, row, happened, entry)
    await keeping.take_away(work, row, happened, state, seq=seq)
    return await queries.disclosure_again(work, row.id)


async def show_again(
    work: Work, *, disclosure_id: UUID, basis: str, reason: str, until: date | None, disputed: bool = False
) -> DisclosureRow:
    """Shows again what was repaired, since that was got by fraud: its last edition, which must harm nobody.

    Raises StillShown, NotShown (withdrawn or expired), NotPublishable.
    """
    row = await queries.disclosure_to_change(work, disclosure_id)
    if DisclosureState(row.state) in rules.SHOWN:
        raise problems.StillShown()
    last = (await queries.editions_of(work.sql, [row.id]))[-1]
    if row.state != DisclosureState.REPAIRED or last.content is None:
        raise problems.NotShown(state=row.state)
    if last.harmed:
        raise problems.NotPublishable(member="edition", reason=problems.Unpublishable.HARMED)
    happened = Happened(kind=EventKind.RESTORED, basis=basis, reason=reason, edition=row.edition, digest=last.digest)
    state = DisclosureState.DISPUTED if disputed else DisclosureState.SHOWN
    entry = await keeping.record(work, row, happened)
    await keeping.keep_state(work, row, state, edition=row.edition, until=until)
    seq = await keeping.keep_event(work, row, happened, entry)
    await keeping.show(work, row, last.content, last.digest, seq=seq, edition=row.edition, disputed=disputed,
                       until=until)  # fmt: skip
    return await queries.disclosure_again(work, row.id)
