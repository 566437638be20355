"""The acts by which an entry of the blacklist is left early, restored where fraud got that, and ends by its time."""

from typing import Any
from uuid import UUID

from storage.promises.commitments.rules import must_be_sealed
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.law import Law
from storage.record.law.deadlines import deadline_of
from storage.record.work import Work
from storage.register.provisions import queries as provisions
from storage.trust.credit import listing_rules as rules
from storage.trust.credit import listings, queries
from storage.trust.credit.listing_rules import ORDER_11
from storage.trust.credit.operations import scope_of
from storage.trust.credit.rules import clock_of, must_be_granted, must_have_words
from storage.trust.credit.tables import FraudGround, Listing, ListingState, Removal
from storage.trust.disclosures import crediting
from storage.trust.disclosures.tables import DisclosureState

LEFT = "提前移出严重失信主体名单，停止公示和共享"
"""What the public reads of an entry that was left early."""
BACK: dict[FraudGround, str] = {
    FraudGround.FALSE_PROOF: "提前移出所据材料虚假，恢复列入",
    FraudGround.FACTS_HIDDEN: "申请提前移出时隐瞒事实，恢复列入",
    FraudGround.PLEDGE_BROKEN: "违反信用承诺，恢复列入",
}
_OVER = """
SELECT id FROM blacklistings WHERE state = 'LISTED' AND until < $1 ORDER BY until, id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_EXPIRE = "UPDATE blacklistings SET state = 'EXPIRED', ended_at = $2 WHERE id = $1"
# Whoever is listed and holds a post, by mine: only what moved is written, so that a page is made anew for nothing else.
_COUNT = """
INSERT INTO public_listed AS p (mine_id, people, changes, counted_at)
SELECT t.mine_id, t.people, 1, $1 FROM (
  SELECT mine_id, coalesce(n.people, 0) AS people FROM (
    SELECT w.mine_id, count(DISTINCT coalesce(encode(l.number_hash, 'hex'), l.id::text)) AS people
    FROM blacklistings b JOIN persons l ON l.id = b.person_id
    JOIN persons h ON h.id = l.id OR h.number_hash = l.number_hash JOIN posts w ON w.person_id = h.id
    WHERE b.state = 'LISTED' AND w.from_day <= $2 AND (w.to_day IS NULL OR w.to_day >= $2) GROUP BY w.mine_id
  ) n FULL JOIN (SELECT mine_id FROM public_listed) m USING (mine_id)
) t LEFT JOIN public_listed o ON o.mine_id = t.mine_id WHERE t.people <> coalesce(o.people, 0)
ON CONFLICT (mine_id) DO UPDATE SET people = EXCLUDED.people, changes = p.changes + 1, counted_at = EXCLUDED.counted_at
"""


async def ask_removal(
    work: Work, *, listing_id: UUID, words: str, proof: tuple[UUID, ...] = (), received: bool = False
) -> Removal:
    """The party asks to leave the list early, after twelve months; `received`: an officer takes down what it brings.

    Raises BadInput, NotFound, NotListed, RemovalTooEarly, RemovalAskedBefore, NotTheParty, EvidenceNotSealed.
    """
    listing = await queries.to_change(work, Listing, listing_id)
    await listings.must_speak_for(work, listing, received=received, own=Verb.BLACKLIST_LEAVE)
    must_have_words(words)
    rules.must_be_listed(listing)
    law = await provisions.law_of(work.sql)
    rules.must_be_left_in_time(deadline_of(law, rules.LEFT_AFTER, await _since(work, listing)), today=day_of(work.now))
    rules.must_bring(proof)
    must_be_sealed(proof, await queries.sealed_among(work, proof, listing.mine_id))
    removal = _removal(work, listing, law, words=words, proof=proof, received=received)
    await add_rows(work.sql, [removal])
    data = {"listing": str(listing.id), "words": removal.words, "proof": [str(one) for one in proof],
            "received": received}  # fmt: skip
    work.record("blacklist.removal_asked", removal.id, data=data, **scope_of(listing))
    return removal


async def decide_removal(work: Work, *, removal_id: UUID, grant: bool, words: str) -> Removal:
    """Another decides, once; what is granted is shown no more from that minute on.

    Raises BadInput, NotFound, RemovalDecided, CreditTakesTwo, NotListed; NotAllowed.
    """
    listing = await queries.to_change(work, Listing, await _listing_of(work, removal_id))
    removal = await queries.to_change(work, Removal, removal_id)
    work.actor.require(Verb.BLACKLIST_DECIDE, **scope_of(removal))
    must_have_words(words)
    rules.must_be_undecided(removal, decider=work.actor.account_id)
    removal.granted, removal.decision = grant, words.strip()
    removal.decided_by, removal.decided_at = work.actor.account_id, work.now
    late = removal.over_at is not None and removal.over_at <= work.now
    data = {"granted": grant, "words": removal.decision, "late": late}
    if grant:
        rules.must_be_listed(listing)
        listing.state, listing.ended_at = ListingState.REMOVED, work.now
    work.record("blacklist.removal_decided", removal.id, data=data, **scope_of(listing))
    if grant:
        work.record("blacklist.removed", listing.id, data={"removal": str(removal.id)}, **scope_of(listing))
        await listings.end_shown(work, listing, DisclosureState.REPAIRED, LEFT)
    return removal


async def restore_listing(work: Work, *, removal_id: UUID, ground: FraudGround, words: str) -> Removal:
    """Another than who granted it takes a removal back that fraud got: listed again, for three years from now on.

    Raises BadInput, NotFound, NothingGranted, CreditTakesTwo, NotShown, NotPublishable; NotAllowed.
    """
    listing = await queries.to_change(work, Listing, await _listing_of(work, removal_id))
    removal = await queries.to_change(work, Removal, removal_id)
    work.actor.require(Verb.BLACKLIST_RESTORE, **scope_of(removal))
    must_have_words(words)
    must_be_granted(granted=removal.granted, restored=removal.restored_at is not None, by=work.actor.account_id,
                    decider=removal.decided_by, article=ORDER_11)  # fmt: skip
    removal.restored_for, removal.restoration = ground, words.strip()
    removal.restored_by, removal.restored_at = work.actor.account_id, work.now
    law = await provisions.law_of(work.sql)
    listing.state, listing.ended_at = ListingState.LISTED, None
    listing.until = rules.last_day(law, day_of(work.now))
    data = {"ground": ground.value, "words": removal.restoration}
    work.record("blacklist.removal_undone", removal.id, data=data, **scope_of(listing))
    told = {"removal": str(removal.id), "until": listing.until.isoformat()}
    work.record("blacklist.restored", listing.id, data=told, **scope_of(listing))
    if listing.disclosure_id is not None:
        await crediting.show_again(
            work, disclosure_id=listing.disclosure_id, basis=ORDER_11, reason=BACK[ground], until=listing.until
        )
    return removal


async def expire_listings(work: Work, *, limit: int) -> int:
    """Ends the entries whose last day is over; their disclosures end by the same day. Returns how many."""
    rows = await work.sql.fetch(_OVER, day_of(work.now), limit)
    for listing in await queries.listings_by_ids(work.sql, [row["id"] for row in rows]):
        await work.sql.execute(_EXPIRE, listing.id, work.now)
        work.record("blacklist.expired", listing.id, data={}, **scope_of(listing))
    return len(rows)


async def count_listed(work: Work) -> int:
    """Counts who is listed and holds a post, by mine, for the pages that anybody reads; returns how many moved."""
    told = await work.sql.execute(_COUNT, work.now, day_of(work.now))
    return int(told.rpartition(" ")[2])


async def _since(work: Work, listing: Listing) -> Any:
    """The day from which twelve months run: of the entry, or of the restoration that began it anew."""
    restored = [one.restored_at for one in await queries.removals_of(work.sql, [listing.id]) if one.restored_at]
    begun = max([*restored, *([listing.decided_at] if listing.decided_at else [])])
    return day_of(begun)


async def _listing_of(work: Work, removal_id: UUID) -> UUID:
    """Its entry, which is locked first by every act on either."""
    return (await queries.removal_again(work, removal_id)).listing_id


def _removal(work: Work, listing: Listing, law: Law, *, words: str, proof: tuple[UUID, ...], received: bool) -> Removal:
    clock = clock_of(law, rules.REMOVAL_DECIDED, day_of(work.now))
    return Removal(
        id=ids.new_id(to_ms(work.now)), listing_id=listing.id, words=words.strip(), proof=list(proof),
        received=received, asked_by=work.actor.account_id, asked_at=work.now, law=law.edition,
        due_on=clock.ends if clock else None, over_at=clock.over_at() if clock else None, **scope_of(listing),
    )  # fmt: skip
