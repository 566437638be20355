"""What may live here: the acts on cases: one mutation for each kind of step, its input made from what the step says."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.casework.cases import Case
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.scalars import Money
from storage.casework.cases import operations
from storage.casework.cases.bodies import BODIES
from storage.casework.cases.bodies.after import Instalment
from storage.casework.cases.bodies.deciding import ReviewNote
from storage.casework.cases.operations import Filing
from storage.casework.cases.rules import OPENS
from storage.casework.cases.steps import Conduct, Delivery, Party, Sanction, StepKind
from storage.casework.cases.taking import VERB_OF, Taking
from storage.record.work import perform

_K = StepKind
NAMES: Final[dict[StepKind, str]] = {
    _K.PROPOSED: "propose_case", _K.REGISTERED: "register_case", _K.NOT_REGISTERED: "refuse_case",
    _K.SCOPE_WIDENED: "widen_case", _K.OFFICERS_ASSIGNED: "assign_case_officers", _K.RECUSAL_ASKED: "ask_recusal",
    _K.RECUSAL_DECIDED: "decide_recusal", _K.STATEMENT_TAKEN: "take_statement", _K.EVIDENCE_ADDED: "add_case_evidence",
    _K.NOTED: "note_in_case", _K.RECORDED: "link_case_recording", _K.MADE_GOOD: "make_defect_good",
    _K.EXCLUDED: "exclude_fact", _K.APPROVED: "approve_measure_of_case", _K.REGISTER_KEPT: "register_and_keep",
    _K.KEEPING_DECIDED: "decide_keeping", _K.SEIZED: "seize", _K.SEIZURE_EXTENDED: "extend_seizure",
    _K.SENT_FOR_TEST: "send_for_test", _K.RELEASED: "release_seizure", _K.CORRECTION_ORDERED: "order_correction",
    _K.CORRECTION_CHECKED: "check_correction", _K.INVESTIGATION_ENDED: "end_investigation",
    _K.DISCRETION_SUGGESTED: "suggest_discretion", _K.NOTICE_SERVED: "serve_notice",
    _K.HEARING_OFFERED: "offer_hearing", _K.DEFENCE_RECEIVED: "receive_defence", _K.DEFENCE_WAIVED: "waive_defence",
    _K.DEFENCE_EXAMINED: "examine_defence", _K.HEARING_ASKED: "ask_hearing", _K.HEARING_WAIVED: "waive_hearing",
    _K.HEARING_NOTIFIED: "notify_hearing", _K.HEARING_HELD: "hold_hearing", _K.REVIEW_SUBMITTED: "submit_for_review",
    _K.REVIEW_RETURNED: "return_review", _K.REVIEW_PASSED: "pass_review", _K.DELIBERATED: "deliberate_case",
    _K.DECIDED: "decide_case", _K.DECIDED_ON_THE_SPOT: "decide_on_the_spot", _K.SPOT_REPORTED: "report_spot_decision",
    _K.SERVICE_CONFIRMED: "confirm_service", _K.SERVED: "serve_decision", _K.PAID: "record_payment",
    _K.CASH_HANDED_IN: "hand_in_cash", _K.INSTALMENTS_GRANTED: "grant_instalments",
    _K.SURCHARGE_ORDERED: "order_surcharge", _K.URGED: "urge_performance", _K.COURT_ASKED: "ask_court",
    _K.COURT_RULED: "record_court_ruling", _K.EXECUTED: "record_execution",
    _K.RECONSIDERATION_FILED: "record_reconsideration", _K.RECONSIDERATION_FORWARDED: "forward_reconsideration",
    _K.SUIT_FILED: "record_suit", _K.ANSWERED: "answer_remedy", _K.OUTCOME_RECEIVED: "record_remedy_outcome",
    _K.CORRECTED: "correct_decision", _K.REVOKED: "revoke_decision", _K.PUBLISHED: "record_publication",
    _K.WITHDRAWN_FROM_PUBLIC: "record_withdrawal_from_public", _K.TRANSFER_STARTED: "start_transfer",
    _K.TRANSFER_EVIDENCE_KEPT: "keep_transfer_evidence", _K.TRANSFER_REPORTED: "report_transfer",
    _K.TRANSFER_DECIDED: "decide_transfer", _K.TRANSFER_DRAWN_UP: "draw_up_transfer",
    _K.TRANSFER_HANDED_OVER: "hand_over_transfer", _K.TRANSFER_ANSWERED: "record_transfer_answer",
    _K.TRANSFER_OBJECTED: "object_to_transfer_answer", _K.TRANSFER_GOODS_HANDED_OVER: "hand_over_transfer_goods",
    _K.PASSED_ON: "pass_on_matter", _K.PASSED_ON_RECEIVED: "record_pass_on_receipt",
    _K.CIRCULAR_ISSUED: "issue_circular", _K.INTERVIEW_HELD: "hold_interview", _K.CLOSED: "close_case",
    _K.ARCHIVED: "archive_case",
}  # fmt: skip
"""What each act is called; clients rely on it."""

_PARTS: Final[dict[type, str]] = {
    Party: "CasePartyInput", Conduct: "CaseConductInput", Sanction: "SanctionInput", Delivery: "DeliveryInput",
    Instalment: "InstalmentInput", ReviewNote: "ReviewNoteInput",
}  # fmt: skip
_MONEY: Final = frozenset({"sum", "least", "most", "fine"})
"""Fields that hold fen."""


def _payload(kind: StepKind) -> Any:
    """What came of a step of this kind: the case after it, or the Problem."""
    description = f"What came of it: {_first_line(BODIES[kind])}"
    name = _camel(NAMES[kind]) + "Payload"
    said = {
        "__annotations__": {"case": Case | None, "problem": Problem | None},
        "__doc__": description,
        "case": strawberry.field(default=None, description="The case after the step."),
        "problem": problem_field(),
    }
    return strawberry.type(type(name, (), said), name=name, description=description)


def told_body(given: Any, body: type) -> Any:
    """The body as storage takes it, from its input."""
    return body(**{one.name: _plain(getattr(given, one.name), kind) for one, kind in _said(body)})


def _plain(value: Any, kind: Any) -> Any:
    inner = _inner(kind)
    if isinstance(value, list):
        return tuple(_plain(one, inner) for one in value)
    return told_body(value, inner) if isinstance(inner, type) and is_dataclass(inner) and value is not None else value


def _said(body: type) -> list[tuple[Any, Any]]:
    """The fields of a body with their types, `kind` left out where it belongs to the class."""
    hints = get_type_hints(body)
    return [(one, hints[one.name]) for one in fields(body) if get_origin(hints[one.name]) is not ClassVar]


def _inner(kind: Any) -> Any:
    """What a list holds, or what may be null."""
    if get_origin(kind) is tuple:
        return get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind


def _type(kind: Any, name: str) -> Any:
    """The type in GraphQL of a field of a body."""
    if get_origin(kind) is tuple:
        return list[_type(_inner(kind), name)]  # type: ignore[misc] # Made while the module is read.
    if get_origin(kind) in (Union, UnionType):
        return _type(_inner(kind), name) | None
    if kind is int and name in _MONEY:
        return Money
    if isinstance(kind, type) and is_dataclass(kind):
        return _part(kind)
    return kind


@cache
def _part(kind: type) -> Any:
    description = (kind.__doc__ or "").split(". `")[0].split("\n")[0]
    return strawberry.input(_class(_PARTS[kind], kind), name=_PARTS[kind], description=description)


def _class(name: str, body: type, **first: tuple[Any, Any]) -> type:
    """A class with a field for each of the body's, and those that come first."""
    said: dict[str, Any] = {}
    types = {key: kind for key, (kind, _) in first.items()}
    said |= {key: field for key, (_, field) in first.items() if field is not None}
    described = get_type_hints(body, include_extras=True)
    # Fields without a default stand before those with one.
    for one, kind in sorted(_said(body), key=lambda pair: pair[0].default is not MISSING):
        types[one.name] = _type(kind, one.name)
        said[one.name] = _field(one, get_args(described[one.name])[1])
    ordered = dict(sorted(types.items(), key=lambda pair: _has_default(said[pair[0]])))
    return type(name, (), {"__annotations__": ordered, "__doc__": body.__doc__, **said})


