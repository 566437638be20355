"""Every select of what the record knows of a paper's subject, told by the sources of `sources.json`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import PartyKind
from storage.casework.conduct.recusals import Recused
from storage.casework.measures import queries as measures
from storage.casework.papers.rules import PaperStepUnknown
from storage.casework.papers.sources import FormSources, sources_of
from storage.casework.papers.tables import PaperSubject
from storage.casework.papers.telling import Around, Issued, Officer, Told, of_the_mine
from storage.casework.papers.telling.cases import Case, of_case, officers_of
from storage.casework.papers.telling.checks import Item, Seen, of_findings, of_inspection, of_measure, of_scheme
from storage.field.inspections import queries as inspections
from storage.record.clock import day_of
from storage.record.glossary.labels import LABELS
from storage.record.law import Law
from storage.record.law.measures import MEASURE_KINDS
from storage.register.mines import queries as mines
from storage.register.provisions import queries as provisions

_SEEN = """
SELECT f.id, f.kind, f.fact, f.clause, f.measured, f.seen_at, p.name AS place
FROM findings f LEFT JOIN inspection_places p ON p.id = f.place_id
WHERE {} ORDER BY f.seen_at, f.id LIMIT 200
"""
_SEEN_IN = _SEEN.format("f.inspection_id = $1")
_SEEN_AS = _SEEN.format("f.id = ANY ($1::uuid[])")
_ITEMS = """
SELECT i.text, i.side, i.manner, i.outcome, i.answer, a.name AS officer
FROM scheme_items i JOIN schemes s ON s.id = i.scheme_id LEFT JOIN accounts a ON a.id = i.officer_id
WHERE {} = $1 ORDER BY i.ordinal
"""
_SCHEME = "SELECT scheduled_for, reference, cause, officers, lead_id FROM schemes WHERE id = $1"
_NAMES = "SELECT id, name FROM accounts WHERE id = ANY ($1::uuid[])"
_CERTIFICATES = "SELECT id, account_id, number FROM certificates WHERE id = ANY ($1::uuid[])"
_CERTIFICATES_ON = """
SELECT DISTINCT ON (account_id) account_id, number FROM certificates
WHERE account_id = ANY ($1::uuid[]) AND $2 BETWEEN valid_from AND valid_to AND withdrawn_at IS NULL
ORDER BY account_id, valid_to DESC, id
"""
_POSTS = """
SELECT o.person_id, o.kind, p.name FROM posts o JOIN persons p ON p.id = o.person_id
WHERE o.mine_id = $1 AND o.from_day <= $2 AND (o.to_day IS NULL OR o.to_day >= $2)
  AND (o.kind = 'PRINCIPAL' OR o.person_id = ANY ($3::uuid[]))
ORDER BY o.from_day DESC, o.id
"""
_ISSUED = """
SELECT form, number, issued_at, step_id FROM papers
WHERE subject_id = $1 AND state = 'ISSUED' ORDER BY issued_at, id LIMIT 500
"""
_IN_THE_FILE = """
SELECT form, number, issued_at, step_id FROM papers
WHERE state = 'ISSUED' AND (subject_id = ANY ($1::uuid[])
  OR subject_id IN (SELECT id FROM schemes WHERE inspection_id = $2)
  OR subject_id IN (SELECT measure_id FROM measure_findings WHERE finding_id = ANY ($1::uuid[])))
ORDER BY issued_at, id LIMIT 500
"""
_ORDERED_IN = "SELECT kind, reason FROM measures WHERE inspection_id = $1 ORDER BY ordered_at, id LIMIT 100"
_INSPECTION_OF = {
    PaperSubject.FINDING: "SELECT inspection_id FROM findings WHERE id = $1",
    PaperSubject.MEASURE: "SELECT inspection_id FROM measures WHERE id = $1",
    PaperSubject.EXAM: "SELECT inspection_id FROM exams WHERE id = $1",
}
_STEP_OF = {
    PaperSubject.CASE: "SELECT kind FROM case_steps WHERE id = $1 AND case_id = $2",
    PaperSubject.MEASURE: "SELECT kind FROM measure_steps WHERE id = $1 AND measure_id = $2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the record tells, the law of today, the step that the paper stands for, and who alone may issue it.

    `inspections` are those that its subject comes from, `recused` who was recused from the case that it is about.
    """

    told: Told
    law: Law
    step: UUID | None = None
    officers: Sequence[UUID] = field(default=())
    inspections: Sequence[UUID] = field(default=())
    recused: Recused = field(default_factory=dict)


