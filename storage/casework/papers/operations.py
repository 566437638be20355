"""The only acts that draft and issue papers; what is signed on them has its own file, and so have their PDFs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.conduct.recusals import must_not_be_recused, recused_from
from storage.casework.papers import bodies, filling, gathering, queries, rules
from storage.casework.papers.bodies import Body, Value, digest_of
from storage.casework.papers.sources import sources_of
from storage.casework.papers.tables import PaperState, PaperSubject
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import forms
from storage.record.law.forms import Form
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.work import Work
from storage.register.provisions import queries as provisions

_DRAFT = """
INSERT INTO papers (id, subject_kind, subject_id, mine_id, county, office, form, version, internal, state, written,
  drafted_by, drafted_at, step_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'DRAFT', $10, $11, $12, $13)
ON CONFLICT (id) DO NOTHING RETURNING true
"""
_REDRAFT = "UPDATE papers SET written = $2, version = $3, step_id = $4 WHERE id = $1"
_ISSUE = """
UPDATE papers SET state = 'ISSUED', mark = $2, word = $3, year = $4, ordinal = $5, number = $6, body = $7, digest = $8,
  issued_by = $9, issued_at = $10, issued_entry_id = $11, step_id = $12 WHERE id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paper to draft, under the client's id: what people write; what the record knows, it fills in by itself.

    `step_id` is the step of the case or measure that it stands for; left out, the last one that has no such paper.
    """

    id: UUID
    form: str
    subject_kind: PaperSubject
    subject_id: UUID
    fields: Mapping[str, Value] = field(default_factory=dict)
    step_id: UUID | None = None


async def draft_paper(work: Work, *, draft: Draft) -> "asyncpg.Record":
    """Writes a draft; the same id by the same person writes it anew until it is issued.

    Raises NotFound, NotAllowed, FormUnknown, PaperFieldUnknown, PaperFieldUnfit, PaperStepUnknown, PaperConflict.
    """
    scope = await queries.subject_of(work.sql, draft.subject_kind, draft.subject_id)
    work.actor.require(Verb.PAPER_ISSUE, **_scope(scope))
    law, day = await provisions.law_of(work.sql), day_of(work.now)
    form = rules.form_on(law, draft.form, day)
    rules.must_fit(form, draft.fields)
    await gathering.step_must_fit(work.sql, form.name, draft.subject_kind, draft.subject_id, draft.step_id)
    written = canonical(dict(draft.fields))
    known = await queries.paper_to_change(work, draft.id)
    if known is not None and _is(known, draft, by=work.actor.account_id, written=written):
        return known
    if known is not None:
        _must_be_own_draft(known, draft, by=work.actor.account_id)
        await work.sql.execute(_REDRAFT, draft.id, written, form.version, draft.step_id)
    elif not await work.sql.fetchval(
        _DRAFT, draft.id, draft.subject_kind.value, draft.subject_id, scope["mine_id"], scope["county"],
        scope["office"], form.name, form.version, form.internal, written, work.actor.account_id, work.now,
        draft.step_id,
    ):  # fmt: skip
        raise rules.PaperConflict()
    traced = rules.traced({**scope, "internal": form.internal}, issued=False)
    work.record("paper.drafted", draft.id, **traced, data=_said_of(draft, version=form.version, written=written))
    return await queries.paper_of_id(work.sql, draft.id)


async def issue_paper(work: Work, *, paper_id: UUID) -> "asyncpg.Record":
    """Gives the paper its number and its body, whose digest people sign; again it answers as before.

    Raises NotFound, NotAllowed, NotAnOfficer, OfficerRecused, PaperStepUnknown, PaperContradictsRecord,
    PaperFieldMissing.
    """
    paper = await queries.paper_to_sign(work, paper_id)
    work.actor.require(Verb.PAPER_ISSUE, **_scope(paper))
    if paper["state"] == PaperState.ISSUED:
        return paper
    day = day_of(work.now)
    held = forms.set_on(day)
    agency = held.agency_of(paper["office"])
    known = await gathering.gathered(work.sql, paper, agency=agency.name, day=day)
    form = known.law.form_of(paper["form"], paper["version"])
    await _must_be_its_to_issue(work, paper, form, known)
    fields, told = filling.filled(form, parse_canonical(paper["written"], bodies.LIMIT), known.told)
    rules.must_be_complete(form, fields)
    ordinal = await _ordinal(work, form, agency.mark, year=day.year)
    number = held.number(form, agency, year=day.year, ordinal=ordinal) if ordinal else ""
    body = Body(
        paper=paper_id, form=form.name, version=form.version, number=number, agency=agency.name, day=day.isoformat(),
        mine=(paper["mine_id"], str(known.told["mine.name"])), fields=fields,
        subject=(paper["subject_kind"], paper["subject_id"]),
        remedies=filling.remedies(form, held.remedies, fields, law=known.law, on=day), record=told, step=known.step,
    ).encode()  # fmt: skip
    await _store(work, paper, form, mark=agency.mark, year=day.year, ordinal=ordinal, number=number, body=body,
                 step=known.step)  # fmt: skip
    return await queries.paper_of_id(work.sql, paper_id)


async def _must_be_its_to_issue(work: Work, paper: "asyncpg.Record", form: Form, known: gathering.Gathered) -> None:
    """An officer of what the paper is about, who is not recused from it, for an act that was done."""
    rules.must_be_its_officer(work.actor.account_id, known.officers)
    rules.must_stand_for_its_act(form, sources_of(form.name).case, step=known.step)
    recused = known.recused or await recused_from(work.sql, paper["subject_id"], *known.inspections)
    must_not_be_recused([work.actor.account_id], recused, work.now)


async def _ordinal(work: Work, form: Form, mark: str, *, year: int) -> int | None:
    """The next number; None for papers that bear none."""
    return await queries.next_ordinal(work, mark=mark, word=form.word, year=year) if form.word else None


async def _store(
    work: Work,
    paper: "asyncpg.Record",
    form: Form,
    *,
    mark: str,
    year: int,
    ordinal: int | None,
    number: str,
    body: bytes,
    step: UUID | None,
) -> None:
    digest = digest_of(body)
    entry_id = work.record(
        "paper.issued", paper["id"], **rules.traced(paper),
        data={"form": form.name, "version": paper["version"], "number": number, "digest": digest.hex(),
              **({"step": str(step)} if step else {})},
    )  # fmt: skip
    series = (mark, form.word, year, ordinal) if ordinal is not None else (None, None, None, None)
    await work.sql.execute(
        _ISSUE, paper["id"], *series, number or None, body, digest, work.actor.account_id, work.now, entry_id, step
    )


def _is(known: "asyncpg.Record", draft: Draft, *, by: UUID, written: bytes) -> bool:
    said = (draft.form, draft.subject_kind, draft.subject_id, by, written, draft.step_id)
    same = ("form", "subject_kind", "subject_id", "drafted_by", "written", "step_id")
    return said == tuple(known[name] for name in same)


def _said_of(draft: Draft, *, version: str, written: bytes) -> dict[str, Any]:
    said = {"form": draft.form, "version": version, "written": sha256(written).hexdigest(),
            "subject": {"kind": draft.subject_kind.value, "id": str(draft.subject_id)}}  # fmt: skip
    return said | ({"step": str(draft.step_id)} if draft.step_id else {})


def _must_be_own_draft(known: "asyncpg.Record", draft: Draft, *, by: UUID) -> None:
    said = (draft.form, draft.subject_kind, draft.subject_id, by, PaperState.DRAFT)
    if said != tuple(known[name] for name in ("form", "subject_kind", "subject_id", "drafted_by", "state")):
        raise rules.PaperConflict()


def _scope(row: Any) -> dict[str, Any]:
    return {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
