"""The steps of a report at the desks: taken in or not, passed on, handed over, verified, fed back, ended; answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from storage.casework.conduct.recusals import must_not_be_recused, recused_from
from storage.miners.reports import clocks, keeping, reading, rules
from storage.miners.reports.keeping import Rewrap
from storage.miners.reports.operations import Message, key_id
from storage.miners.reports.reading import ReportRow
from storage.miners.reports.tables import ReportDeadline, ReportMessage, ReportStep, ReportStepKind
from storage.record.actor import Actor, Role, Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, hour_of
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.record.work import Work, input_digest
from storage.register.people.rules import text_of
from storage.register.provisions import queries as provisions


async def take_step(
    work: Work, *, report_id: UUID, kind: ReportStepKind, article: str | None = None, passed_to: str | None = None,
    inspection_id: UUID | None = None,
) -> ReportRow:  # fmt: skip
    """Takes a step. What is said to the reporter of it is a message of the thread; here stands the article alone.

    Raises NotFound, NotAllowed, StepOutOfTurn, NotTheSamePerson, BadInput, OfficerRecused. The same step again is
    the same act.
    """
    report = await reading.report_to_change(work, report_id)
    article = None if article is None else text_of(article, field="article", most=200)
    passed_to = None if passed_to is None else text_of(passed_to, field="passedTo", most=200)
    taken = await reading.steps_of(work.sql, report_id)
    if taken and _says(taken[-1]) == (kind, work.actor.account_id, article, passed_to, inspection_id):
        return report
    verb = rules.must_follow(kind, ReportStepKind(report.state))
    work.actor.require(verb, county=report.county, office=report.office)
    rules.must_be_another(verb, work.actor.account_id, ((one.kind, one.by_id) for one in taken))
    _must_say_why(kind, article, passed_to)
    await _must_look_into_it(work, report, [*(one.inspection_id for one in taken), inspection_id])
    step = ReportStep(
        id=uuid4(), report_id=report_id, number=len(taken) + 1, kind=kind, by_id=work.actor.account_id,
        hour=hour_of(work.now), article=article, passed_to=passed_to, inspection_id=inspection_id,
    )  # fmt: skip
    await add_rows(work.sql, [step])
    await _change(work, report, kind)
    data = {"step": str(step.id), "number": step.number} | ({"article": step.article} if step.article else {})
    work.record(ENTRIES[kind], report_id, data=data)
    return await reading.report_of(work.sql, report_id)


def _says(step: ReportStep) -> tuple[ReportStepKind, UUID, str | None, str | None, UUID | None]:
    return step.kind, step.by_id, step.article, step.passed_to, step.inspection_id


async def extend_decision(work: Work, *, report_id: UUID) -> ReportRow:
    """The verification takes thirty days longer; approved by another hand of 受理 (举报办法 2012 §10). Once."""
    report = await reading.report_to_change(work, report_id)
    work.actor.require(Verb.REPORT_ACCEPT, county=report.county, office=report.office)
    if report.state != ReportStepKind.VERIFYING:
        raise rules.StepOutOfTurn(state=report.state)
    law = await provisions.law_of(work.sql)
    row = await work.sql.fetchrow(
        "SELECT start, count FROM report_deadlines WHERE report_id = $1 AND key = $2", report_id, clocks.DECIDED
    )
    if row is None or row["count"] is not None:
        raise rules.StepOutOfTurn(state=report.state)
    count = law.number(clocks.DECIDED, row["start"]) + law.number(clocks.EXTENDED, row["start"])
    found = clocks.clock(law, clocks.DECIDED, row["start"], count=count)
    await work.sql.execute(
        "UPDATE report_deadlines SET count = $3, ends = $4, ends_at = $5, alarm = $6, article = $7"
        " WHERE report_id = $1 AND key = $2",
        report_id, clocks.DECIDED, count, found.ends, found.over_at(), found.alarm, found.article,
    )  # fmt: skip
    work.record("report.extended", report_id, data={"ends": found.ends.isoformat()})
    return report


async def reply(work: Work, *, report_id: UUID, message: Message) -> ReportMessage:
    """A message from the desk, wrapped for the reporter's box, one's own key and `readers_of_reply`.

    Same bytes, same act. Raises NotFound, NotAllowed, MessageTooLarge, RecipientsChanged, NotWrappedForAll,
    MessageIdReused, KeyNotYours.
    """
    report = await reading.report_to_change(work, report_id)
    _must_handle(work, report)
    digest = input_digest(message)
    known = await work.sql.fetchrow("SELECT report_id, digest FROM report_messages WHERE id = $1", message.id)
    row = ReportMessage(
        id=message.id, report_id=report_id, author_id=work.actor.account_id, hour=hour_of(work.now), digest=digest,
        ciphertext=message.ciphertext,
    )  # fmt: skip
    if known is not None:
        if (known["report_id"], known["digest"]) != (report_id, digest):
            raise rules.MessageIdReused()
        return row
    box, own = key_id(report.box_key), await reading.key_in_use(work.sql, work.actor.account_id)
    if own is None:
        raise rules.KeyNotYours()
    others = await readers_of_reply(work.sql, work.actor, report, now=work.now)
    readers = {box, own["id"], *(one.key_id for one in others)}
    rules.must_be_padded(message.ciphertext)
    rules.must_be_wrapped(message.wraps, needed=readers, known=readers)
    await add_rows(work.sql, [row])
    await keeping.add_wraps(work, keeping.whole(message.wraps, message.id))
    work.record("report.answered", report_id, data={"message": str(message.id)})
    return row


async def hand_over(work: Work, *, report_id: UUID, wraps: Sequence[Rewrap]) -> int:
    """受理 hands a report to 核查: the holder's client wrapped its content keys for verification officers in reach.

    Raises NotFound, NotAllowed, StepOutOfTurn, RecipientsChanged, BadInput. Wraps that stand already are left.
    """
    report = await reading.report_to_change(work, report_id)
    work.actor.require(Verb.REPORT_HAND_OVER, county=report.county, office=report.office)
    if report.state not in (ReportStepKind.ACCEPTED, ReportStepKind.VERIFYING):
        raise rules.StepOutOfTurn(state=report.state)
    keys = await reading.keys_of_roles(
        work.sql, [Role.REPORT_VERIFICATION.value], county=report.county, office=report.office, now=work.now
    )
    fit = {row["id"] for row in keys}
    messages = {one.id for one in await reading.thread_of(work.sql, report_id) if not one.identity}
    if any(one.key_id not in fit for one in wraps) or any(one.message_id not in messages for one in wraps):
        raise rules.RecipientsChanged()
    added = await keeping.add_wraps(work, wraps)
    if added:
        to: Mapping[str, object] = {"keys": sorted({str(one.key_id) for one in wraps}), "wraps": added}
        work.record("report.handed_over", report_id, data=dict(to))
    return added


async def readers_of_reply(
    sql: "asyncpg.Connection[Any]", actor: Actor, report: ReportRow, *, now: datetime
) -> list[rules.Holder]:
    """For whom else than the reporter and himself this officer wraps what he writes, as `reply` asks of him."""
    holders = await reading.holders_at_desks(sql, report.id, now=now)
    readers = rules.readers_of_reply(holders, verifies=_verifies(actor, report))
    return [one for one in holders if one.key_id in readers]


def _verifies(actor: Actor, report: ReportRow) -> bool:
    return actor.may(Verb.REPORT_VERIFY, county=report.county, office=report.office)


def _must_say_why(kind: ReportStepKind, article: str | None, passed_to: str | None) -> None:
    if kind is ReportStepKind.NOT_ACCEPTED and article is None:
        raise BadInput(field="article", reason="why it is not taken in (R1)")
    if (kind is ReportStepKind.PASSED_ON) is not (passed_to is not None):
        raise BadInput(field="passedTo", reason="of what is passed on, and of nothing else")


async def _must_look_into_it(work: Work, report: ReportRow, named: Sequence[UUID | None]) -> None:
    """An inspection that a step names is of the report's mine, and whoever was recused from it verifies nothing."""
    inspections = [one for one in named if one is not None]
    if not inspections:
        return
    rows = await work.sql.fetch("SELECT id, mine_id FROM inspections WHERE id = ANY ($1)", inspections)
    if named[-1] is not None and named[-1] not in {row["id"] for row in rows}:
        raise NotFound()
    if any(row["mine_id"] != report.mine_id for row in rows):
        raise BadInput(field="inspectionId", reason="of the mine of the report")
    must_not_be_recused([work.actor.account_id], await recused_from(work.sql, *inspections), work.now)


