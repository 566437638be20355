"""The acts on entries of the blacklist: proposed, told, answered, decided, withdrawn; and what is previewed."""

from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.promises.breaches import queries as breaches
from storage.promises.commitments.rules import must_be_sealed
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.problems import BadInput
from storage.record.work import Work
from storage.register.people import queries as people
from storage.trust.credit import listing_rules as rules
from storage.trust.credit import queries
from storage.trust.credit.listing_rules import Proposal
from storage.trust.credit.operations import scope_of
from storage.trust.credit.rules import clock_of, must_have_words
from storage.trust.credit.tables import Listing, ListingFault, ListingState
from storage.trust.disclosures import crediting, gathering
from storage.trust.disclosures import queries as disclosed
from storage.trust.disclosures import rules as disclosing
from storage.trust.disclosures.copies import blacklistings
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.blacklistings import Blacklisting
from storage.trust.disclosures.copies.mines import MineNamed
from storage.trust.disclosures.gathering import OfDecision
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.tables import DisclosureState, SourceKind

WITHDRAWN: dict[ListingFault, str] = {
    ListingFault.DECISION_FELL: "列入所依据的行政处罚决定已被撤销或者变更，撤销列入",
    ListingFault.LISTED_IN_ERROR: "列入有误，撤销列入",
}
"""What the public reads of an entry that was taken back."""


async def propose_listing(work: Work, *, proposal: Proposal) -> Listing:
    """An officer proposes an entry on a penalty of his agency (谁处罚谁决定), or takes up a breach's proposal.

    Raises BadInput, NotFound, ListingNotGrounded, ListedBefore; NotAllowed.
    """
    file = await cases.case_to_change(work, await disclosed.case_of(work.sql, proposal.decision))
    work.actor.require(Verb.BLACKLIST_PROPOSE, **scope_of(file.row))
    must_have_words(proposal.words)
    ruling = file.history.by_id[proposal.decision]
    rules.must_rest_on(ruling, file.history, file.law, ground=proposal.ground, today=day_of(work.now),
                       grade=disclosing.class_of(ruling, file.law))  # fmt: skip
    posts = (await queries.person_of_mine(work, proposal.person, file.row.mine_id))[1] if proposal.person else ()
    penalised = file.history.parties[ruling.party].subject if ruling.party in file.history.parties else ""
    rules.must_be_liable(proposal, posts=posts, party=penalised, person=str(proposal.person))
    if proposal.consequence is not None:
        consequence = await breaches.consequence_again(work, proposal.consequence)
        rules.must_come_from(proposal, consequence, mine_id=file.row.mine_id)
    listing = Listing(
        id=ids.new_id(to_ms(work.now)), subject=proposal.subject, subject_id=proposal.person or file.row.mine_id,
        person_id=proposal.person, decision_id=proposal.decision, case_id=file.row.id,
        consequence_id=proposal.consequence, ground=proposal.ground, article=rules.ARTICLE_OF[proposal.ground],
        words=proposal.words.strip(), state=ListingState.PROPOSED, proposed_by=work.actor.account_id,
        proposed_at=work.now, law=file.law.edition, **scope_of(file.row),
    )  # fmt: skip
    await add_rows(work.sql, [listing])
    work.record("blacklist.proposed", listing.id, data=_told(listing), **scope_of(listing))
    return listing


async def tell_party(work: Work, *, listing_id: UUID, how: str, piece: UUID | None = None) -> Listing:
    """The party is told beforehand what is proposed, why, and that it may answer; its time runs from then on.

    Raises BadInput, NotFound, PartyTold, ListingDecided, EvidenceNotSealed; NotAllowed.
    """
    listing = await queries.to_change(work, Listing, listing_id)
    work.actor.require(Verb.BLACKLIST_TELL, **scope_of(listing))
    must_have_words(how, "how")
    rules.must_be_tellable(listing)
    await _must_be_sealed(work, listing, [piece] if piece else [])
    listing.telling, listing.told_piece, listing.state = how.strip(), piece, ListingState.TOLD
    listing.told_by, listing.told_at = work.actor.account_id, work.now
    law = (await cases.file_of(work.sql, listing.case_id)).law
    ends = clock_of(law, rules.ANSWERED, day_of(work.now))
    decided = clock_of(law, rules.DECIDED, ends.ends) if ends else None
    listing.answer_ends = ends.ends if ends else None
    listing.due_on, listing.over_at = (decided.ends, decided.over_at()) if decided else (None, None)
    data = {"how": listing.telling, **({"piece": str(piece)} if piece else {}),
            **({"answer_ends": ends.ends.isoformat()} if ends else {})}  # fmt: skip
    work.record("blacklist.told", listing.id, data=data, **scope_of(listing))
    return listing


