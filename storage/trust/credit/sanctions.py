"""The acts on joint sanctions: another agency is asked to act on an entry by a day, and what it answered is kept."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import SHANGHAI, day_of, to_ms
from storage.record.work import Work
from storage.trust.credit import listing_rules as rules
from storage.trust.credit import queries
from storage.trust.credit.listing_rules import Asked
from storage.trust.credit.operations import scope_of
from storage.trust.credit.rules import must_have_words
from storage.trust.credit.tables import Listing, Sanction


async def ask_sanction(work: Work, *, listing_id: UUID, asked: Asked) -> Sanction:
    """Asks an agency to act on an entry that stands. Raises BadInput, NotFound, NotListed; NotAllowed."""
    listing = await queries.to_change(work, Listing, listing_id)
    work.actor.require(Verb.SANCTION_ASK, **scope_of(listing))
    rules.must_be_askable(asked, today=day_of(work.now))
    rules.must_be_listed(listing)
    sanction = Sanction(
        id=ids.new_id(to_ms(work.now)), listing_id=listing.id, agency=asked.agency, named=asked.named.strip() or None,
        asked=asked.asked.strip(), basis=asked.basis.strip(), due_on=asked.due_on,
        over_at=datetime.combine(asked.due_on + timedelta(days=1), time(), SHANGHAI),
        asked_by=work.actor.account_id, asked_at=work.now, **scope_of(listing),
    )  # fmt: skip
    await add_rows(work.sql, [sanction])
    data = {"listing": str(listing.id), "agency": sanction.agency.value, "asked": sanction.asked,
            "basis": sanction.basis, "due_on": sanction.due_on.isoformat()}  # fmt: skip
    named = {"named": sanction.named} if sanction.named else {}
    work.record("sanction.asked", sanction.id, data=data | named, **scope_of(listing))
    return sanction


async def answer_sanction(work: Work, *, sanction_id: UUID, done: bool, words: str, on: date) -> Sanction:
    """Keeps what the agency answered: done or not, what or why, on which day. Late is kept all the same.

    Raises BadInput, NotFound, SanctionAnswered, AnswerDayOutside; NotAllowed.
    """
    sanction = await queries.to_change(work, Sanction, sanction_id)
    work.actor.require(Verb.SANCTION_ANSWER, **scope_of(sanction))
    must_have_words(words)
    rules.must_be_an_answer(sanction, on=on, asked_on=day_of(sanction.asked_at), today=day_of(work.now))
    sanction.done, sanction.answer, sanction.answered_on = done, words.strip(), on
    sanction.answered_by, sanction.answered_at = work.actor.account_id, work.now
    data = {"done": done, "words": sanction.answer, "on": on.isoformat()}
    work.record("sanction.answered", sanction.id, data=data, **scope_of(sanction))
    return sanction
