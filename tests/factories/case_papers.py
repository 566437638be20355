"""Papers of a case at a desk: issued for its steps, a word wherever people must write, approved by its head."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from storage.casework.cases.bodies.deciding import Served
from storage.casework.papers import operations, signing
from storage.casework.papers.bodies import Value
from storage.casework.papers.operations import Draft
from storage.casework.papers.rules import PaperFieldMissing
from storage.casework.papers.signing import Signing
from storage.casework.papers.tables import PaperSubject, SignedWay
from storage.record.actor import Actor
from storage.record.clock import to_ms
from storage.record.law import forms
from storage.record.work import perform
from tests.factories.cases import BY_HAND
from tests.factories.desk import Desk
from tests.factories.papers import STROKES
from tests.sites import NOW

DECISION, CLOSING, CONTENTS = "行政处罚决定书（单位）", "结案审批表", "卷内目录"
APPROVER = "审批人"


async def on_paper(desk: Desk, form: str, *, by: Actor | None = None, at: datetime = NOW, **given: Any) -> UUID:
    """A paper with a word in each field that must be filled and that the record leaves to people."""
    usual: dict[str, Any] = {"subject_kind": PaperSubject.CASE, "subject_id": desk.id}
    must = [one for one in forms.form_sets()[-1].forms[form].fields if one.must]
    fields: dict[str, Value] = {}
    id, database, who = uuid4(), desk.site.database, by or desk.check.lead
    for _ in range(2 * len(must)):
        draft = Draft(id=id, form=form, fields=dict(fields), **(usual | given))
        await perform(database, who, at, operations.draft_paper, draft=draft)
        try:
            await perform(database, who, at, operations.issue_paper, paper_id=id)
        except PaperFieldMissing as missing:
            fields[str(missing.parameters["field"])] = "见卷"
        else:
            return id
    raise AssertionError(fields)


async def approve(desk: Desk, paper: UUID, *, at: datetime = NOW) -> UUID:
    """The head signs at his place."""
    by_hand = Signing(place=APPROVER, way=SignedWay.HAND, at=to_ms(at), strokes=STROKES)
    await perform(desk.site.database, desk.head, at, signing.sign_paper, paper_id=paper, signing=by_hand)
    return paper


async def serve(desk: Desk, decision: UUID, *, at: datetime = NOW, by: Actor | None = None) -> UUID:
    """The decision on paper, and that it was handed over; the step."""
    await on_paper(desk, DECISION, at=at, step_id=decision)
    served = desk.taking(Served(decision=decision, delivery=BY_HAND))
    await desk.again(served, at=at, by=by)
    return served.id
