"""What the law and the forms ask of issuing and signing a paper: pure rules, each named by its article."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from storage.casework.cases.steps import StepKind
from storage.casework.papers.bodies import LIMIT, Value
from storage.casework.papers.tables import PaperState, SignedWay
from storage.field.evidence.tables import EvidenceState
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import Role
from storage.record.law import Law
from storage.record.law.forms import Capacity, FieldKind, Form, FormField, Place
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, is_line
from storage.record.problems import BadInput, Problem, constraint_means

LONGEST_LINE, LONGEST_TEXT = 300, 20_000
MOST_ROWS = 200
MOST_STROKES, MOST_POINTS = 200, 4_000
GLASS = 1_000
"""Strokes are drawn in a box of so many units each way, whatever the screen."""
STATEMENT = "pithead/paper/1"

_AGENCY = frozenset({Role.INSPECTOR, Role.LEAD})
WHO_SIGNS: dict[Capacity, frozenset[Role]] = {
    Capacity.OFFICER: _AGENCY,
    Capacity.CLERK: _AGENCY | {Role.HEARING_CHAIR},
    Capacity.CHAIR: frozenset({Role.HEARING_CHAIR}),
    Capacity.MEMBER: frozenset({Role.AGENCY_HEAD, Role.LEAD, Role.LEGAL_REVIEWER}),
    Capacity.REVIEWER: frozenset({Role.LEGAL_REVIEWER, Role.LEAD, Role.AGENCY_HEAD}),
    Capacity.APPROVER: frozenset({Role.AGENCY_HEAD, Role.LEAD}),
    Capacity.PARTY: frozenset({Role.MINE_PRINCIPAL}),
    Capacity.WITNESS: frozenset(Role),
}
"""Who may sign in a capacity with an account of his own."""
OTHERS = frozenset({Capacity.PARTY, Capacity.WITNESS})
"""Those who need no account: an officer holds out the glass or the paper to them."""


DECIDING = frozenset({
    StepKind.DECIDED, StepKind.DECIDED_ON_THE_SPOT, StepKind.SURCHARGE_ORDERED, StepKind.INSTALMENTS_GRANTED,
    StepKind.SEIZURE_EXTENDED,
})  # fmt: skip
"""Steps whose paper is the act itself, and says nothing before it."""


class FormUnknown(Problem):
    """No form of that name is in force (parameter: form)."""


class PaperConflict(Problem):
    """This id stands for another paper already, yours or somebody else's, or for one that was issued."""


class PaperFieldUnknown(Problem):
    """The form has no such field to fill (parameters: form, field)."""


class PaperFieldUnfit(Problem):
    """What was written does not fit into the field (parameters: field, reason)."""


class PaperFieldMissing(Problem):
    """The form asks for a field that is empty: a paper without it is not issued (parameters: form, field)."""


class PaperContradictsRecord(Problem):
    """A field says otherwise than the record from which the paper is made (安法68; parameter: field)."""


class PaperStepUnknown(Problem):
    """The form stands for no such step of what the paper is about (parameter: form)."""


class PaperNotIssued(Problem):
    """The paper is a draft: there is no digest to sign yet, and nothing to print."""


class SignaturePlaceUnknown(Problem):
    """The form has no such place for a signature (parameters: form, place)."""


class PaperAlreadySigned(Problem):
    """Something else was signed at this place before (parameter: place)."""


class SignerWithoutCapacity(Problem):
    """Nobody signs in a capacity that none of his roles gives him (处罚法42, 55, 57, 58; parameter: place)."""


class SignerSignedBefore(Problem):
    """One person signs one place of a paper: two officers are two people (处罚法42; parameter: place)."""


class SignatureOfPaperWrong(Problem):
    """The signer's device did not sign this place and this digest."""


class SignatureIncomplete(Problem):
    """A way of signing lacks what belongs to it, or brings what does not (parameter: way)."""


class PhotoOfPaperUnfit(Problem):
    """The photo or film cannot stand for this paper: unseen, of another mine, lost or no evidence."""


class RefusalReasonNotStated(Problem):
    """Why somebody does not sign must be noted (行诉证据规定15; 安法68)."""


