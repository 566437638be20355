"""What stands around an order or a step when it is taken: who is who, what is known at the mine; and its writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from storage.casework.conduct.recusals import is_recused, recused_from
from storage.casework.measures import queries
from storage.casework.measures.clocks import Clock
from storage.casework.measures.history import Asked, Named, Order
from storage.casework.measures.queries import MeasureRow
from storage.casework.measures.rules import Site
from storage.casework.measures.steps import HANDS, VERBS, Taker
from storage.casework.measures.tables import Hand, MeasureState, Turn
from storage.field.evidence import queries as evidence
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.clock import day_of
from storage.record.law.library import Severity
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.identity.queries import certificate_of, holds_at
from storage.register.provisions import queries as provisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where an inspection belongs."""

    county: str
    office: str
    mine_id: UUID


_SCOPE = "SELECT county, office, mine_id FROM inspections WHERE id = $1"
_SITE = f"""
SELECT ARRAY(SELECT o.account_id FROM inspection_officers o WHERE o.inspection_id = $1) AS officers,
  EXISTS (SELECT FROM role_grants g WHERE g.account_id = $2 AND g.role = 'AGENCY_HEAD' AND {holds_at("$5")}
            AND (g.office = $3 OR $4 LIKE g.division || '%')) AS is_head
"""
_KNOWN = "SELECT id, severity, unsafe FROM findings WHERE id = ANY ($1::uuid[]) AND mine_id = $2 ORDER BY id"
_FOLLOWER = f"""
SELECT EXISTS (SELECT FROM accounts a JOIN role_grants g ON g.account_id = a.id
  WHERE a.id = $1 AND a.county = $2 AND a.closed_at IS NULL
    AND {holds_at("$3")} AND g.role IN ('INSPECTOR', 'LEAD', 'AGENCY_HEAD'))
"""
_PLACE = """
SELECT p.underground FROM inspection_places p JOIN inspections i ON i.id = p.inspection_id
WHERE p.id = $1 AND i.mine_id = $2
"""
_EFFECTS = "SELECT kind, mine_before FROM measures WHERE mine_id = $1 AND closed_at IS NULL AND id <> $2"
# What is told of a measure that has ended is kept, and does not end it once more.
_STATE = "UPDATE measures SET state = $2, closed_at = coalesce(closed_at, $3) WHERE id = $1"
_PUT_CLOCKS = """
INSERT INTO measure_deadlines SELECT * FROM jsonb_populate_recordset(NULL::measure_deadlines, $1::jsonb)
ON CONFLICT (measure_id, key, number) DO UPDATE SET start = EXCLUDED.start, ends = EXCLUDED.ends,
  ends_at = EXCLUDED.ends_at, alarm = EXCLUDED.alarm, provisional = EXCLUDED.provisional, note = EXCLUDED.note,
  met_at = EXCLUDED.met_at, law = EXCLUDED.law
"""
_ADD_CLOCKS = _PUT_CLOCKS.split("DO UPDATE")[0] + "DO NOTHING"


async def scope_of(work: Work, inspection_id: UUID) -> Scope:
    """Where the inspection belongs; NotFound out of sight."""
    row = await work.sql.fetchrow(_SCOPE, inspection_id)
    if row is None:
        raise NotFound()
    return Scope(county=row["county"], office=row["office"], mine_id=row["mine_id"])


async def site_of(work: Work, order: Order, scope: Scope) -> Site:
    """What stands around an order."""
    row = await work.sql.fetchrow(
        _SITE, order.inspection_id, order.approver_id, scope.office, scope.county, work.now
    )  # fmt: skip
    known = await work.sql.fetch(_KNOWN, list(order.findings), scope.mine_id)
    enforced = None
    if order.enforces is not None and MEASURE_KINDS[order.kind].cuts:
        stop = await queries.measure_of_id(work.sql, order.enforces)
        if stop.mine_id != scope.mine_id:
            raise NotFound()
        enforced = (await queries.histories_of(work.sql, [stop.id]))[stop.id]
    findings = (Named(id=one["id"], severity=Severity(one["severity"]), unsafe=one["unsafe"]) for one in known)
    return Site(
        officers=frozenset(row["officers"] if row else ()), findings=tuple(findings), enforced=enforced,
        approver_is_head=bool(row and row["is_head"]), law=await provisions.law_of(work.sql),
        recused=is_recused(work.actor.account_id, await recused_from(work.sql, order.inspection_id), work.now),
    )  # fmt: skip