async def answer_listing(
    work: Work, *, listing_id: UUID, words: str, evidence: tuple[UUID, ...] = (), heard: bool = False
) -> Listing:
    """What the party says, once: by its principal's or the person's own account, or `heard` by an officer.

    Raises BadInput, NotFound, PartyNotTold, PartyAnswered, ListingDecided, NotTheParty, EvidenceNotSealed; NotAllowed.
    """
    listing = await queries.to_change(work, Listing, listing_id)
    await _must_speak_for(work, listing, heard=heard, own=Verb.BLACKLIST_ANSWER)
    must_have_words(words)
    rules.must_be_answerable(listing)
    rules.must_bring(evidence)
    await _must_be_sealed(work, listing, evidence)
    listing.answer, listing.evidence, listing.heard = words.strip(), list(evidence), heard
    listing.answered_by, listing.answered_at = work.actor.account_id, work.now
    data = {"words": listing.answer, "evidence": [str(one) for one in evidence], "heard": heard}
    work.record("blacklist.answered", listing.id, data=data, **scope_of(listing))
    return listing


async def decide_listing(
    work: Work, *, listing_id: UUID, enter: bool, words: str, digest: bytes | None = None, wording: Wording
) -> Listing:
    """Another than who proposed it decides. An entry is public from that minute on, as it was previewed.

    Raises BadInput, NotFound, PartyNotTold, CreditTakesTwo, ListingDecided; of an entry also CopyStale,
    ListingNotGrounded, NotPublishable, PersonalDataFound; NotAllowed.
    """
    listing = await queries.to_change(work, Listing, listing_id)
    work.actor.require(Verb.BLACKLIST_DECIDE, **scope_of(listing))
    must_have_words(words)
    rules.must_be_decidable(listing, decider=work.actor.account_id, today=day_of(work.now))
    if enter != (digest is not None):
        raise BadInput(field="digest", reason="enter")
    listing.entered, listing.decision = enter, words.strip()
    listing.decided_by, listing.decided_at = work.actor.account_id, work.now
    listing.state = ListingState.LISTED if enter else ListingState.NOT_LISTED
    late = listing.over_at is not None and listing.over_at <= work.now
    data: dict[str, Any] = {"entered": enter, "words": listing.decision, "late": late}
    found = await _of_decision(work, listing) if enter else None
    if found is not None:
        listing.until = rules.last_day(found.file.law, day_of(work.now))
        copy = copy_of(listing, found, await _name_of(work.sql, listing), work.now, wording)
        disclosing.must_be_previewed(copy.digest, digest or b"")
        listing.disclosure_id = crediting.new_permalink()
        data |= {"until": listing.until.isoformat(), "disclosure": str(listing.disclosure_id)}
    work.record("blacklist.decided", listing.id, data=data, **scope_of(listing))
    if found is not None:  # The stream of what is public is locked last of all.
        await _show(work, listing, found, copy)
    return listing


async def withdraw_listing(work: Work, *, listing_id: UUID, fault: ListingFault, words: str) -> Listing:
    """Takes an entry back that should not have been: its penalty fell, or it was wrong. Nobody reads it any more.

    Raises BadInput, NotFound, NotListed; NotAllowed.
    """
    listing = await queries.to_change(work, Listing, listing_id)
    work.actor.require(Verb.BLACKLIST_WITHDRAW, **scope_of(listing))
    must_have_words(words)
    rules.must_be_listed(listing)
    found = await _of_decision(work, listing, standing=False)
    rules.must_be_wrong(fault, fell=found.fell)
    listing.state, listing.ended_at = ListingState.WITHDRAWN, work.now
    listing.withdrawn_for, listing.withdrawal = fault, words.strip()
    listing.withdrawn_by, listing.withdrawn_at = work.actor.account_id, work.now
    data = {"fault": fault.value, "words": listing.withdrawal}
    work.record("blacklist.withdrawn", listing.id, data=data, **scope_of(listing))
    await end_shown(work, listing, DisclosureState.WITHDRAWN, WITHDRAWN[fault])
    return listing


