"""How a step that somebody wants to take becomes one of the history: whose verb it is, who stands behind it; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, Deliberated
from storage.casework.cases.bodies.facts import DefectKind, MadeGood, Recorded, RecordingMedium, Seized
from storage.casework.cases.bodies.opening import Proposed, ScopeWidened
from storage.casework.cases.bodies.transfer import PassedOn
from storage.casework.cases.drafts import conducts_of
from storage.casework.cases.history import AnyStep, History, Lacking, Objection
from storage.casework.cases.missing import not_examined, rests_on
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules import DONE_HERE, FACTS
from storage.casework.cases.steps import Body, Officer, SanctionKind, Step, StepKind
from storage.field.evidence.rules import CLOCK_TOLERANCE
from storage.field.inspections.rules import OfficerUnknown, Standing
from storage.record.actor import Verb
from storage.record.law.parameters import NotInForce
from storage.record.ledger.proofs.canonical import NotCanonical, canonical
from storage.record.plain import told
from storage.record.problems import BadInput

_BY_HEAD = (
    StepKind.REGISTERED, StepKind.NOT_REGISTERED, StepKind.SCOPE_WIDENED, StepKind.OFFICERS_ASSIGNED,
    StepKind.RECUSAL_DECIDED, StepKind.APPROVED, StepKind.SEIZURE_EXTENDED, StepKind.DELIBERATED, StepKind.DECIDED,
    StepKind.INSTALMENTS_GRANTED, StepKind.SURCHARGE_ORDERED, StepKind.REVOKED, StepKind.TRANSFER_DECIDED,
    StepKind.CLOSED,
)  # fmt: skip
VERB_OF: Mapping[StepKind, Verb] = {
    **dict.fromkeys(StepKind, Verb.CASE_ACT),
    **dict.fromkeys((StepKind.PROPOSED, StepKind.DECIDED_ON_THE_SPOT), Verb.CASE_FILE),
    **dict.fromkeys((StepKind.REVIEW_RETURNED, StepKind.REVIEW_PASSED), Verb.CASE_REVIEW),
    **dict.fromkeys((StepKind.HEARING_NOTIFIED, StepKind.HEARING_HELD), Verb.CASE_HEAR),
    **dict.fromkeys(_BY_HEAD, Verb.CASE_DECIDE),
    StepKind.ARCHIVED: Verb.CASE_ARCHIVE,
}
"""The verb of each kind of step: who proposes does not approve, who investigates does not review."""

_MEDIA = {RecordingMedium.FILM: "video/", RecordingMedium.SOUND: "audio/", RecordingMedium.PICTURE: "image/"}


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What a client asks to be kept as a step. `at` is when it was done; null for now."""

    id: UUID
    body: Body
    party: UUID | None = None
    at: datetime | None = None
    officers: tuple[UUID, ...] = ()


def step_of(taking: Taking, *, by: UUID, now: datetime, standings: Mapping[UUID, Standing]) -> AnyStep:
    """The step, with the certificates that its officers held on its day; what is done here is done now.

    Who is no officer for this mine stands there without a certificate: a fact is kept with that defect, an act refused.
    """
    for account in taking.officers:
        if account not in standings:
            raise OfficerUnknown(account=str(account))
    officers = tuple(
        Officer(account=one, certificate=standings[one].certificate_id if standings[one].inspects else None)
        for one in taking.officers
    )
    at = now if taking.at is None or taking.body.kind in DONE_HERE or is_ahead(taking, now) else taking.at
    return Step(id=taking.id, at=at, by=by, body=taking.body, party=taking.party, officers=officers)


def confirmed_by(body: Body, history: History | None) -> AnyStep | None:
    """The step for which somebody stands by this one, if it is of the case."""
    if history is None or not isinstance(body, MadeGood) or body.defect is not DefectKind.NOT_CONFIRMED:
        return None
    return history.by_id.get(body.step)


def on_both_days(today: Mapping[UUID, Standing], then: Mapping[UUID, Standing]) -> dict[UUID, Standing]:
    """处罚法42, 55: whoever had no certificate on the day of a step was none of its two, whatever he has today."""
    had = {account for account, one in then.items() if one.certificate_id is not None}
    return {account: one if account in had else replace(one, certificate_id=None) for account, one in today.items()}


def is_ahead(taking: Taking, now: datetime) -> bool:
    """Whether a phone's clock goes ahead of the server's, so that the step is dated now; its entry also says `said_at`.

    A fact is never refused for it; an act of law is not for as much as clocks differ.
    """
    if taking.at is None or taking.at <= now or taking.body.kind in DONE_HERE:
        return False
    return taking.body.kind in FACTS or taking.at <= now + CLOCK_TOLERANCE


