"""What the law says of publishing: how long it is shown, who may publish, when it is taken down; pure."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from uuid import UUID

from storage.casework.cases.bodies.after import Result
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot, ReviewSubmitted
from storage.casework.cases.history import History
from storage.casework.cases.rulings import Ruling, filings_of, outcome_of, runs_of
from storage.casework.cases.sanctions import NEEDS_NOTHING_DONE, fine_in
from storage.casework.cases.steps import SanctionKind
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of
from storage.record.law.parameters import NotInForce
from storage.record.problems import BadInput
from storage.trust.disclosures import problems
from storage.trust.disclosures.tables import DisclosureState

SHOWN = (DisclosureState.SHOWN, DisclosureState.DISPUTED)
LONGEST_REASON = 1_000
_GRAVE = frozenset({SanctionKind.LICENCE_REVOKED, SanctionKind.SHUT_DOWN, SanctionKind.BARRED})


class PenaltyClass(StrEnum):
    """How grave a penalty is for its party's credit (令36 of 2025)."""

    SLIGHT = "SLIGHT"
    ORDINARY = "ORDINARY"
    GRAVE = "GRAVE"


class WithholdingGround(StrEnum):
    """Why something is not published (处罚法48; 公开条例14–16; 令36)."""

    NO_SOCIAL_IMPACT = "NO_SOCIAL_IMPACT"
    STATE_SECRET = "STATE_SECRET"  # noqa: S105 # A reason, no password.
    COMMERCIAL_SECRET_OR_PRIVACY = "COMMERCIAL_SECRET_OR_PRIVACY"  # noqa: S105 # As above.
    INTERNAL_MATTER = "INTERNAL_MATTER"
    SLIGHT_PENALTY = "SLIGHT_PENALTY"


class WithdrawalGround(StrEnum):
    """Why a disclosure is taken down: the decision fell; it should never have been shown; it harms somebody."""

    DECISION_FELL = "DECISION_FELL"
    PUBLISHED_IN_ERROR = "PUBLISHED_IN_ERROR"
    HARMS_SOMEBODY = "HARMS_SOMEBODY"


BASIS_OF_PUBLISHING = "行政处罚法第四十八条、安全生产法第七十八条"
BASIS_OF_RESULTS = "政府信息公开条例第二十条、第二十六条"
BASIS_OF_COMMITMENTS = "实施意见三（六）2、政府信息公开条例第二十条"
BASIS_OF_BREACHES = "实施意见三（六）2、政府信息公开条例第二十条、第二十六条"
BASIS_OF_CORRECTING = "政府信息公开条例第六条"
BASIS_OF_DISPUTING = "行政处罚法第四十八条"
BASIS_OF_EXPIRY = "信用修复管理办法（国家发展和改革委员会令第36号）"
BASIS_OF_REPAIR = BASIS_OF_EXPIRY
BASIS_OF: dict[WithdrawalGround, str] = {
    WithdrawalGround.DECISION_FELL: "行政处罚法第四十八条",
    WithdrawalGround.PUBLISHED_IN_ERROR: "政府信息公开条例第六条",
    WithdrawalGround.HARMS_SOMEBODY: "个人信息保护法第四十七条",
}
"""The article of each ground, as the public reads it."""


ARTICLE_OF: dict[WithholdingGround, str] = {
    WithholdingGround.NO_SOCIAL_IMPACT: "行政处罚法第四十八条",
    WithholdingGround.STATE_SECRET: "政府信息公开条例第十四条",
    WithholdingGround.COMMERCIAL_SECRET_OR_PRIVACY: "政府信息公开条例第十五条",
    WithholdingGround.INTERNAL_MATTER: "政府信息公开条例第十六条",
    WithholdingGround.SLIGHT_PENALTY: BASIS_OF_EXPIRY,
}
"""The article by which a duty is answered with nothing."""


def class_of(ruling: Ruling, law: Law) -> PenaltyClass:
    """轻微: on the spot, or nothing but a warning or criticism; 严重: a licence, a bar, a huge fine; else 一般."""
    sanctions, day = ruling.body.sanctions, day_of(ruling.at)
    if any(one.kind in _GRAVE for one in sanctions) or fine_in(sanctions) >= law.number("huge_fine", day):
        return PenaltyClass.GRAVE
    if isinstance(ruling.body, DecidedOnTheSpot) or all(one.kind in NEEDS_NOTHING_DONE for one in sanctions):
        return PenaltyClass.SLIGHT
    return PenaltyClass.ORDINARY


def shown_until(ruling: Ruling, law: Law) -> date | None:
    """The last day on which it is shown (令36, 令58): the longest period of its class, from the decision."""
    try:
        return deadline_of(law, f"shown_{class_of(ruling, law).value.lower()}", ruling.at).ends
    except NotInForce:  # Decided before any text gave a period: nothing ends by itself.
        return None


def is_changed(ruling: Ruling, history: History) -> bool:
    """Whether a reconsideration or suit changed it (处罚法48): what was published is no longer what holds."""
    ended = (outcome_of(one, history) for one in filings_of(ruling, history))
    return any(one is not None and one.body.result is Result.CHANGED for one in ended)


def must_not_be_its_author(account: UUID, ruling: Ruling, history: History, drafters: Collection[UUID]) -> None:
    """Four eyes: neither who decided, nor who submitted the draft, nor who wrote or issued its paper publishes it."""
    drafts = {one.by for one in history.of(ReviewSubmitted, party=ruling.party)} if ruling.party else set()
    made = {one.account for one in ruling.officers} if isinstance(ruling.body, DecidedOnTheSpot) else set()
    if account in {ruling.by, *drafts, *drafters, *made}:
        raise problems.PublishedByItsAuthor()


def must_be_of_others(account: UUID, authors: Collection[UUID]) -> None:
    """Four eyes: whoever had a hand in it does not publish it."""
    if account in authors:
        raise problems.PublishedByItsAuthor()


def must_be_previewed(now: bytes, previewed: bytes) -> None:
    """What is published is what the officer saw."""
    if now != previewed:
        raise problems.CopyStale(digest=now.hex())


def must_be_shown(state: DisclosureState) -> None:
    """Only what is shown is corrected, disputed or taken down."""
    if state not in SHOWN:
        raise problems.NotShown(state=state.value)


def must_be_taken_down(state: DisclosureState) -> None:
    """Only what was withdrawn is restored: what expired is over, and what was repaired is a matter of credit."""
    if state in SHOWN:
        raise problems.StillShown()
    if state is DisclosureState.REPAIRED:
        raise problems.RepairStands()
    if state is DisclosureState.EXPIRED:
        raise problems.NotShown(state=state.value)


def must_be_disputed(ruling: Ruling, history: History) -> None:
    """复议法; 行诉法: something against the decision was filed and has not ended."""
    if not runs_of(ruling, history):
        raise problems.NothingDisputed()


def must_be_reasoned(ground: WithdrawalGround, reason: str, *, fell: bool) -> None:
    """处罚法48: the public reads why; that the decision fell is not for the officer to claim."""
    if not reason.strip() or len(reason) > LONGEST_REASON or (ground is WithdrawalGround.DECISION_FELL and not fell):
        raise problems.WithdrawalUnreasoned()


def must_say(field: str, words: str) -> None:
    """A reason in words that the public reads."""
    if not words.strip() or len(words) > LONGEST_REASON:
        raise BadInput(field=field, reason=f"1-{LONGEST_REASON}")
