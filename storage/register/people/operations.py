"""The only acts that change persons of mines, their posts and qualifications; where they work is in workplaces.py.

Nothing here is overwritten: a number, an account and an end are filled in once, and the database refuses a second time.
"""

from datetime import date
from typing import Any
from uuid import UUID

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import to_ms
from storage.record.sheets import Imported
from storage.record.work import Work
from storage.register.people import importing, queries, rules
from storage.register.people.importing import Change, PersonRow
from storage.register.people.queries import MineScope
from storage.register.people.rules import NumberMark, PostFacts, QualificationFacts
from storage.register.people.tables import Craft, Person, Post, Qualification, QualificationKind


async def register_person(
    work: Work,
    *,
    mine_id: UUID,
    name: str,
    number: NumberMark | None = None,
    account_id: UUID | None = None,
    sample: bool = False,
) -> Person:
    """Enters a person into the register of one mine; he needs no account for it.

    Raises NotFound for an unseen mine or account, PersonAlreadyKnown, AccountElsewhere, AccountAlreadyLinked, BadInput.
    """
    mine = await queries.mine_to_staff(work, mine_id)
    work.actor.require(Verb.PERSON_REGISTER, **mine.told)
    if account_id is not None and not await queries.account_belongs_to(work, account_id, mine.id):
        raise rules.AccountElsewhere()
    person = Person(
        id=ids.new_id(to_ms(work.now)), name=rules.text_of(name, field="name", most=80),
        number_hash=number.hash if number else None, number_tail=number.tail if number else None,
        account_id=account_id, registered_at=work.now, sample=sample, **mine.told,
    )  # fmt: skip
    await add_rows(work.sql, [person])
    _record_person(work, person)
    return person


async def person_again(work: Work, person_id: UUID) -> Person:
    """What a replay answers: the person as he stands today."""
    return await queries.person_to_change(work, person_id)


async def link_account(work: Work, *, person_id: UUID, account_id: UUID) -> Person:
    """Links a person to the account of the same mine with which he signs in, so that he sees himself; once.

    Raises NotFound, AccountElsewhere, AccountAlreadyLinked.
    """
    person = await queries.person_to_change(work, person_id)
    work.actor.require(Verb.PERSON_REGISTER, **scope_of(person))
    if not await queries.account_belongs_to(work, account_id, person.mine_id):
        raise rules.AccountElsewhere()
    if person.account_id is not None:
        raise rules.AccountAlreadyLinked()
    person.account_id = account_id
    await change_rows(work.sql, [person], "account_id")
    work.record("person.linked", person.id, data={"account": str(account_id)}, **scope_of(person))
    return person


async def take_post(work: Work, *, person_id: UUID, post: PostFacts) -> Post:
    """Lets a person take a post at his mine. One that overlaps another post of his is flagged and kept.

    Raises NotFound, CraftMissing, DaysOutOfOrder, PrincipalInOffice, BadInput.
    """
    person = await queries.person_to_change(work, person_id)
    mine = await queries.mine_to_staff(work, person.mine_id)
    work.actor.require(Verb.PERSON_PLACE, **mine.told)
    rules.must_be_takable(post)
    rules.must_be_the_only_principal(post, await queries.principals_of(work, mine.id))
    flagged = rules.overlapping(post, await queries.posts_of(work.sql, [person.id]))
    row = importing.new_post(
        post, mine, id=ids.new_id(to_ms(work.now)), person_id=person.id, now=work.now, flagged=flagged
    )  # fmt: skip
    await add_rows(work.sql, [row])
    _record_post(work, row)
    return row


async def post_again(work: Work, post_id: UUID) -> Post:
    """What a replay answers: the post as it stands today."""
    return await queries.post_to_end(work, post_id)


async def leave_post(work: Work, *, post_id: UUID, last_day: date) -> Post:
    """Records the last day of a post, once. Raises NotFound, AlreadyEnded, DaysOutOfOrder."""
    post = await queries.post_to_end(work, post_id)
    work.actor.require(Verb.PERSON_PLACE, **scope_of(post))
    rules.must_be_running(post.ended_at)
    rules.must_be_in_order(post.from_day, last_day)
    post.to_day, post.ended_at = last_day, work.now
    await change_rows(work.sql, [post], "to_day", "ended_at")
    _record_leaving(work, post)
    return post


