"""The copy of an inspection's result: counts of what was found and ordered, and nothing that a person wrote; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from storage.trust.disclosures.copies.allowed import Copy, TakenOut, TakenOutFor, composed
from storage.trust.disclosures.copies.mines import MineNamed, registered
from storage.trust.disclosures.problems import NotPublishable, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind

_BY_SPLITTING = "政府信息公开条例第三十七条"
# Why an inspection was opened may lead to whoever reported: it is told of none.
_LEFT_OUT = (
    TakenOut(member="basis", article="政府信息公开条例第十五条", why=TakenOutFor.LEADS_TO_A_REPORTER),
    TakenOut(member="reason", article="政府信息公开条例第十五条", why=TakenOutFor.LEADS_TO_A_REPORTER),
    TakenOut(member="officers", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
    TakenOut(member="facts", article=_BY_SPLITTING, why=TakenOutFor.NOT_ON_THE_LIST),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of a kind, by its name; of measures also how many are closed, of findings how many are major."""

    kind: str
    name: str
    count: int
    of_these: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionResult:
    """What the record counts of an inspection; `lacking` findings lack something, and no result rests on them yet."""

    id: UUID
    inspected_on: date
    agency: str
    mine: MineNamed
    findings: Sequence[Counted]
    measures: Sequence[Counted]
    lacking: int


def result(source: InspectionResult) -> Copy:
    """公开条例20(13), 26: what the inspection found and ordered; NotPublishable while a finding lacks something."""
    if source.lacking:
        raise NotPublishable(member="findings", reason=Unpublishable.LACKING)
    members: dict[str, Any] = {
        "agency": source.agency, "county": source.mine.county, "inspected_on": source.inspected_on.isoformat(),
        "mine": registered(source.mine),
        "findings": {
            "total": sum(one.count for one in source.findings), "major": sum(one.of_these for one in source.findings),
            "by_kind": [{"kind": one.kind, "name": one.name, "count": one.count} for one in source.findings],
        },
        "measures": [
            {"kind": one.kind, "name": one.name, "count": one.count, "closed": one.of_these} for one in source.measures
        ],
    }  # fmt: skip
    return Copy(
        kind=DisclosureKind.RESULT, content=composed(DisclosureKind.RESULT, members), taken_out=_LEFT_OUT, worded=(),
    )  # fmt: skip
