"""The only acts that draft and issue papers; what is signed on them has its own file, and so have their PDFs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.papers import bodies, filling, queries, rules
from storage.casework.papers.bodies import Body, Value, digest_of
from storage.casework.papers.tables import PaperState, PaperSubject
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import Verb
from storage.record.clock import SHANGHAI
from storage.record.law import forms
from storage.record.law.forms import Form
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.work import Work
from storage.register.provisions import queries as provisions

_DRAFT = """
INSERT INTO papers (id, subject_kind, subject_id, mine_id, county, office, form, version, internal, state, written,
  drafted_by, drafted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'DRAFT', $10, $11, $12)
ON CONFLICT (id) DO NOTHING RETURNING true
"""
_ISSUE = """
UPDATE papers SET state = 'ISSUED', mark = $2, word = $3, year = $4, ordinal = $5, number = $6, body = $7, digest = $8,
  issued_by = $9, issued_at = $10, issued_entry_id = $11 WHERE id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paper to draft, under the client's id: what people write; what the record knows, it fills in by itself."""

    id: UUID
    form: str
    subject_kind: PaperSubject
    subject_id: UUID
    fields: Mapping[str, Value] = field(default_factory=dict)


async def draft_paper(work: Work, *, draft: Draft) -> "asyncpg.Record":
    """Writes a draft; the same id by the same person writes it anew until it is issued.

    Raises NotFound, NotAllowed, FormUnknown, PaperFieldUnknown, PaperFieldUnfit, PaperConflict.
    """
    scope = await queries.subject_of(work.sql, draft.subject_kind, draft.subject_id)
    work.actor.require(Verb.PAPER_ISSUE, **_scope(scope))
    law, day = await provisions.law_of(work.sql), work.now.astimezone(SHANGHAI).date()
    form = rules.form_on(law, draft.form, day)
    rules.must_fit(form, draft.fields)
    written = canonical(dict(draft.fields))
    known = await queries.paper_to_change(work, draft.id)
    if known is not None and _is(known, draft, by=work.actor.account_id, written=written):
        return known
    if known is not None:
        _must_be_own_draft(known, draft, by=work.actor.account_id)
        await work.sql.execute(
            "UPDATE papers SET written = $2, version = $3 WHERE id = $1", draft.id, written, form.version
        )
    elif not await work.sql.fetchval(
        _DRAFT, draft.id, draft.subject_kind.value, draft.subject_id, scope["mine_id"], scope["county"],
        scope["office"], form.name, form.version, form.internal, written, work.actor.account_id, work.now,
    ):  # fmt: skip
        raise rules.PaperConflict()
    work.record(
        "paper.drafted", draft.id, **rules.traced({**scope, "internal": form.internal}, issued=False),
        data={"form": form.name, "version": form.version, "written": sha256(written).hexdigest(),
              "subject": {"kind": draft.subject_kind.value, "id": str(draft.subject_id)}},
    )  # fmt: skip
    return await queries.paper_of_id(work.sql, draft.id)


async def issue_paper(work: Work, *, paper_id: UUID) -> "asyncpg.Record":
    """Gives the paper its number and its body, whose digest people sign; again it answers as before.

    Raises NotFound, NotAllowed, NotAnOfficer, PaperContradictsRecord, PaperFieldMissing.
    """
    paper = await queries.paper_to_sign(work, paper_id)
    work.actor.require(Verb.PAPER_ISSUE, **_scope(paper))
    if paper["state"] == PaperState.ISSUED:
        return paper
    law, day = await provisions.law_of(work.sql), work.now.astimezone(SHANGHAI).date()
    held, form = forms.set_on(day), law.form_of(paper["form"], paper["version"])
    agency = held.agency_of(paper["office"])
    known, officers = await queries.known_of(work.sql, paper, agency=agency.name, day=day)
    if officers and work.actor.account_id not in officers:
        raise NotAnOfficer()
    fields = filling.filled(form, parse_canonical(paper["written"], bodies.LIMIT), known)
    rules.must_be_complete(form, fields)
    ordinal = await _ordinal(work, form, agency.mark, year=day.year)
    number = held.number(form, agency, year=day.year, ordinal=ordinal) if ordinal else ""
    body = Body(
        paper=paper_id, form=form.name, version=form.version, number=number, agency=agency.name, day=day.isoformat(),
        mine=(paper["mine_id"], known.mine), subject=(paper["subject_kind"], paper["subject_id"]), fields=fields,
        remedies=filling.remedies(form, held.remedies, fields, law=law, on=day),
    ).encode()  # fmt: skip
    await _store(work, paper, form, mark=agency.mark, year=day.year, ordinal=ordinal, number=number, body=body)
    return await queries.paper_of_id(work.sql, paper_id)


async def paper_again(work: Work, paper_id: UUID) -> "asyncpg.Record":
    """What a replay answers: the paper as it stands today."""
    return await queries.paper_of_id(work.sql, paper_id)


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
) -> None:
    digest = digest_of(body)
    entry_id = work.record(
        "paper.issued", paper["id"], **rules.traced(paper),
        data={"form": form.name, "version": paper["version"], "number": number, "digest": digest.hex()},
    )  # fmt: skip
    series = (mark, form.word, year, ordinal) if ordinal is not None else (None, None, None, None)
    await work.sql.execute(
        _ISSUE, paper["id"], *series, number or None, body, digest, work.actor.account_id, work.now, entry_id
    )


def _is(known: "asyncpg.Record", draft: Draft, *, by: UUID, written: bytes) -> bool:
    said = (draft.form, draft.subject_kind, draft.subject_id, by, written)
    return said == tuple(known[name] for name in ("form", "subject_kind", "subject_id", "drafted_by", "written"))


def _must_be_own_draft(known: "asyncpg.Record", draft: Draft, *, by: UUID) -> None:
    said = (draft.form, draft.subject_kind, draft.subject_id, by, PaperState.DRAFT)
    if said != tuple(known[name] for name in ("form", "subject_kind", "subject_id", "drafted_by", "state")):
        raise rules.PaperConflict()


def _scope(row: Any) -> dict[str, Any]:
    return {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
