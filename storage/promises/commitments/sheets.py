"""The sheet of a mine's notice board: the clauses in plain words, who signed when and how, and its code as a QR."""

from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any

import segno

from storage.promises.commitments.papers import answer_in_words, clauses_of, grouped
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.templates.tables import ClauseField
from storage.promises.templates.wording import in_words
from storage.record.clock import SHANGHAI, from_ms
from storage.record.glossary.promise_labels import LABELS
from storage.record.glossary.promise_words import ORDINALS, SHEET, WAYS
from storage.record.ledger.proofs.canonical import parse_canonical
from storage.record.ledger.proofs.commitments import bundles, codes
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.ledger.proofs.entries import Entry
from storage.record.printing.typesetting import Template, Typesetter


def sheet_pdf(bundle: bytes, *, site: str = "", typesetter: Typesetter | None = None) -> bytes:
    """The sheet of a bundle that holds (`bundles.verify_bundle`): A3, which A4 holds at 71 %; the same bytes each time.

    `site` is the address of the pages where everybody reads the clauses; without it the sheet names none. ValueError
    for a bundle without form, and for one whose code a sheet has no room for.
    """
    code = codes.code_of(bundle)
    about = Commitment.decode(parse_canonical(bundle, bundles.LIMIT)["commitment"].encode())
    told = laid(about, code.entry, code=code.encode(), site=site)
    return (typesetter or Typesetter()).typeset(_form(), told, at=from_ms(code.entry.at))


def laid(about: Commitment, signed: Entry, *, code: str, site: str) -> dict[str, Any]:
    """What the form is told; pure, and no text becomes markup."""
    address = f"{site}/commitments/{about.mine}" if site else ""
    answers = {one["key"]: one for one in about.answers}
    numbered = list(enumerate(clauses_of(about), 1))
    fields: list[dict[str, Any]] = []
    for field in ClauseField:
        under = [
            {
                "number": str(number), "title": clause.title.zh, "says": clause.says.zh,
                "condition": in_words(clause.condition).zh,
                "answer": "" if _is_met(answers[clause.key]) else answer_in_words(answers[clause.key]),
            }
            for number, clause in numbered if clause.field is field
        ]  # fmt: skip
        if under:
            name = LABELS["ClauseField"][field.value][0]
            fields.append({"name": f"{ORDINALS[len(fields)]}、{name}", "clauses": under})
    return {
        "title": _said("title"), "mine": about.mine_name, "year": str(about.year), "fields": fields, "words": SHEET,
        "signed": _signed(about, signed), "is_ink": signed.data["way"] == "INK",
        "digest": grouped(signed.data["digest"]), "code": qr(code),
        "address": address, "where": _said("where", address=address) if address else "",
        "check": _said("check", where=f"{site}/commitments/check" if site else _said("check_page")),
        "door": qr(address) if address else "",
    }  # fmt: skip


def qr(text: str) -> str:
    """The text as a QR code in SVG, in the densest mode that it allows, and with a margin of its own left out."""
    drawn = BytesIO()
    segno.make_qr(text, error="l", boost_error=False).save(drawn, kind="svg", border=0, xmldecl=False, nl=False)
    return drawn.getvalue().decode()


def _signed(about: Commitment, signed: Entry) -> str:
    at = from_ms(signed.at).astimezone(SHANGHAI)
    moment = f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02}分"
    return _said("signed", principal=about.principal_name, moment=moment, way=WAYS[signed.data["way"]][0])


def _is_met(answer: dict[str, Any]) -> bool:
    return bool(answer["outcome"] == AnswerOutcome.MET)


def _said(name: str, **told: object) -> str:
    return str(SHEET[name]).format(**told)


@cache
def _form() -> Template:
    return Template(name="sheet", markup=resources.files(__package__).joinpath("sheet.typ").read_bytes())
