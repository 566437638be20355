"""The only acts that write requests: filing by anybody, each step of the agency, and what the asker adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import told
from storage.record.work import Work
from storage.register.provisions import queries as provisions
from storage.trust.disclosures.copies import texts
from storage.trust.lists import queries as lists
from storage.trust.lists.rules import Agency
from storage.trust.requests import keeping, queries, rules
from storage.trust.requests.queries import RequestRow, StepRow
from storage.trust.requests.receipts import Receipt
from storage.trust.requests.rules import Part
from storage.trust.requests.tables import (
    AnswerPart,
    Request,
    RequestContact,
    RequestKind,
    RequestState,
    RequestStepKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What somebody asks. `disclosure_id` of an error; of information whom he asks (`agency`)."""

    kind: RequestKind
    words: str = field(repr=False)
    contact: str = field(default="", repr=False)
    disclosure_id: UUID | None = None
    agency: Agency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicWords:
    """Question and answer as the public reads them; searched for what must not stand there."""

    question: str
    answer: str


async def file_request(work: Work, *, filing: Filing, receipt: Receipt) -> str:
    """Takes in what anybody asks, without an account; its number, by which its clock is public.

    Raises BadInput, NotFound (a disclosure that is not shown, an agency that is none), RequestFiledBefore.
    """
    rules.must_say("words", filing.words, rules.LONGEST_WORDS)
    rules.must_be_a_contact(filing.contact)
    agency = await keeping.agency_asked(work, filing.kind, filing.disclosure_id, filing.agency)
    law = await provisions.law_of(work.sql)
    clock = rules.clock_of(law, filing.kind, work.now, ())
    row = Request(
        id=uuid4(), number=await keeping.next_number(work), kind=filing.kind, county=agency.county,
        office=agency.office, disclosure_id=filing.disclosure_id, words=filing.words.strip(),
        locator=receipt.locator, secret_hash=receipt.digest(), filed_at=work.now, state=clock.state,
        due_on=clock.due_on, over_at=clock.over_at,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    if filing.contact.strip():
        await add_rows(work.sql, [RequestContact(request_id=row.id, contact=filing.contact.strip())])
    name = await lists.name_of(work.sql, agency, day_of(work.now))
    await keeping.begin_public(work, row, agency=name, article=clock.article)
    said = {"number": row.number, "kind": row.kind.value, "digest": keeping.digest_of(row.words)}
    said |= {"disclosure": str(filing.disclosure_id)} if filing.disclosure_id else {}
    work.record("request.filed", row.id, data=said, county=row.county, office=row.office or None)
    return row.number


async def clarify_request(work: Work, *, receipt: Receipt, words: str) -> RequestRow:
    """What the asker says to what he was asked; the time begins anew with it (公开条例30). NotFound, NothingAsked."""
    seen = await queries.own_request(work.sql, receipt)
    row = await queries.request_to_change(work, seen.id)
    rules.may_be_clarified(RequestState(row.state))
    rules.must_say("words", words, rules.LONGEST_WORDS)
    return await _step(work, row, RequestStepKind.CLARIFIED, words, asker=True)


async def ask_request(work: Work, *, request_id: UUID, words: str) -> RequestRow:
    """Asks once what is unclear. Raises NotAllowed, RequestClosed, AskedBefore, TooLateToAsk, BadInput."""
    row, steps = await _to_answer(work, request_id)
    rules.may_be_asked(await provisions.law_of(work.sql), row.filed_at, queries.taken(steps), work.now)
    rules.must_say("words", words, rules.LONGEST_REASON)
    return await _step(work, row, RequestStepKind.ASKED, words)


async def consult_request(work: Work, *, request_id: UUID, words: str) -> RequestRow:
    """Asks a third party whom it concerns; his time is not counted. RequestUnclear, ConsultedBefore, RequestClosed."""
    row, steps = await _to_answer(work, request_id)
    rules.may_be_consulted(RequestKind(row.kind), RequestState(row.state), queries.taken(steps))
    rules.must_say("words", words, rules.LONGEST_REASON)
    return await _step(work, row, RequestStepKind.CONSULTED, words)


async def hear_request(work: Work, *, request_id: UUID, words: str) -> RequestRow:
    """What the third party said, from which day the time runs on. NobodyConsulted, RequestClosed."""
    row, _ = await _to_answer(work, request_id)
    rules.may_be_heard(RequestState(row.state))
    rules.must_say("words", words, rules.LONGEST_REASON)
    return await _step(work, row, RequestStepKind.HEARD, words)


async def extend_request(work: Work, *, request_id: UUID, reason: str) -> RequestRow:
    """A head gives it twenty working days more, with a reason that anybody reads (公开条例33).

    Raises NotAllowed, RequestClosed, ExtendedBefore, ExtensionTooLate, PersonalDataFound, BadInput.
    """
    row, steps = await _to_answer(work, request_id, Verb.REQUEST_EXTEND)
    clock = rules.clock_of(await provisions.law_of(work.sql), RequestKind(row.kind), row.filed_at, queries.taken(steps))
    rules.may_be_extended(RequestKind(row.kind), clock, work.now)
    rules.must_say("reason", reason, rules.LONGEST_REASON)
    await _must_be_clean(work, row, {"reason": reason})
    return await _step(work, row, RequestStepKind.EXTENDED, reason, public={"extension_reason": reason.strip()})


async def answer_request(
    work: Work, *, request_id: UUID, parts: Sequence[Part], public: PublicWords | None
) -> RequestRow:
    """Answers each part: given, refused by its article, not held; an error corrected, or why it is none.

    Raises NotAllowed, RequestClosed, RequestUnclear, AnswerUnfit, AskerStillHasTime, NothingWasCorrected,
    PersonalDataFound (in what is worded for the public), BadInput.
    """
    row, _ = await _to_answer(work, request_id)
    rules.must_answer(RequestKind(row.kind), RequestState(row.state), parts)
    if any(one.kind is AnswerPart.CORRECTED for one in parts):
        await _must_be_corrected(work, row)
    shown: dict[str, Any] = {"grounds": rules.grounds_of(parts), "closed_on": day_of(work.now)}
    shown["late"] = row.due_on is not None and day_of(work.now) > row.due_on
    shown["outcome"] = rules.outcome_of(parts).value
    if public is not None:
        worded = {"question": public.question.strip(), "answer": public.answer.strip()}
        for name, said in worded.items():
            rules.must_say(name, said, rules.LONGEST_ANSWER)
        await _must_be_clean(work, row, worded)
        shown |= worded | {"disclosure_id": row.disclosure_id}
    return await _step(work, row, RequestStepKind.ANSWERED, "", parts=parts, public=shown)


async def open_contact(work: Work, *, request_id: UUID) -> str:
    """How whoever asked wants to be reached: a name leaves the record, so it leaves a trace. NoContactKept."""
    row = await queries.request_again(work, request_id)
    work.actor.require(Verb.REQUEST_OPEN_CONTACT, county=row.county, office=row.office or None)
    contact = await queries.contact_of(work.sql, row.id)
    if contact is None:
        raise rules.NoContactKept()
    work.record("request.contact_opened", row.id, county=row.county, office=row.office or None)
    return contact


async def _to_answer(
    work: Work, request_id: UUID, verb: Verb = Verb.REQUEST_ANSWER
) -> tuple[RequestRow, list[StepRow]]:
    row = await queries.request_to_change(work, request_id)
    work.actor.require(verb, county=row.county, office=row.office or None)
    rules.must_be_open(RequestState(row.state))
    return row, await queries.steps_of(work.sql, [row.id])


async def _step(
    work: Work, row: RequestRow, kind: RequestStepKind, words: str, *, parts: Sequence[Part] = (),
    asker: bool = False, public: Mapping[str, Any] | None = None,
) -> RequestRow:  # fmt: skip
    """One step with its trace; state and time follow from all steps, in the row and in what anybody reads."""
    by_id = None if asker else work.actor.account_id
    said = canonical(told(tuple(parts))).decode()
    step = await keeping.keep_step(work, row, kind, words.strip(), said, by_id=by_id, id=ids.new_id(to_ms(work.now)))
    data: dict[str, Any] = {
        "number": row.number,
        "ordinal": step.ordinal,
        "digest": keeping.digest_of(step.words + said),
    }
    if parts:
        data["outcome"] = rules.outcome_of(parts).value
    work.record(f"request.{kind.value.lower()}", row.id, data=data, county=row.county, office=row.office or None)
    law, steps = await provisions.law_of(work.sql), await queries.steps_of(work.sql, [row.id])
    clock = rules.clock_of(law, RequestKind(row.kind), row.filed_at, queries.taken(steps))
    await keeping.keep_clock(work, row, clock, outcome=data.get("outcome"), public=public or {})
    return await queries.request_again(work, row.id)


async def _must_be_clean(work: Work, row: RequestRow, said: Mapping[str, str]) -> None:
    """What anybody reads holds no number, address or name: neither of the register, nor what the asker left."""
    named = await lists.named_in(work.sql, "\n".join(said.values()))
    contact = await queries.contact_of(work.sql, row.id)
    texts.must_be_clean(said, names=(*named, *keeping.words_of(contact or "")), known=())


async def _must_be_corrected(work: Work, row: RequestRow) -> None:
    if row.disclosure_id is None or not await queries.was_corrected(work.sql, row.disclosure_id, row.filed_at):
        raise rules.NothingWasCorrected()