async def add_qualification(work: Work, *, person_id: UUID, facts: QualificationFacts) -> Qualification:
    """Enters a certificate of a person; an expired one too, since that it expired is a fact.

    Raises NotFound, CraftMissing, DaysOutOfOrder, BadInput.
    """
    person = await queries.person_to_change(work, person_id)
    work.actor.require(Verb.PERSON_QUALIFY, **scope_of(person))
    facts = rules.must_be_valid(facts)
    row = importing.new_qualification(
        facts, MineScope(person.mine_id, person.county, person.office), id=ids.new_id(to_ms(work.now)),
        person_id=person.id, now=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    _record_qualification(work, row)
    return row


async def qualification_again(work: Work, qualification_id: UUID) -> Qualification:
    """What a replay answers: the qualification as it stands today."""
    return await queries.qualification_to_withdraw(work, qualification_id)


async def withdraw_qualification(work: Work, *, qualification_id: UUID, reason: str) -> Qualification:
    """Records that a certificate was withdrawn, and why; once. Raises NotFound, AlreadyEnded, BadInput."""
    qualification = await queries.qualification_to_withdraw(work, qualification_id)
    work.actor.require(Verb.PERSON_QUALIFY, **scope_of(qualification))
    rules.must_be_running(qualification.ended_at)
    qualification.end_reason = rules.text_of(reason, field="reason", most=500)
    qualification.ended_at = work.now
    await change_rows(work.sql, [qualification], "ended_at", "end_reason")
    data = {"person": str(qualification.person_id), "reason": qualification.end_reason}
    work.record("qualification.withdrawn", qualification.id, data=data, **scope_of(qualification))
    return qualification


async def disqualify(
    work: Work, *, person_id: UUID, kind: QualificationKind, craft: Craft | None, reason: str
) -> list[Qualification]:
    """Ends all certificates of one kind that a person holds for his post; by the head of an agency, for a reason.

    Raises NotFound, NotAllowed, BadInput. Whoever holds none loses none.
    """
    person = await queries.person_to_change(work, person_id)
    work.actor.require(Verb.PERSON_DISQUALIFY, **scope_of(person))
    said = rules.text_of(reason, field="reason", most=500)
    held = await queries.qualifications_to_end(work, person_id=person.id, kind=kind, craft=craft)
    for qualification in held:
        qualification.ended_at, qualification.end_reason = work.now, said
        data = {"person": str(person.id), "reason": said}
        work.record("qualification.withdrawn", qualification.id, data=data, **scope_of(qualification))
    await change_rows(work.sql, held, "ended_at", "end_reason")
    return held


async def import_people(
    work: Work, *, credit_code: str, rows: list[PersonRow], skip_refused: bool = False, sample: bool = False
) -> list[Imported]:
    """Enters what a sheet says of the people of one mine: all of it or, if a row is refused, nothing of it.

    With `skip_refused` the other rows are entered all the same. A sheet that is entered already changes nothing. The
    statements are as many for 2,000 rows as for one. Raises NotFound for an unseen mine, NotAllowed.
    """
    mine = await queries.mine_of_code(work.sql, credit_code, lock=True)
    work.actor.require(Verb.PERSON_REGISTER, **mine.told)
    roster = await queries.roster_of(work.sql, mine.id)
    plan = importing.plan(rows, roster, mine=mine, now=work.now, sample=sample)
    if plan.refused and not skip_refused:
        return plan.answers
    change = plan.change
    await add_rows(work.sql, change.persons)
    await change_rows(work.sql, change.numbered, "number_hash", "number_tail")
    await change_rows(work.sql, change.left, "to_day", "ended_at")
    await add_rows(work.sql, change.posts)
    await add_rows(work.sql, change.qualifications)
    _record_import(work, change)
    return plan.answers


def _record_import(work: Work, change: Change) -> None:
    """One entry for each fact, the same as if each had been entered by itself."""
    for person in change.persons:
        _record_person(work, person)
    for person in change.numbered:
        work.record("person.numbered", person.id, **scope_of(person))
    for post in change.left:
        _record_leaving(work, post)
    for post in change.posts:
        _record_post(work, post)
    for qualification in change.qualifications:
        _record_qualification(work, qualification)


def _record_person(work: Work, person: Person) -> None:
    # Neither the hash nor any character of the number goes into the ledger, where it would stay.
    data: dict[str, Any] = {"mine": str(person.mine_id), "name": person.name,
                            "numbered": person.number_tail is not None, "sample": person.sample}  # fmt: skip
    if person.account_id is not None:
        data["account"] = str(person.account_id)
    work.record("person.registered", person.id, data=data, **scope_of(person))


def _record_post(work: Work, post: Post) -> None:
    data = {"mine": str(post.mine_id), "person": str(post.person_id), "post": str(post.kind),
            "from": post.from_day.isoformat(), "flags": post.flags}  # fmt: skip
    if post.craft is not None:
        data["craft"] = str(post.craft)
    if post.to_day is not None:
        data["to"] = post.to_day.isoformat()
    work.record("post.taken", post.id, data=data, **scope_of(post))


def _record_leaving(work: Work, post: Post) -> None:
    data = {"person": str(post.person_id), "post": str(post.kind), "to": str(post.to_day)}
    work.record("post.left", post.id, data=data, **scope_of(post))


def _record_qualification(work: Work, qualification: Qualification) -> None:
    data = {
        "mine": str(qualification.mine_id), "person": str(qualification.person_id),
        "kind": str(qualification.kind), "issuer": qualification.issuer,
        "from": qualification.valid_from.isoformat(), "to": qualification.valid_to.isoformat(),
    }  # fmt: skip
    if qualification.craft is not None:
        data["craft"] = str(qualification.craft)
    work.record("qualification.added", qualification.id, data=data, **scope_of(qualification))


def scope_of(row: Any) -> dict[str, Any]:
    """The scope of a row of this area, as verbs and entries take it."""
    return {"mine_id": row.mine_id, "county": row.county, "office": row.office}