def _field(one: Any, description: str) -> Any:
    if one.default is MISSING:
        return strawberry.field(description=description)
    if one.default == ():
        return strawberry.field(default_factory=list, description=description)
    return strawberry.field(default=one.default, description=description)


def _has_default(field: Any) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


_ID = (UUID, strawberry.field(description="The step's id, made by the client: the same step again is the same act."))
_CASE = (UUID, strawberry.field(description="The UUID of the case."))
_NEW = (UUID, strawberry.field(description="The case's id, made by the client."))
_MINE = (UUID, strawberry.field(description="The mine."))
_PARTY = (UUID | None, strawberry.field(default=None, description="The party that it is about."))
_AT = (
    datetime | None,
    strawberry.field(default=None, description="When it was done; now if left out, and always for what is done here."),
)
_OFFICERS = (list[UUID], strawberry.field(default_factory=list, description="The accounts of the officers."))


def _input(kind: StepKind) -> Any:
    body, name = BODIES[kind], _camel(NAMES[kind]) + "Input"
    where: dict[str, tuple[Any, Any]] = {"id": _ID, "case_id": _NEW if kind in OPENS else _CASE}
    if kind in OPENS:
        where["mine_id"] = _MINE
    made = _class(name, body, **where, party_id=_PARTY, at=_AT, officer_ids=_OFFICERS)
    return strawberry.input(made, name=name, description=_first_line(body))


def _first_line(body: type) -> str:
    return (body.__doc__ or "").split("\n")[0]


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


async def _take(context: Context, kind: StepKind, given: Any) -> Case:
    """Take the step, or open the case with it."""
    step = Taking(
        id=given.id, body=told_body(given, BODIES[kind]), party=given.party_id, at=given.at,
        officers=tuple(given.officer_ids),
    )  # fmt: skip
    actor, now = context.signed_in(), context.now()
    if kind in OPENS:
        filing = Filing(id=given.case_id, mine_id=given.mine_id, first=step)
        row = await perform(context.database, actor, now, operations.file_case, filing=filing)
    else:
        row = await perform(context.database, actor, now, operations.take_step, case_id=given.case_id, step=step)
    return Case.of(row)


def _mutation(kind: StepKind) -> Any:
    payload, given = _payload(kind), _input(kind)

    async def resolve(self: Any, info: Info, input: Any) -> Any:
        return payload(case=await _take(info.context, kind, input))

    asked: Any = Annotated[given, strawberry.argument(description="What the step says.")]
    resolve.__annotations__ = {"info": Info, "input": asked, "return": payload | None}
    resolve.__name__ = NAMES[kind]
    declare: Callable[..., Any] = mutation(access=needs(VERB_OF[kind]), description=_first_line(BODIES[kind]))
    return declare(resolve)


CaseMutation = strawberry.type(
    type("CaseMutation", (), {"__doc__": "Acts on cases.", **{NAMES[kind]: _mutation(kind) for kind in StepKind}})
)

AREA = Area(mutation=CaseMutation)
