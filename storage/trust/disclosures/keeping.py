"""The small writes by which a disclosure is kept: edition, event with its entry, what is shown, what is gone."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import told
from storage.record.work import Work
from storage.trust.disclosures import queries
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.flat import flat_of
from storage.trust.disclosures.duties import Duty
from storage.trust.disclosures.grams import grams_of, searched_of, tagged
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.tables import (
    Disclosure,
    DisclosureEdition,
    DisclosureEvent,
    DisclosureKind,
    DisclosureState,
    EventKind,
    MetAs,
    PublicGone,
    PublicRow,
)

_NEXT = "UPDATE public_head SET seq = seq + 1 RETURNING seq"
_STATE = "UPDATE disclosures SET state = $2, edition = $3, shown_until = $4 WHERE id = $1"
_TAKEN = "DELETE FROM public_rows WHERE id = $1 RETURNING mine_id, mine, credit_code"
_MET = """
INSERT INTO disclosure_duties AS d (source_kind, source_id, kind, matter_id, mine_id, county, office, article, start_at,
  due_on, over_at, met_at, met_as)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (source_kind, source_id) DO UPDATE SET met_at = EXCLUDED.met_at, met_as = EXCLUDED.met_as
WHERE d.met_as IS NULL OR d.met_as = 'WITHHELD'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event before it is kept: what happened, by which article, and in which words the public reads why."""

    kind: EventKind
    basis: str
    reason: str
    edition: int
    digest: bytes


async def next_seq(work: Work) -> int:
    """The next place in the stream: its row is locked until the commit, so this comes last of all in an act."""
    seq: int = await work.sql.fetchval(_NEXT)
    return seq


async def record(work: Work, row: DisclosureRow, happened: Happened) -> dict[str, Any]:
    """Leaves the entry, which anybody may read whole: it names no row but the disclosure, and counts its events, so
    that none can be left out unseen. Returns what the event's row holds of it."""
    ordinal = await queries.next_ordinal(work, row.id)
    data = {
        "kind": row.kind, "ordinal": ordinal, "edition": happened.edition, "digest": happened.digest.hex(),
        "basis": happened.basis, "reason": happened.reason,
    }  # fmt: skip
    scope: dict[str, Any] = {"county": row.county, "office": row.office, "mine_id": row.mine_id}
    entry_id = work.record(f"disclosure.{happened.kind.value.lower()}", row.id, data=data, public=True, **scope)
    entry = work.pending[-1]
    return {"ordinal": ordinal, "entry_id": entry_id, "payload": entry.payload, "salt": entry.salt}


async def keep_event(work: Work, row: DisclosureRow, happened: Happened, entry: dict[str, Any]) -> int:
    """The event at its place in the stream."""
    seq = await next_seq(work)
    await add_rows(work.sql, [DisclosureEvent(
        disclosure_id=row.id, kind=happened.kind, basis=happened.basis, reason=happened.reason,
        edition=happened.edition, digest=happened.digest, at=work.now, seq=seq, **entry,
    )])  # fmt: skip
    return seq


async def keep_disclosure(work: Work, row: DisclosureRow) -> None:
    """What was published, with its source."""
    await add_rows(work.sql, [Disclosure(**{one.name: getattr(row, one.name) for one in fields(DisclosureRow)})])


async def keep_edition(work: Work, id: UUID, edition: int, copy: Copy, basis: str) -> None:
    """The text, what was taken out of it, and what was worded anew."""
    await add_rows(work.sql, [DisclosureEdition(
        disclosure_id=id, edition=edition, content=copy.content, digest=copy.digest, basis=basis,
        taken_out=canonical(told(copy.taken_out)).decode(), worded=canonical(told(copy.worded)).decode(),
        harmed=False, made_by=work.actor.account_id, made_at=work.now,
    )])  # fmt: skip


async def keep_state(
    work: Work, row: DisclosureRow, state: DisclosureState, *, edition: int, until: date | None
) -> None:
    """How it stands from now on."""
    await work.sql.execute(_STATE, row.id, state.value, edition, until)


async def show(work: Work, row: DisclosureRow, content: bytes, digest: bytes, *, seq: int, edition: int, disputed: bool,
               until: date | None) -> None:  # fmt: skip
    """What the public reads of it from the commit on; nothing of it stands in the tombstones any more."""
    flat = flat_of(content)
    searched = searched_of((flat.title, *flat.searched))
    for table in ("public_rows", "public_gone"):
        await work.sql.execute(f"DELETE FROM {table} WHERE id = $1", row.id)  # Our own names.
    await add_rows(work.sql, [PublicRow(
        id=row.id, seq=seq, kind=DisclosureKind(row.kind), disputed=disputed, edition=edition, city=flat.county[:4],
        county=flat.county, agency=flat.agency, mine_id=flat.mine_id, mine=flat.mine, party=flat.party,
        credit_code=flat.credit_code, number=flat.number, title=flat.title, day=flat.day, year=flat.day.year,
        amount=flat.amount, published_at=row.published_at, changed_at=work.now, late=row.late, due_on=row.due_on,
        shown_until=until, content=content, digest=digest, searched=searched, grams=tagged(grams_of(searched), seq),
    )])  # fmt: skip


async def take_away(
    work: Work, row: DisclosureRow, happened: Happened, state: DisclosureState, *, seq: int, named: bool = False
) -> None:
    """Nobody reads the copy any more; what may be said of it stays under its permalink, and where it is `named`, of
    whom it was on that one's page."""
    shown = await work.sql.fetchrow(_TAKEN, row.id)
    whose = {name: shown[name] for name in ("mine_id", "mine", "credit_code")} if named and shown else {}
    await add_rows(work.sql, [PublicGone(
        id=row.id, seq=seq, kind=DisclosureKind(row.kind), gone_as=state, county=row.county, basis=happened.basis,
        reason=happened.reason, published_at=row.published_at, gone_at=work.now, **whose,
    )])  # fmt: skip


async def meet_duty(work: Work, row: DisclosureRow, duty: Duty, *, met_as: MetAs, at: datetime) -> None:
    """That it was answered; a duty that nobody had derived yet is kept with it."""
    await work.sql.execute(
        _MET, row.source_kind, row.source_id, row.kind, row.matter_id, row.mine_id, row.county, row.office,
        duty.article, duty.start_at, duty.due_on, duty.over_at, at, met_as.value,
    )  # fmt: skip


def is_late(duty: Duty, now: datetime) -> bool:
    """Whether it is published after its last day; where the calendar is not known nobody says so."""
    return duty.due_on is not None and day_of(now) > duty.due_on
