"""The only acts that write lists and figures: drafting, deciding, and publishing what a period came to."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import read, told
from storage.record.work import Work
from storage.register.provisions import queries as provisions
from storage.trust.disclosures import problems as disclosed
from storage.trust.disclosures.copies import figures as figures_copy
from storage.trust.disclosures.copies import lists as list_copy
from storage.trust.disclosures.copies.allowed import Copy, TakenOut
from storage.trust.disclosures.copies.lists import Item, Listing
from storage.trust.disclosures.rules import must_be_previewed
from storage.trust.disclosures.tables import DisclosureKind, SourceKind
from storage.trust.lists import counting, gathering, publishing, queries, rules
from storage.trust.lists.publishing import Sheet
from storage.trust.lists.queries import FiguresRow, ListRow
from storage.trust.lists.rules import Agency
from storage.trust.lists.tables import FiguresEdition, ListKind, ListVersion

_DECIDED = "UPDATE lists SET approved = $2, decided_by = $3, decided_at = $4, decision_note = $5 WHERE id = $1"


async def draft_list(work: Work, *, kind: ListKind, agency: Agency, items: Sequence[Item] | None, note: str) -> ListRow:
    """Drafts the next version: of what the record knows, or of the given lines. Nothing of it is public yet.

    Raises NotAllowed, NotFound (an agency that is none), ListOfAnotherLevel, BadInput, NotPublishable,
    PersonalDataFound.
    """
    work.actor.require(Verb.LIST_DRAFT, county=agency.county, office=agency.office or None)
    rules.must_be_kept_by(kind, agency)
    rules.must_fit(kind, items)
    rules.must_say(note)
    series, today = rules.series_of(kind.value, agency), day_of(work.now)
    version = await queries.next_version(work, series)
    copy, by = await _copy(work, kind, agency, items, version=version, as_of=today)
    row = ListVersion(
        id=ids.new_id(to_ms(work.now)), series=series, kind=kind, county=agency.county, office=agency.office,
        version=version, as_of=today, next_by=by, content=copy.content, digest=copy.digest,
        taken_out=canonical(told(copy.taken_out)).decode(), note=note.strip(), drafted_by=work.actor.account_id,
        drafted_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    said = {
        "kind": kind.value, "series": str(series), "version": version, "as_of": today.isoformat(),
        "digest": copy.digest.hex(), "note": row.note,
    }  # fmt: skip
    work.record("list.drafted", row.id, data=said, county=agency.county, office=agency.office or None)
    return await queries.list_again(work, row.id)


async def decide_list(work: Work, *, list_id: UUID, approve: bool, note: str) -> ListRow:
    """Approves a draft, which publishes it by the same act, or turns it down; the drafter does neither.

    What the record knows is gathered anew: if it is another list by now, CopyStale. Raises NotAllowed, ListTakesTwo,
    ListDecided, ListOvertaken, NotShown (its disclosure was taken down).
    """
    row = await queries.list_to_decide(work, list_id)
    work.actor.require(Verb.LIST_APPROVE, county=row.county, office=row.office or None)
    rules.must_be_undecided(row.approved)
    rules.must_be_another(work.actor.account_id, row.drafted_by)
    rules.must_say(note)
    sheet = await _to_publish(work, row) if approve else None
    await work.sql.execute(_DECIDED, row.id, approve, work.actor.account_id, work.now, note.strip())
    kind = "list.approved" if approve else "list.rejected"
    work.record(kind, row.id, data={"note": note.strip()}, county=row.county, office=row.office or None)
    if sheet is not None:
        await publishing.publish_sheet(work, sheet)
    return await queries.list_again(work, row.id)


async def publish_figures(work: Work, *, agency: Agency, year: int, quarter: int | None, digest: bytes) -> FiguresRow:
    """Publishes what was previewed of a quarter or year that is over; counted anew, another edition of the same.

    Raises NotAllowed, NotFound, PeriodNotOver, CopyStale, NothingToCorrect, NotShown.
    """
    work.actor.require(Verb.DISCLOSURE_PUBLISH, county=agency.county, office=agency.office or None)
    today = day_of(work.now)
    copy = figures_copy.counted(
        await counting.figures_of(work.sql, agency, year=year, quarter=quarter, now=work.now, on=today)
    )
    must_be_previewed(copy.digest, digest)
    due = rules.figures_due(await provisions.law_of(work.sql), year, quarter)
    series = rules.series_of(rules.period_of(year, quarter), agency)
    row = FiguresEdition(
        id=ids.new_id(to_ms(work.now)), series=series, edition=await queries.next_edition(work, series),
        county=agency.county, office=agency.office, year=year, quarter=quarter, content=copy.content,
        digest=copy.digest, due_on=due, counted_by=work.actor.account_id, counted_at=work.now,
    )  # fmt: skip
    await _must_differ(work, row)
    await add_rows(work.sql, [row])
    said = {"series": str(series), "edition": row.edition, "year": year, "digest": copy.digest.hex()}
    said |= {"quarter": quarter} if quarter is not None else {}
    work.record("list.counted", row.id, data=said, county=agency.county, office=agency.office or None)
    basis = rules.BASIS_OF_YEAR if quarter is None else rules.BASIS_OF_QUARTER
    await publishing.publish_sheet(work, _sheet(SourceKind.FIGURES, row, copy, basis, due))
    return await queries.figures_again(work, row.id)


async def _to_publish(work: Work, row: ListRow) -> Sheet:
    """The draft as it stands: of the record's own lines the very same, or it is drafted anew."""
    rules.must_be_the_newest(row.version, await queries.approved_version(work, row.series))
    kind, agency = ListKind(row.kind), Agency(county=row.county, office=row.office)
    taken_out = tuple(read(TakenOut, one) for one in orjson.loads(row.taken_out))
    copy = Copy(kind=DisclosureKind.LIST, content=row.content, taken_out=taken_out, worded=())
    if kind in rules.GATHERED:
        now, _ = await _copy(work, kind, agency, None, version=row.version, as_of=row.as_of, next_by=row.next_by)
        must_be_previewed(now.digest, row.digest)
        copy = now
    due = await queries.due_of(work, row.series)
    return _sheet(SourceKind.LIST, row, copy, rules.BASIS_OF[kind], due)