async def gathered(sql: "asyncpg.Connection[Any]", paper: "asyncpg.Record", *, agency: str, day: date) -> Gathered:
    """All that the record knows of a paper's subject; PaperStepUnknown where it stands for no such step."""
    mine = await mines.mine_of_id(sql, paper["mine_id"])
    around = Around(
        mine=mine.name, credit_code=mine.credit_code, agency=agency, day=day, issued=await _issued(sql, paper),
        law=await provisions.law_of(sql),
    )  # fmt: skip
    kind, id = PaperSubject(paper["subject_kind"]), paper["subject_id"]
    match kind:
        case PaperSubject.CASE:
            return await _of_case(sql, paper, around)
        case PaperSubject.SCHEME:
            return await _of_scheme(sql, id, await _with_posts(sql, paper, around))
        case PaperSubject.INSPECTION:
            return await _of_inspection(sql, id, await _with_posts(sql, paper, around))
        case PaperSubject.MINE:
            return Gathered(law=around.law, told=of_the_mine(await _with_posts(sql, paper, around), ()))
    around = await _with_posts(sql, paper, around)
    inspection = await sql.fetchval(_INSPECTION_OF[kind], id)
    told = of_the_mine(around, [one for _, one in await _officers(sql, inspection)])
    if kind is PaperSubject.MEASURE:
        return replace(await _of_measure(sql, paper, around, told), inspections=[inspection])
    if kind is PaperSubject.FINDING:
        told = {**told, **of_findings(await _seen(sql, _SEEN_AS, [id], around.law))}
    return Gathered(law=around.law, told=told, inspections=[inspection])


async def step_must_fit(
    sql: "asyncpg.Connection[Any]", form: str, subject: PaperSubject, subject_id: UUID, step_id: UUID | None
) -> None:
    """The step that is named, if any, is one of the subject's, of a kind that the form stands for; PaperStepUnknown."""
    if step_id is None:
        return
    kind = await sql.fetchval(_STEP_OF[subject], step_id, subject_id) if subject in _STEP_OF else None
    if kind is None or kind not in sources_of(form).steps(subject):
        raise PaperStepUnknown(form=form)


async def _of_case(sql: "asyncpg.Connection[Any]", paper: "asyncpg.Record", around: Around) -> Gathered:
    file = await cases.file_of(sql, paper["subject_id"])
    step = _step_of_case(paper, file.history, around)
    subjects = [one.subject for one in file.history.parties.values() if one.kind is PartyKind.PERSON]
    around = await _with_posts(sql, paper, around, subjects)
    around = await _with_names(sql, around, file.history)
    if any("case.papers" in one for one in sources_of(paper["form"]).fields.values()):
        origin = [file.row.inspection_id] if file.row.inspection_id else []
        subjects_of_file = [file.row.id, *origin, *file.history.findings]
        around = replace(around, file=_told(await sql.fetch(_IN_THE_FILE, subjects_of_file, file.row.inspection_id)))
    case = Case(cause=file.row.cause, history=file.history, step=step, from_a_check=file.row.inspection_id is not None)
    officers = [
        (around.names.get(one.account, ""), around.certificates.get(one.certificate, "") if one.certificate else "")
        for one in officers_of(case)
    ]
    told = {**of_the_mine(around, officers), **of_case(case, around)}
    if file.row.inspection_id is not None:
        row = await inspections.inspections_by_ids(sql, [file.row.inspection_id])
        told |= of_inspection(opened_at=row[0].opened_at, places=()) if row else {}
    return Gathered(law=around.law, told=told, step=step.id if step else None, recused=file.history.recused)


def _step_of_case(paper: "asyncpg.Record", history: History, around: Around) -> AnyStep | None:
    """The step that was named, or the last of a kind that the form stands for and that has no such paper yet."""
    sources = sources_of(paper["form"])
    if paper["step_id"] is not None:
        named = history.by_id.get(paper["step_id"])
        if named is None or named.kind not in sources.case or not _is_for(named, sources, history):
            raise PaperStepUnknown(form=paper["form"])
        return named
    done = {one.step for one in around.issued if one.form == paper["form"]}
    fit = [one for one in history if one.kind in sources.case and one.id not in done and _is_for(one, sources, history)]
    return fit[-1] if fit else None


def _is_for(step: AnyStep, sources: FormSources, history: History) -> bool:
    party = history.parties.get(step.party) if step.party is not None else None
    return sources.party is None or party is None or party.kind is sources.party


async def _of_measure(sql: "asyncpg.Connection[Any]", paper: "asyncpg.Record", around: Around, told: Told) -> Gathered:
    id, kinds = paper["subject_id"], sources_of(paper["form"]).measure
    history = (await measures.histories_of(sql, [id]))[id]
    done = {one.step for one in around.issued if one.form == paper["form"]}
    fit = [one for one in history.steps if one.kind in kinds
           and (one.id == paper["step_id"] if paper["step_id"] else one.id not in done)]  # fmt: skip
    if paper["step_id"] is not None and not fit:
        raise PaperStepUnknown(form=paper["form"])
    step = fit[-1] if fit else None
    seen = await _seen(sql, _SEEN_AS, [one.id for one in history.findings], around.law)
    begun = await inspections.inspection_of_id(sql, history.order.inspection_id)
    told = {
        **told, **of_findings(seen), **of_inspection(opened_at=begun.opened_at, places=()),
        **of_measure(history, around, step=step),
    }  # fmt: skip
    return Gathered(law=around.law, told=told, step=step.id if step else None)


