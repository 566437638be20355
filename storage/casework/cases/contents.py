"""The two files of a case in its pack: the one that is checked, and the list of contents (案卷目录). Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from storage.casework.cases import volumes
from storage.casework.cases.gathering import Held
from storage.casework.cases.packing import CaseFile, OpenedPaper
from storage.casework.cases.volumes import KINDS, Volume
from storage.casework.measures.tables import Turn
from storage.record.clock import SHANGHAI
from storage.record.glossary import case_contents as words
from storage.record.glossary.labels import label
from storage.record.ledger.proofs import casefiles
from storage.record.ledger.proofs.canonical import to_base64url

_CODE = re.compile(r"[A-Z][A-Z0-9_]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")


def case_file(file: CaseFile, *, keys: Mapping[str, Any]) -> bytes:
    """CASE.case.json (protocol §11a)."""

    def placed(held: Sequence[Held]) -> list[dict[str, Any]]:
        return [_placed(one, file) for one in held]

    return casefiles.case_file(
        {
            "case": str(file.case.id), "volume": file.volume.value, "keys": dict(keys),
            "checkpoint": file.shown.note, "opened": _placed(file.opened, file), "steps": placed(file.steps),
            "withheld": [
                {"ordinal": one, "reason": volumes.said_of(why)} for one, why in sorted(file.withheld.items())
            ],
            "papers": [
                {"paper": str(one.paper.id), "body": to_base64url(one.paper.body), "file": pdf_of(one),
                 "entries": placed(one.entries), "statements": [to_base64url(said) for said in one.statements]}
                for one in file.papers
            ],
            "findings": [{"finding": str(id), "entries": placed(held)} for id, held in file.findings.items()],
            "measures": [{"measure": str(id), "entries": placed(held)} for id, held in file.measures.items()],
        }
    )  # fmt: skip


def pdf_of(opened: OpenedPaper) -> str:
    """The name of a paper's PDF in the pack; empty without one."""
    return f"{opened.paper.id}.pdf" if opened.print is not None else ""


def contents(file: CaseFile) -> bytes:
    """contents.html: what the pack holds, in order, for people; what counts is the file that is checked."""
    volume = words.WHOLE if file.volume is Volume.WHOLE else words.MAIN
    parts = [
        f"<h1>{words.TITLE}</h1>",
        f"<p>{escape(file.case.cause)} · {escape(volume)} · {file.case.id}</p>",
        f"<p>{words.WHAT_COUNTS.format(file=f'{file.case.id}{casefiles.SUFFIX}')}</p>",
        _table(words.STEPS, words.STEP_COLUMNS, [_step(one) for one in file.steps]),
        _table(words.PAPERS, words.PAPER_COLUMNS, [_paper(one) for one in file.papers]),
        _table(words.FINDINGS, words.ENTRY_COLUMNS, [_entry(one) for held in file.findings.values() for one in held]),
        _table(words.MEASURES, words.ENTRY_COLUMNS, [_entry(one) for held in file.measures.values() for one in held]),
        _table(words.WITHHELD, words.WITHHELD_COLUMNS,
               [[str(one), escape(volumes.said_of(why))] for one, why in sorted(file.withheld.items())]),
        f"<p>{words.EVIDENCE}</p>",
    ]  # fmt: skip
    return words.PAGE.format(title=words.TITLE, body="\n".join(parts)).encode()


def _placed(held: Held, file: CaseFile) -> dict[str, Any]:
    position = held.position if held.position is not None else -1
    return {
        "payload": held.payload.decode(), "salt": to_base64url(held.salt), "position": str(position),
        "proof": [one.hex() for one in file.proofs[position]],
    }  # fmt: skip


def _step(held: Held) -> list[str]:
    data, kind = held.entry.data, KINDS[held.entry.kind]
    return [
        str(data["ordinal"]), _day(datetime.fromisoformat(data["at"])),
        f"{label(kind, 'zh')} / {label(kind, 'en')}<br><small>{kind}</small>", _told(data["body"]), str(held.position),
    ]  # fmt: skip


def _paper(opened: OpenedPaper) -> list[str]:
    paper, file = opened.paper, pdf_of(opened)
    name = escape(paper.form)
    linked = f'<a href="data/{file}">{name}</a>' if file else f"{name} {words.NO_PDF}"
    position = next(one.position for one in opened.entries)
    return [_day(paper.issued_at), linked, escape(paper.number or ""), str(position)]


def _entry(held: Held) -> list[str]:
    at = datetime.fromtimestamp(held.entry.at / 1000, tz=UTC)
    said = {name: value for name, value in held.entry.data.items() if name in words.SAID}
    return [_day(at), _kind(held.entry.kind), _told(said), str(held.position)]


def _kind(kind: str) -> str:
    """What an entry of a finding or measure is called."""
    noun, _, turn = kind.partition(".")
    if noun == "measure" and turn.upper() in Turn.__members__:
        named = Turn(turn.upper())
        told = f"{label(named, 'zh')} / {label(named, 'en')}"
    else:
        told = words.ENTRIES.get(kind, "")
    return f"{told}<br><small>{escape(kind)}</small>"


def _told(said: Mapping[str, Any]) -> str:
    """The sentences and sums of a body; ids and codes say nothing to people, and stand in the file."""
    texts = [value for value in said.values() if type(value) is str and not _CODE.fullmatch(value)]
    return "<br>".join(escape(one) for one in [*(_readable(text) for text in texts if text), *_sums(said)])


def _sums(said: Mapping[str, Any]) -> list[str]:
    """What is to be paid or was: of the thing itself, and of each sanction in it."""
    fen = [one.get("sum") for one in (said, *said.get("sanctions", ()))]
    return [words.SUM.format(yuan=f"{one // 100:,}.{one % 100:02}") for one in fen if type(one) is int and one > 0]


def _readable(text: str) -> str:
    """A time as people write it; whatever else somebody wrote stays as it is."""
    if not _TIME.match(text):
        return text
    try:
        return _day(datetime.fromisoformat(text))
    except (ValueError, OverflowError):  # The first hours of year 1 are on no day of Shanghai.
        return text


def _day(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{one}</th>" for one in columns)
    lines = "\n".join(f"<tr>{''.join(f'<td>{one}</td>' for one in row)}</tr>" for row in rows)
    return f"<h2>{title}</h2>\n<table><tr>{head}</tr>\n{lines}</table>"