async def _copy(
    work: Work, kind: ListKind, agency: Agency, items: Sequence[Item] | None, *, version: int, as_of: date,
    next_by: date | None = None,
) -> tuple[Copy, date | None]:  # fmt: skip
    """The copy of a version, and by when the next is due."""
    law, today = await provisions.law_of(work.sql), day_of(work.now)
    found = await gathering.items_of(work.sql, kind, agency, law=law, on=today) if items is None else items
    by = next_by or rules.next_by(kind, law, as_of)
    written = "" if items is None else "\n".join(part for one in items for part in (one.text, one.article) if part)
    source = Listing(
        kind=kind.value, agency=await queries.name_of(work.sql, agency, as_of), county=agency.county, version=version,
        as_of=as_of, next_by=by, items=found, persons=kind in rules.OF_PERSONS, contacts=kind in rules.WITH_CONTACTS,
        known=items is None, names=await queries.named_in(work.sql, written),
    )  # fmt: skip
    return list_copy.listed(source), by


def _sheet(kind: SourceKind, row: ListRow | FiguresEdition, copy: Copy, basis: str, due: date | None) -> Sheet:
    return Sheet(
        source_kind=kind, source_id=row.series, county=row.county, office=row.office, copy=copy, basis=basis,
        due_on=due,
    )  # fmt: skip


async def _must_differ(work: Work, row: FiguresEdition) -> None:
    """Counted anew and the same but for the day: nothing to publish."""
    before = await queries.shown_content(work, SourceKind.FIGURES, row.series)
    if before is not None and _without_day(before) == _without_day(row.content):
        raise disclosed.NothingToCorrect()


def _without_day(content: bytes) -> dict[str, Any]:
    return {name: value for name, value in orjson.loads(content).items() if name != "as_of"}