async def _of_inspection(sql: "asyncpg.Connection[Any]", id: UUID, around: Around) -> Gathered:
    row, officers = await inspections.inspection_of_id(sql, id), await _officers(sql, id)
    places = [one.name for one in await inspections.places_of(sql, [id])]
    told = of_inspection(
        opened_at=row.opened_at, places=places, findings=await _seen(sql, _SEEN_IN, id, around.law),
        items=await _items(sql, "s.inspection_id", id), ordered=await _ordered(sql, id),
    )  # fmt: skip
    told = {**of_the_mine(around, [one for _, one in officers]), **told}
    return Gathered(law=around.law, told=told, officers=[account for account, _ in officers])


async def _of_scheme(sql: "asyncpg.Connection[Any]", id: UUID, around: Around) -> Gathered:
    row = await sql.fetchrow(_SCHEME, id)
    assert row is not None  # noqa: S101 # Whoever drafted a paper about it sees it.
    accounts = list(dict.fromkeys((row["lead_id"], *row["officers"])))
    names = {one["id"]: one["name"] for one in await sql.fetch(_NAMES, accounts)}
    held = {one["account_id"]: one["number"] for one in await sql.fetch(_CERTIFICATES_ON, accounts, around.day)}
    reason = "，".join(one for one in (LABELS["Cause"][row["cause"]][0], row["reference"]) if one)
    items = await _items(sql, "s.id", id)
    told = of_scheme(scheduled_for=row["scheduled_for"], reason=reason, items=items)
    officers = [(names.get(one, ""), held.get(one, "")) for one in accounts]
    return Gathered(law=around.law, told={**of_the_mine(around, officers), **told})


async def _officers(sql: "asyncpg.Connection[Any]", inspection_id: UUID) -> list[tuple[UUID, Officer]]:
    """The officers of an inspection, the lead first."""
    (row,) = await inspections.inspections_by_ids(sql, [inspection_id])
    found = sorted(await inspections.officers_of(sql, [row.id]), key=lambda one: one.account_id != row.lead_id)
    return [(one.account_id, (one.name or "", one.certificate_number or "")) for one in found]


async def _seen(sql: "asyncpg.Connection[Any]", statement: str, argument: Any, law: Law) -> list[Seen]:
    return [
        Seen(
            fact=row["fact"], clause=row["clause"], place=row["place"] or "", measured=row["measured"],
            title=kind.title if (kind := law.kind(row["kind"], day_of(row["seen_at"]))) else "",
        )
        for row in await sql.fetch(statement, argument)
    ]  # fmt: skip


async def _ordered(sql: "asyncpg.Connection[Any]", inspection_id: UUID) -> list[tuple[str, str]]:
    """Title and reason of each measure that was ordered in an inspection."""
    rows = await sql.fetch(_ORDERED_IN, inspection_id)
    return [(MEASURE_KINDS[row["kind"]].title, row["reason"]) for row in rows]


async def _items(sql: "asyncpg.Connection[Any]", column: str, id: UUID) -> list[Item]:
    return [
        Item(row["text"], row["side"], row["manner"], row["officer"] or "", row["outcome"] or "", row["answer"] or "")
        for row in await sql.fetch(_ITEMS.format(column), id)
    ]  # fmt: skip


async def _with_posts(
    sql: "asyncpg.Connection[Any]", paper: "asyncpg.Record", around: Around, subjects: Iterable[str] = ()
) -> Around:
    """Who is the mine's principal, and which posts these persons hold, as far as the actor sees them."""
    rows = await sql.fetch(_POSTS, paper["mine_id"], around.day, [one for one in map(_uuid, subjects) if one])
    labels = LABELS["PostKind"]
    posts = {str(row["person_id"]): labels[row["kind"]][0] for row in reversed(rows)}
    principal = next((row["name"] for row in rows if row["kind"] == "PRINCIPAL"), "")
    return replace(around, posts=posts, principal=principal)


async def _with_names(sql: "asyncpg.Connection[Any]", around: Around, history: History) -> Around:
    officers = [one for step in history for one in step.officers]
    others = [getattr(step.body, "chair", None) for step in history]
    heads = [one for step in history for one in getattr(step.body, "heads", ())]
    accounts = {*(one.account for one in officers), *(one for one in others if one), *heads}
    certificates = [one.certificate for one in officers if one.certificate]
    names = {row["id"]: row["name"] for row in await sql.fetch(_NAMES, list(accounts))}
    numbers = {row["id"]: row["number"] for row in await sql.fetch(_CERTIFICATES, certificates)}
    return replace(around, names=names, certificates=numbers)


async def _issued(sql: "asyncpg.Connection[Any]", paper: "asyncpg.Record") -> list[Issued]:
    return _told(await sql.fetch(_ISSUED, paper["subject_id"]))


def _told(rows: "Sequence[asyncpg.Record]") -> list[Issued]:
    return [
        Issued(form=row["form"], number=row["number"] or "", day=day_of(row["issued_at"]),
               step=row["step_id"])
        for row in rows
    ]  # fmt: skip


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
