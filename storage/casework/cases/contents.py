"""The list of contents (案卷目录) that people read in the pack of a case. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import asyncpg

from storage.casework.cases import telling, volumes
from storage.casework.cases.gathering import CaseFile, Held, OpenedPaper
from storage.casework.cases.telling import Told
from storage.casework.cases.volumes import KINDS, Volume
from storage.casework.measures.tables import Turn
from storage.field.evidence import packing as evidence
from storage.record.clock import SHANGHAI
from storage.record.glossary import case_contents as words
from storage.record.glossary import case_fields as fields
from storage.record.glossary.labels import LABELS, label
from storage.record.law.measures import MEASURE_KINDS
from storage.record.ledger.proofs import casefiles

MOST_PIECES = 2_000
"""Pieces of evidence that the page lists; the manifest and the inventory list all."""


def contents(file: CaseFile) -> bytes:
    """contents.html: what the pack holds, in order; its digest stands in the entry of the opening."""
    told = Told([one.entry for one in file.steps])
    volume = words.WHOLE if file.volume is Volume.WHOLE else words.MAIN
    parts = [
        f"<h1>{words.TITLE}</h1>",
        f"<p>{escape(file.case.cause)} · {escape(volume)} · {file.case.id}</p>",
        f"<p>{words.WHAT_COUNTS.format(file=f'{file.case.id}{casefiles.SUFFIX}')}</p>",
        _table(words.STEPS, words.STEP_COLUMNS, [_step(one, file, told) for one in file.steps]),
        _table(words.PAPERS, words.PAPER_COLUMNS, [_paper(one, file) for one in file.papers]),
        _table(words.FINDINGS, words.ENTRY_COLUMNS, _entries(file, file.findings.values())),
        _table(words.MEASURES, words.ENTRY_COLUMNS, _entries(file, file.measures.values())),
        _table(words.EVIDENCE, words.EVIDENCE_COLUMNS, [_piece(one, file) for one in file.pieces[:MOST_PIECES]]),
        f"<p>{words.MORE_PIECES.format(count=len(file.pieces) - MOST_PIECES)}</p>"
        if len(file.pieces) > MOST_PIECES else "",
        _table(words.WITHHELD, words.WITHHELD_COLUMNS,
               [[str(one + 1), escape(volumes.said_of(why))] for one, why in sorted(file.withheld.items())],
               numbered=False),
    ]  # fmt: skip
    return words.PAGE.format(title=words.TITLE, body="\n".join(one for one in parts if one)).encode()


def pdf_of(opened: OpenedPaper) -> str:
    """The name of a paper's PDF in the pack; empty without one."""
    return f"{opened.paper.id}.pdf" if opened.print is not None else ""


def _step(held: Held, file: CaseFile, told: Told) -> list[str]:
    data, kind = held.entry.data, KINDS[held.entry.kind]
    lines = told.lines(held.entry)
    return [
        str(data["ordinal"] + 1), _day(datetime.fromisoformat(data["at"])),
        f"{label(kind, 'zh')} / {label(kind, 'en')}", _who(held, file), _lines(lines or [words.NOTHING_MORE]),
        _lines([told.party(held.entry), _position(held)]),
    ]  # fmt: skip


def _paper(opened: OpenedPaper, file: CaseFile) -> list[str]:
    paper, name = opened.paper, pdf_of(opened)
    kinds = [one.entry.kind for one in opened.entries]
    signed, refused = kinds.count("paper.signed"), kinds.count("paper.refused")
    remarks = [
        words.SIGNED.format(count=signed) if signed else "", words.REFUSED.format(count=refused) if refused else "",
        words.INTERNAL if paper.internal else "", _position(opened.entries[0]),
    ]  # fmt: skip
    where = f'<a href="data/{name}">PDF</a>' if name else words.NO_PDF
    issued = opened.entries[0]
    return [
        escape(paper.number or ""), _who(issued, file), escape(paper.form), _day(paper.issued_at), where,
        _lines(remarks),
    ]  # fmt: skip


def _entries(file: CaseFile, about: Any) -> list[list[str]]:
    return [_entry(one, file) for held in about for one in held]


def _entry(held: Held, file: CaseFile) -> list[str]:
    at = datetime.fromtimestamp(held.entry.at / 1000, tz=UTC)
    return [
        _day(at),
        _kind(held.entry.kind),
        _who(held, file),
        _lines(_said(held) or [words.NOTHING_MORE]),
        _position(held),
    ]


def _kind(kind: str) -> str:
    """What an entry of a finding or measure is called."""
    noun, _, turn = kind.partition(".")
    if noun == "measure" and turn.upper() in Turn.__members__:
        named = Turn(turn.upper())
        return f"{label(named, 'zh')} / {label(named, 'en')}"
    return words.ENTRIES.get(kind, escape(kind))


def _said(held: Held) -> list[str]:
    """What an entry of a finding or measure says, each field by its name; codes of closed lists in words."""
    ordered = MEASURE_KINDS.get(str(held.entry.data.get("kind")))
    found = [words.ORDERED.format(title=ordered.title)] if ordered is not None else []
    for name, (chinese, english, listed) in words.SAID.items():
        value = held.entry.data.get(name)
        if value in (None, "", [], {}) or isinstance(value, dict | list):
            continue
        if type(value) is bool:
            value = telling.both(fields.YES_NO[not value])
        elif listed and (known := LABELS[listed].get(str(value))):
            value = " / ".join(known)
        found.append(f"{chinese} {english}：{_readable(str(value))}")
    pieces = held.entry.data.get("evidence") or ()
    return [*found, *([f"证据 Evidence：{telling.both(fields.PIECES, count=len(pieces))}"] if pieces else [])]


def _piece(row: "asyncpg.Record", file: CaseFile) -> list[str]:
    is_packed = evidence.is_packed(row)
    name = escape(evidence.name_of(row))
    grade = " / ".join(LABELS["Grade"].get(row["grade"], (row["grade"],)))
    return [
        f'<a href="data/{name}">{name}</a>' if is_packed else name, escape(row["media_type"]),
        _day(row["captured_at"]) if row["captured_at"] else "", escape(file.names.get(str(row["maker_id"]), "")),
        grade, "" if is_packed else escape(evidence.reason_unsealed(row)),
    ]  # fmt: skip


def _who(held: Held, file: CaseFile) -> str:
    """责任者: who entered it, as far as the reader may know."""
    return escape(file.names.get(held.entry.actor or "", ""))


def _position(held: Held) -> str:
    return words.POSITION.format(position=held.position)


def _lines(texts: Sequence[str]) -> str:
    return "<br>".join(escape(one) for one in texts if one)


def _readable(text: str) -> str:
    """A time as people write it; whatever else somebody wrote stays as it is."""
    if len(text) < 20 or text[10] != "T":
        return text
    try:
        return _day(datetime.fromisoformat(text))
    except (ValueError, OverflowError):  # The first hours of year 1 are on no day of Shanghai.
        return text


def _day(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbered: bool = True) -> str:
    """A table whose rows are counted from 1 unless they bring their number; a phone shows each cell by its name."""
    if not rows:
        return ""
    if numbered and len(rows[0]) == len(columns) - 1:
        rows = [[str(number), *row] for number, row in enumerate(rows, 1)]
    head = "".join(f"<th>{one}</th>" for one in columns)
    lines = "\n".join(
        "<tr>" + "".join(f'<td data-is="{name}">{one}</td>' for name, one in zip(columns, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<h2>{title}</h2>\n<table><thead><tr>{head}</tr></thead><tbody>\n{lines}\n</tbody></table>"