async def looked_at(sql: "asyncpg.Connection[Any]", listing: Listing, now: Any, wording: Wording) -> Copy:
    """The copy that an entry would publish today, for a preview: nothing is locked or stored."""
    found = await gathering.looked_at(sql, SourceKind.DECISION, listing.decision_id)
    if not isinstance(found, OfDecision):
        raise LookupError(listing.decision_id)
    listing.until = rules.last_day(found.file.law, day_of(now))
    return copy_of(listing, found, await _name_of(sql, listing), now, wording)


def copy_of(listing: Listing, found: OfDecision, name: str | None, now: Any, wording: Wording) -> Copy:
    """The copy of an entry that begins now."""
    mine = found.mine
    if listing.until is None:
        raise LookupError(listing.id)
    source = Blacklisting(
        agency=found.agency, person=name, number=found.number, decided_on=day_of(found.ruling.at),
        mine=MineNamed(id=mine.id, name=mine.name, credit_code=mine.credit_code, county=mine.county),
        ground=str(listing.ground), article=listing.article, facts=listing.words, listed_on=day_of(now),
        until=listing.until, names=found.names,
    )  # fmt: skip
    return blacklistings.blacklisting(source, anew=dict(wording.anew), of_age=wording.of_age)


async def end_shown(work: Work, listing: Listing, state: DisclosureState, reason: str) -> None:
    """Its disclosure ends with it."""
    if listing.disclosure_id is not None:
        await crediting.end(work, disclosure_id=listing.disclosure_id, state=state, basis=rules.ORDER_11, reason=reason)


async def must_speak_for(work: Work, listing: Listing, *, received: bool, own: Verb) -> None:
    """The party itself, or an officer who takes down what it brings."""
    await _must_speak_for(work, listing, heard=received, own=own)


async def _show(work: Work, listing: Listing, found: OfDecision, copy: Copy) -> None:
    if listing.disclosure_id is None or listing.until is None:
        raise LookupError(listing.id)
    await crediting.publish_listing(
        work, id=listing.disclosure_id, listing_id=listing.id, case_id=listing.case_id, mine=found.mine, copy=copy,
        basis=listing.article, until=listing.until,
    )  # fmt: skip


async def _of_decision(work: Work, listing: Listing, *, standing: bool = True) -> OfDecision:
    """The penalty on which it rests, its case locked; an entry needs one that still stands."""
    found = await gathering.gathered(work, SourceKind.DECISION, listing.decision_id)
    if not isinstance(found, OfDecision):
        raise LookupError(listing.decision_id)
    if standing:
        rules.must_rest_on(found.ruling, found.file.history, found.file.law, ground=listing.ground,
                           grade=disclosing.class_of(found.ruling, found.file.law), today=day_of(work.now))  # fmt: skip
    return found


async def _name_of(sql: "asyncpg.Connection[Any]", listing: Listing) -> str | None:
    return await queries.name_of_person(sql, listing.person_id) if listing.person_id else None


async def _must_speak_for(work: Work, listing: Listing, *, heard: bool, own: Verb) -> None:
    if heard:
        work.actor.require(Verb.BLACKLIST_TELL, **scope_of(listing))
        return
    work.actor.require(own, mine_id=listing.mine_id)
    principal = await people.principal_account(work.sql, listing.mine_id, day_of(work.now))
    person = await queries.account_of_person(work, listing.person_id)
    rules.must_be_the_party(listing, account=work.actor.account_id, principal=principal, person=person)


async def _must_be_sealed(work: Work, listing: Listing, pieces: Any) -> None:
    must_be_sealed(pieces, await queries.sealed_among(work, pieces, listing.mine_id))


def _told(listing: Listing) -> dict[str, Any]:
    """The proposal as its entry holds it: a person by his id, never by his name."""
    told = {
        "subject": listing.subject.value, "subject_id": str(listing.subject_id), "decision": str(listing.decision_id),
        "case": str(listing.case_id), "ground": listing.ground.value, "article": listing.article,
        "words": listing.words,
    }  # fmt: skip
    return told | ({"consequence": str(listing.consequence_id)} if listing.consequence_id else {})