async def taker_of(work: Work, measure: MeasureRow, asked: Asked) -> Taker:
    """Who takes a step, with the certificate of the day unless he was recused, and whom he names."""
    names = asked.kind is Turn.FOLLOWER_NAMED and await work.sql.fetchval(
        _FOLLOWER, asked.subject_id, measure.county, work.now
    )
    account = work.actor.account_id
    recused = is_recused(account, await recused_from(work.sql, measure.inspection_id), work.now)
    certificate = await certificate_of(work, account, day=day_of(work.now))
    return Taker(
        account=account, hands=hands_of(work.actor, VERBS[asked.kind], measure), recused=recused,
        certificate_id=None if recused else certificate, names_one_of_the_county=bool(names),
    )  # fmt: skip


async def is_underground(work: Work, measure: MeasureRow, asked: Asked) -> bool:
    """Whether the place is; NotFound for one that is not of this mine."""
    if asked.place_id is None:
        return False
    found: bool | None = await work.sql.fetchval(_PLACE, asked.place_id, measure.mine_id)
    if found is None:
        raise NotFound()
    return found


async def must_know(work: Work, measure: MeasureRow, asked: Asked) -> None:
    """That evidence and finding that a step names are of this mine, and were taken before; else NotFound."""
    if len(await evidence.media_of(work, asked.evidence, mine_id=measure.mine_id)) != len(asked.evidence):
        raise NotFound()
    if asked.kind is Turn.FINDING_NAMED and not await work.sql.fetch(_KNOWN, [asked.subject_id], measure.mine_id):
        raise NotFound()


def hands_of(actor: Actor, verb: Verb, where: MeasureRow | Scope) -> frozenset[Hand]:
    """For whom somebody acts here: told from the roles that carry the verb and from what they reach."""
    hands = set()
    for grant in actor.grants:
        if verb not in ROLE_VERBS[grant.role]:
            continue
        if grant.role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK):
            hands.add(Hand.MINE)
        elif grant.role is Role.GOVERNMENT_HEAD:
            hands.add(Hand.GOVERNMENT)
        elif grant.reach.covers(office=where.office):
            hands.add(Hand.OFFICE)
        if grant.role not in _OF_OTHERS and (grant.reach.covers(county=where.county) or grant.reach.mines):
            hands.add(Hand.DEPARTMENT)
    return frozenset(hands)


_OF_OTHERS = frozenset({Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.GOVERNMENT_HEAD})


def hand_for(kind: Turn, hands: frozenset[Hand]) -> Hand:
    """The hand that a step is written under: its own where it has one, else the nearest to the mine's supervision."""
    if kind in HANDS:
        return HANDS[kind][0]
    return next((hand for hand in Hand if hand in hands), Hand.DEPARTMENT)


async def effects_at(work: Work, mine_id: UUID, *, but: UUID) -> list[tuple[str, str]]:
    """The kinds of the other measures that stand at a mine, each with the state that it leads back to."""
    return [(row["kind"], row["mine_before"]) for row in await work.sql.fetch(_EFFECTS, mine_id, but)]


async def put_state(work: Work, measure_id: UUID, state: MeasureState, *, ended: bool) -> None:
    """Writes where a measure stands."""
    await work.sql.execute(_STATE, measure_id, state.value, work.now if ended else None)


async def put_clocks(work: Work, measure_id: UUID, clocks: Sequence[Clock], *, edition: int) -> None:
    """Writes the deadlines of a measure, those that run on and those that were met."""
    await work.sql.execute(_PUT_CLOCKS, _told(measure_id, clocks, edition=edition))


async def add_clocks(work: Work, measure_id: UUID, clocks: Sequence[Clock], *, edition: int) -> None:
    """Writes those of the deadlines that have no row yet."""
    await work.sql.execute(_ADD_CLOCKS, _told(measure_id, clocks, edition=edition))


def _told(measure_id: UUID, clocks: Sequence[Clock], *, edition: int) -> str:
    told: list[dict[str, Any]] = [
        {"measure_id": measure_id, "key": one.key, "number": one.number, "article": one.article, "start": one.start,
         "ends": one.ends, "ends_at": one.ends_at, "alarm": one.alarm, "provisional": one.provisional,
         "note": one.note, "met_at": one.met_at, "law": edition}
        for one in clocks
    ]  # fmt: skip
    return orjson.dumps(told, default=str).decode()