constraint_means("pk_papers", PaperConflict)
constraint_means("uq_paper_signatures_paper_id_place", PaperAlreadySigned)
constraint_means("uq_paper_refusals_paper_id_place", PaperAlreadySigned)


def form_on(law: Law, name: str, day: date) -> Form:
    """The form of this name in the version that is in force on a day; FormUnknown otherwise."""
    found = law.forms_on(day)
    if name not in found:
        raise FormUnknown(form=name)
    return found[name]


def must_fit(form: Form, written: Mapping[str, Value]) -> None:
    """Each value is one that its field takes: PaperFieldUnknown, PaperFieldUnfit."""
    for name, value in written.items():
        field = form.field(name)
        if field is None:
            raise PaperFieldUnknown(form=form.name, field=name)
        reason = _unfit(field, value)
        if reason:
            raise PaperFieldUnfit(field=name, reason=reason)
    if len(canonical(dict(written))) > LIMIT // 2:
        raise BadInput(field="fields", reason=f"<= {LIMIT // 2} bytes")


def must_be_complete(form: Form, fields: Mapping[str, Value]) -> None:
    """处罚法52, 59; 安法68: what the form must say stands in it; else PaperFieldMissing.

    A government or a department, of agencies that are led from above only this (复议法24, 27), reconsiders.
    """
    for field in form.fields:
        if field.must and not fields.get(field.name):
            raise PaperFieldMissing(form=form.name, field=field.name)
    organs = form.remedies[:-1]
    if organs and not any(fields.get(one.name) for one in organs):
        raise PaperFieldMissing(form=form.name, field=organs[0].name)


def must_be_its_officer(account_id: UUID, officers: Sequence[UUID]) -> None:
    """处罚法42: an inspection's papers are issued by its own officers; `officers` is empty for other subjects."""
    if officers and account_id not in officers:
        raise NotAnOfficer()


def must_stand_for_its_act(form: Form, kinds: Iterable[StepKind], *, step: UUID | None) -> None:
    """处罚法57, 61: a decision is on paper once it was made: no number and no stamp for one that nobody took."""
    if step is None and not form.internal and DECIDING & set(kinds):
        raise PaperStepUnknown(form=form.name)


def must_be_issued(state: str) -> None:
    """Only what was issued has a digest."""
    if state != PaperState.ISSUED:
        raise PaperNotIssued()


def place_of(form: Form, name: str) -> Place:
    """The place for a signature; SignaturePlaceUnknown."""
    found = form.place(name)
    if found is None:
        raise SignaturePlaceUnknown(form=form.name, place=name)
    return found


def must_have_capacity(place: Place, roles: Iterable[Role]) -> None:
    """处罚法42, 55 officers, 57 heads, 58 reviewers: whoever signs in a capacity has it; `roles` hold at this mine."""
    if not WHO_SIGNS[place.capacity] & set(roles):
        raise SignerWithoutCapacity(place=place.name)


def must_be_free(place: Place, taken: Iterable[str]) -> None:
    """A place is signed once; PaperAlreadySigned for anything else at it."""
    if place.name in set(taken):
        raise PaperAlreadySigned(place=place.name)


def must_sign_once(place: Place, account_id: UUID | None, signed: Iterable[tuple[str, UUID | None]]) -> None:
    """处罚法42: nobody stands at two places of one paper; `signed` are (place, account) of what was signed."""
    if account_id is not None and any(one == account_id for at, one in signed if at != place.name):
        raise SignerSignedBefore(place=place.name)


def must_be_whole(
    way: SignedWay, *, signature: bytes | None, strokes: list[list[list[int]]] | None, evidence_id: UUID | None
) -> None:
    """Each way brings its own proof and no other: SignatureIncomplete."""
    given = {SignedWay.KEY: signature, SignedWay.HAND: strokes, SignedWay.INK: evidence_id}
    if {one for one, value in given.items() if value is not None} != {way}:
        raise SignatureIncomplete(way=way.value)
    if strokes is not None and not _drawn(strokes):
        raise BadInput(field="strokes", reason=f"1-{MOST_STROKES}, <= {MOST_POINTS} points of 0-{GLASS}")


def must_be_signed_by_key(statement: bytes, signature: bytes, *, algorithm: str, public_key: bytes) -> None:
    """电子签名法13: the device's own key signed this paper's digest at this place."""
    if not signatures.verify(algorithm, public_key, "paper", statement, signature):
        raise SignatureOfPaperWrong()


