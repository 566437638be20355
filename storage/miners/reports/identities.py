"""Opening an identity: one officer asks with a reason, another person releases, the reporter is told of both."""

from uuid import UUID, uuid4

from storage.miners.reports import reading, rules
from storage.miners.reports.tables import IdentityRequest
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import hour_of
from storage.record.problems import BadInput
from storage.record.work import Work
from storage.register.people.rules import text_of


async def ask_identity(work: Work, *, report_id: UUID, reason: str) -> IdentityRequest:
    """A verification officer asks for the custodians' half. One open request of one officer stands.

    Raises NotFound, NotAllowed, KeyNotYours, NoIdentity, BadInput.
    """
    report = await reading.report_to_change(work, report_id)
    work.actor.require(Verb.IDENTITY_ASK, county=report.county, office=report.office)
    said = text_of(reason, field="reason", most=rules.LONGEST_REASON)
    own = await reading.key_in_use(work.sql, work.actor.account_id)
    if own is None:
        raise rules.KeyNotYours()
    if not any(one.identity and one.ciphertext for one in await reading.thread_of(work.sql, report_id)):
        raise rules.NoIdentity()
    if (open_one := await reading.request_open(work.sql, report_id, work.actor.account_id, own["id"])) is not None:
        return open_one
    request = IdentityRequest(
        id=uuid4(), report_id=report_id, asked_by=work.actor.account_id, key_id=own["id"], reason=said,
        hour=hour_of(work.now),
    )  # fmt: skip
    await add_rows(work.sql, [request])
    work.record("identity.asked", request.id, data={"report": str(report_id), "reason": said})
    return request


async def release_identity(work: Work, *, request_id: UUID, wrapped: bytes) -> IdentityRequest:
    """A custodian wraps his half for the officer who asked. Again is the same act, by whoever released it.

    Raises NotFound, NotAllowed, SecondPersonNeeded, NoIdentity, BadInput.
    """
    request = await reading.request_to_release(work, request_id)
    report = await reading.report_of(work.sql, request.report_id)
    work.actor.require(Verb.IDENTITY_RELEASE, county=report.county, office=report.office)
    if request.asked_by == work.actor.account_id:
        raise rules.SecondPersonNeeded()
    if request.released_by is not None:
        if request.released_by != work.actor.account_id:
            raise rules.NoIdentity()
        return request
    if len(wrapped) != rules.WRAP_SIZE:
        raise BadInput(field="wrapped", reason=f"{rules.WRAP_SIZE} bytes")
    request.released_by, request.released_hour, request.wrapped = work.actor.account_id, hour_of(work.now), wrapped
    await work.sql.execute(
        "UPDATE identity_requests SET released_by = $2, released_hour = $3, wrapped = $4 WHERE id = $1",
        request.id, request.released_by, request.released_hour, wrapped,
    )  # fmt: skip
    work.record("identity.released", request.id, data={"report": str(report.id), "to": str(request.asked_by)})
    return request
