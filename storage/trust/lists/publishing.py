"""How what an agency publishes of itself becomes a disclosure: its first edition, or another of the same permalink."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.work import Work
from storage.trust.disclosures import keeping, queries
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.keeping import Happened
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.rules import must_be_shown
from storage.trust.disclosures.tables import Disclosure, DisclosureState, EventKind, SourceKind

NEXT_VERSION = "第{edition}版"
"""What the public reads of why there is another edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A copy with whose it is, from what it was made, and by when it had to be public."""

    source_kind: SourceKind
    source_id: UUID
    county: str
    office: str
    copy: Copy
    basis: str
    due_on: date | None


async def publish_sheet(work: Work, sheet: Sheet) -> DisclosureRow:
    """The first edition, or the next one under the same permalink; the old stays readable by its digest.

    Raises NotShown where it was taken down: it is restored first, by an act with its reason.
    """
    known = await queries.disclosure_of(work.sql, sheet.source_kind, sheet.source_id)
    if known is None:
        row, kind, reason = _new(work, sheet), EventKind.PUBLISHED, ""
        plain = {one.name: getattr(row, one.name) for one in fields(DisclosureRow)}
        await add_rows(work.sql, [Disclosure(**plain)])
    else:
        before = await queries.disclosure_to_change(work, known)
        must_be_shown(DisclosureState(before.state))
        row = replace(before, edition=before.edition + 1, due_on=sheet.due_on, late=_is_late(work, sheet))
        kind, reason = EventKind.CORRECTED, NEXT_VERSION.format(edition=row.edition)
        await keeping.keep_state(work, row, DisclosureState.SHOWN, edition=row.edition, until=None)
    happened = Happened(kind=kind, basis=sheet.basis, reason=reason, edition=row.edition, digest=sheet.copy.digest)
    await keeping.keep_edition(work, row.id, row.edition, sheet.copy, sheet.basis)
    seq = await keeping.keep_event(work, row, happened, await keeping.record(work, row, happened))
    await keeping.show(work, row, sheet.copy.content, sheet.copy.digest, seq=seq, edition=row.edition,
                       disputed=False, until=None)  # fmt: skip
    return row


def _new(work: Work, sheet: Sheet) -> DisclosureRow:
    scope: dict[str, Any] = {"county": sheet.county, "office": sheet.office, "mine_id": None}
    return DisclosureRow(
        id=uuid4(), kind=sheet.copy.kind.value, source_kind=sheet.source_kind.value, source_id=sheet.source_id,
        matter_id=None, state=DisclosureState.SHOWN.value, edition=1, published_by=work.actor.account_id,
        published_at=work.now, due_on=sheet.due_on, late=_is_late(work, sheet), shown_until=None, **scope,
    )  # fmt: skip


def _is_late(work: Work, sheet: Sheet) -> bool:
    return sheet.due_on is not None and day_of(work.now) > sheet.due_on