def must_stand_for(paper_mine: UUID, *, mine_id: UUID | None, state: str | None) -> None:
    """行诉证据规定10, 12: the photo is a piece of the same mine's record, neither lost nor set apart."""
    unfit = (EvidenceState.LOST, EvidenceState.QUARANTINED, EvidenceState.ERASED)
    if mine_id != paper_mine or state is None or state in unfit:
        raise PhotoOfPaperUnfit()


def must_be_a_line(field: str, value: str) -> str:
    """A name or a reason as one line; BadInput."""
    line = value.strip()
    if not is_line(line):
        raise BadInput(field=field, reason="1-600 bytes in one line")
    return line


def must_be_a_refusal(*, name: str, reason: str, witness: str) -> dict[str, str | None]:
    """行诉证据规定15, 安法68: who would not sign and why; a witness where there was one."""
    return {
        "name": must_be_a_line("name", name),
        "reason": must_state_reason(reason),
        "witness": must_be_a_line("witness", witness) if witness.strip() else None,
    }


def traced(paper: Any, *, issued: bool = True) -> dict[str, Any]:
    """The scope of an entry about a paper: the mine's people never read of drafts and of what stays within the agency.

    As with the rows: these are within reach of a county or an office, and not of a mine alone.
    """
    shown = issued and not paper["internal"]
    return {"county": paper["county"], "office": paper["office"], **({"mine_id": paper["mine_id"]} if shown else {})}


def must_state_reason(reason: str) -> str:
    """行诉证据规定15: the record notes why the party does not sign."""
    if not reason.strip():
        raise RefusalReasonNotStated()
    return must_be_a_line("reason", reason)


def statement_of(
    *, paper_id: UUID, digest: bytes, place: str, way: SignedWay, at: int, opinion: str, **proof: object
) -> bytes:
    """What is signed, or what strokes and photo are bound to: canonical, with the digest of the paper in it.

    `proof`: account and device for a key; name, recorder and strokes or evidence with its SHA-256 otherwise.
    """
    said = {"v": STATEMENT, "paper": str(paper_id), "digest": digest.hex(), "place": place, "way": way.value, "at": at}
    return canonical({**said, **({"opinion": opinion} if opinion else {}), **proof})


def _unfit(field: FormField, value: Value) -> str:
    if field.kind is FieldKind.TABLE:
        return _unfit_rows(field, value)
    if not isinstance(value, str):
        return "text"
    if field.kind is FieldKind.TEXT:
        plain = all(sign.isprintable() or sign == "\n" for sign in value)
        return "" if plain and len(value) <= LONGEST_TEXT else f"<= {LONGEST_TEXT}"
    if len(value) > LONGEST_LINE or not value.isprintable():
        return f"<= {LONGEST_LINE}, one line"
    if field.kind is FieldKind.CHOICE:
        return "" if value in ("", *field.options) else " / ".join(field.options)
    return _unfit_time(field, value) if value else ""


def _unfit_time(field: FormField, value: str) -> str:
    try:
        if field.kind is FieldKind.DAY:
            date.fromisoformat(value)
        if field.kind is FieldKind.MOMENT:
            datetime.fromisoformat(value)
    except ValueError:
        return "YYYY-MM-DD" if field.kind is FieldKind.DAY else "YYYY-MM-DDThh:mm"
    return ""


def _unfit_rows(field: FormField, value: Value) -> str:
    rows = value if isinstance(value, list) else []
    fits = isinstance(value, list) and len(rows) <= MOST_ROWS
    if fits and all(
        len(row) == len(field.columns) and all(len(cell) <= LONGEST_LINE and cell.isprintable() for cell in row)
        for row in rows
    ):
        return ""
    return f"<= {MOST_ROWS} × {len(field.columns)}"


def _drawn(strokes: list[list[list[int]]]) -> bool:
    points = [point for stroke in strokes for point in stroke]
    return (
        1 <= len(strokes) <= MOST_STROKES
        and all(len(stroke) >= 2 for stroke in strokes)
        and len(points) <= MOST_POINTS
        and all(len(point) == 2 and all(0 <= each <= GLASS for each in point) for point in points)
    )