def _must_handle(work: Work, report: ReportRow) -> None:
    county, office = report.county, report.office
    if not any(work.actor.may(verb, county=county, office=office) for verb in (Verb.REPORT_ACCEPT, Verb.REPORT_VERIFY)):
        raise NotAllowed(verb=Verb.REPORT_ACCEPT.value)


async def _change(work: Work, report: ReportRow, kind: ReportStepKind) -> None:
    """The state, and the clocks that the step meets and begins."""
    today = day_of(work.now)
    ended = today if kind is ReportStepKind.ENDED else None
    await work.sql.execute("UPDATE reports SET state = $2, ended = $3 WHERE id = $1", report.id, kind.value, ended)
    await work.sql.execute(
        "UPDATE report_deadlines SET met_at = $3 WHERE report_id = $1 AND key = ANY ($2) AND met_at IS NULL",
        report.id, clocks.met_by(kind), hour_of(work.now),
    )  # fmt: skip
    begun = clocks.begun_by(kind)
    if begun is not None:
        law = await provisions.law_of(work.sql)
        found = clocks.clock(law, begun, today)
        await add_rows(work.sql, [
            ReportDeadline(
                report_id=report.id, key=begun, start=today, article=found.article, ends=found.ends,
                ends_at=found.over_at(), alarm=found.alarm, law=law.edition,
            )
        ])  # fmt: skip


ENTRIES = {
    ReportStepKind.ACCEPTED: "report.accepted",
    ReportStepKind.NOT_ACCEPTED: "report.not_accepted",
    ReportStepKind.PASSED_ON: "report.passed_on",
    ReportStepKind.VERIFYING: "report.verifying",
    ReportStepKind.SUBSTANTIATED: "report.substantiated",
    ReportStepKind.UNSUBSTANTIATED: "report.unsubstantiated",
    ReportStepKind.FED_BACK: "report.fed_back",
    ReportStepKind.ENDED: "report.ended",
}


async def open_file(work: Work, *, file_id: UUID) -> "asyncpg.Record":
    """Where an encrypted file lies, for whoever handles the report; that its bytes leave is an entry."""
    row = await reading.file_of(work.sql, file_id)
    _must_handle(work, await reading.report_of(work.sql, row["report_id"]))
    work.record("report.file_opened", row["report_id"], data={"file": str(file_id)})
    return row