def must_be_writable(body: Body) -> None:
    """What a step says can be written down and read again by whoever reads JSON, the database too; else BadInput."""
    try:
        written = canonical(told(body))
    except NotCanonical as error:
        raise BadInput(field="body", reason=error.reason) from error
    if _NUL.search(written):
        raise BadInput(field="body", reason="U+0000")


@contextmanager
def on_days_of_the_law() -> Iterator[None]:
    """Before the law of the record began no step was taken, and behind the last day of the calendar none ends."""
    try:
        yield
    except NotInForce as error:
        raise unlawful(problems.StepBackdated) from error
    except OverflowError as error:
        raise BadInput(field="body", reason="9999-12-31") from error


def must_be_same(known: AnyStep, taking: Taking, *, by: UUID) -> None:
    """A replay is the same step by the same person, else StepConflict."""
    by_order = isinstance(known.body, Seized) and known.body.measure is not None
    same_time = taking.at is None or known.kind in DONE_HERE or by_order or known.at == taking.at
    same_time = same_time or (taking.at is not None and is_ahead(taking, known.at))
    officers = tuple(one.account for one in known.officers)
    if (known.body, known.party, officers, known.by) != (taking.body, taking.party, taking.officers, by):
        raise problems.StepConflict()
    if not same_time:
        raise problems.StepConflict()


def must_be_pieces(named: tuple[UUID, ...], seen: Mapping[UUID, str], body: Body) -> None:
    """The pieces are of this mine; a film is a film."""
    for piece in named:
        if piece not in seen:
            raise unlawful(problems.PieceUnknown, piece=str(piece))
        if isinstance(body, Recorded) and not seen[piece].startswith(_MEDIA[body.medium]):
            raise unlawful(problems.PieceOfAnotherKind, piece=str(piece), medium=body.medium.value)


def findings_of(body: Body) -> tuple[UUID, ...]:
    """The findings that its conducts come from, or after which it proposes to close the mine."""
    if isinstance(body, PassedOn):
        return () if body.closure_for is None else (body.closure_for,)
    conducts = body.conducts if isinstance(body, Proposed | DecidedOnTheSpot | ScopeWidened) else ()
    return tuple(dict.fromkeys(one.finding for one in conducts if one.finding is not None))


def must_be_findings(findings: Sequence[UUID], known: Sequence[UUID]) -> None:
    """处罚法40: a conduct comes from a finding at this mine, else what that lacks would hold up nothing."""
    for one in findings:
        if one not in known:
            raise unlawful(problems.FindingUnknown, finding=str(one))


def must_be_a_seizure(measure: UUID, given: datetime | None) -> datetime:
    """强制法18: the moment at which the order on site was given that a seizure names, else SeizureUnknown."""
    if given is None:
        raise unlawful(problems.SeizureUnknown, measure=str(measure))
    return given


def must_rest_on_whole_findings(body: Body, lacking: Sequence[Lacking]) -> None:
    """处罚法40, 51: nobody is fined on the spot for what still lacks evidence or a second officer."""
    if isinstance(body, DecidedOnTheSpot) and lacking:
        raise rests_on(lacking[0])


def must_have_examined(body: Body, objections: Sequence[Objection]) -> None:
    """处罚法45, 52: nor for what the mine objected to and nobody looked at again."""
    for one in objections:
        if isinstance(body, DecidedOnTheSpot) and one.examined_at is None:
            raise not_examined(one)


def must_be_heads(body: Body, heads: frozenset[UUID]) -> None:
    """处罚法57: those who deliberate are heads of the agency."""
    if isinstance(body, Deliberated):
        for account in body.heads:
            if account not in heads:
                raise unlawful(problems.HeadUnknown, account=str(account))


def fines_of(step: AnyStep, history: History) -> tuple[tuple[str, UUID], ...]:
    """Subject and finding of each fine that the step decides, where the conduct comes from a finding."""
    if not isinstance(step.body, Decided | DecidedOnTheSpot) or step.party is None:
        return ()
    fines = [one for one in step.body.sanctions if one.kind is SanctionKind.FINE]
    named = {one.conduct for one in fines if one.conduct} or (conducts_of(step) if fines else frozenset())
    findings = {history.conducts[one].finding for one in named}
    return tuple((history.parties[step.party].subject, one) for one in findings if one is not None)
