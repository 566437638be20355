"""What may live here: persons of mines with their posts and qualifications in GraphQL; the acts are in people_acts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, derived, query
from graphql_schema.context import Context, Info
from graphql_schema.defects import law_of
from graphql_schema.enums import labelled
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Law
from storage.register.people import queries, rules
from storage.register.people import tables as rows
from storage.register.people.tables import Craft, ExamCategory, PostFlag, PostKind, QualificationKind, Validity

for kind, told in (
    (PostKind, "A post at a mine."),
    (Craft, "A kind of special operation."),
    (QualificationKind, "What shows that somebody may hold a post."),
    (ExamCategory, "As what somebody is examined: the post decides."),
    (PostFlag, "What is remarkable about a post; it is kept all the same."),
    (Validity, "How a qualification stands on a day of Asia/Shanghai."),
):
    labelled(kind, description=told)


async def _persons(context: Context, ids: list[UUID]) -> Iterable[rows.Person]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.persons_by_id(sql, ids)


async def _posts(context: Context, person_ids: list[UUID]) -> Iterable[rows.Post]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.posts_of(sql, person_ids)


async def _qualifications(context: Context, person_ids: list[UUID]) -> Iterable[rows.Qualification]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.qualifications_of(sql, person_ids)


async def _elsewhere(context: Context, person_ids: list[UUID]) -> Iterable[tuple[UUID, rows.Person]]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.elsewhere(sql, person_ids)


person_by_id = loaders.one(_persons, key=lambda row: row.id)
posts_of_person = loaders.many(_posts, key=lambda row: row.person_id)
qualifications_of_person = loaders.many(_qualifications, key=lambda row: row.person_id)
elsewhere_of_person = loaders.many(_elsewhere, key=lambda row: row[0])


@strawberry.type(description="A post that somebody holds from one day to another, both included (Asia/Shanghai).")
class Post:
    """A post that somebody holds."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="Its id, for `leavePost`.")
    kind: PostKind = strawberry.field(description="Which post.")
    craft: Craft | None = strawberry.field(description="Which kind of special operation, for special operators.")
    from_day: date = strawberry.field(description="The first day.")
    to_day: date | None = strawberry.field(description="The last day, once it is known.")
    flags: list[PostFlag] = strawberry.field(description="What is remarkable about it.")
    recorded_at: datetime = strawberry.field(description="When it was entered.")
    ended_at: datetime | None = strawberry.field(description="When its end was entered.")
    row: strawberry.Private[rows.Post]

    @classmethod
    def of(cls, row: rows.Post) -> "Post":
        """Tell a row."""
        return cls(
            id=global_id("Post", row.id), uuid=row.id, kind=PostKind(row.kind),
            craft=Craft(row.craft) if row.craft else None, from_day=row.from_day, to_day=row.to_day,
            flags=[PostFlag(one) for one in row.flags], recorded_at=row.recorded_at, ended_at=row.ended_at, row=row,
        )  # fmt: skip

    @derived(description="Who holds it.")
    async def person(self, info: Info) -> "Person | None":
        row = await person_by_id(info.context, self.row.person_id)
        return Person.of(row) if row else None


@strawberry.type(description="A certificate with its validity, both days included (Asia/Shanghai).")
class Qualification:
    """A certificate with its validity."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="Its id, for `withdrawQualification`.")
    kind: QualificationKind = strawberry.field(description="What it is.")
    craft: Craft | None = strawberry.field(description="For which kind of special operation.")
    number: str = strawberry.field(description="Its number; an identity number in it is blotted out but for four.")
    issuer: str = strawberry.field(description="Who issued it.")
    valid_from: date = strawberry.field(description="The first day on which it is valid.")
    valid_to: date = strawberry.field(description="The last day on which it is valid.")
    validity: Validity = strawberry.field(description="How it stands today.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was withdrawn, if it was.")
    withdrawn_reason: str | None = strawberry.field(description="Why it was withdrawn.")

    @classmethod
    def of(cls, row: rows.Qualification, law: Law, now: datetime) -> "Qualification":
        """Tell a row as it stands now."""
        return cls(
            id=global_id("Qualification", row.id), uuid=row.id, kind=QualificationKind(row.kind),
            craft=Craft(row.craft) if row.craft else None, number=row.number, issuer=row.issuer,
            valid_from=row.valid_from, valid_to=row.valid_to, validity=rules.validity_on(row, law, day_of(now)),
            withdrawn_at=row.ended_at, withdrawn_reason=row.end_reason,
        )  # fmt: skip


@strawberry.type(description="A person in the register of one mine. His identity number is shown to nobody.")
class Person(Node):
    """A person in the register of one mine."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    mine_id: strawberry.ID = strawberry.field(description="The id of the mine in whose register he stands.")
    name: str = strawberry.field(description="His name.")
    number_tail: str | None = strawberry.field(description="The last four characters of his identity number, if given.")
    account_id: strawberry.ID | None = strawberry.field(description="The id of the account that is linked to him.")
    registered_at: datetime = strawberry.field(description="When he was entered.")
    sample: bool = strawberry.field(description="Whether he is invented.")

    @classmethod
    def of(cls, row: rows.Person) -> "Person":
        """Tell a row."""
        return cls(
            id=global_id("Person", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id), name=row.name,
            number_tail=row.number_tail, registered_at=row.registered_at, sample=row.sample,
            account_id=global_id("Account", row.account_id) if row.account_id else None,
        )  # fmt: skip

    @derived(description="All his posts, newest first.")
    async def posts(self, info: Info) -> list[Post]:
        return [Post.of(row) for row in await posts_of_person(info.context, self.uuid)]

    @derived(description="All his qualifications, the longest valid first; also expired and withdrawn ones.")
    async def qualifications(self, info: Info) -> list[Qualification]:
        law, now = await law_of(info.context), info.context.now()
        return [Qualification.of(row, law, now) for row in await qualifications_of_person(info.context, self.uuid)]

    @derived(description="As what he is examined today.")
    async def exam_categories(self, info: Info) -> list[ExamCategory]:
        posts = await posts_of_person(info.context, self.uuid)
        return rules.categories_on(posts, day_of(info.context.now()))

    @derived(description="The same person in the registers of other mines, as far as you see them.")
    async def elsewhere(self, info: Info) -> list["Person"]:
        return [Person.of(row) for _, row in await elsewhere_of_person(info.context, self.uuid)]


async def person(context: Context, id: UUID) -> Person | None:
    """Fetch the node of a UUID."""
    row = await person_by_id(context, id)
    return Person.of(row) if row else None


@strawberry.type
class PersonQuery:
    """Lists of people of mines."""

    @query(access=needs(Verb.PERSON_READ), description="The people of mines that you may see, by name.")
    async def people(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        mine_id: Annotated[UUID | None, strawberry.argument(description="Only of this mine.")] = None,
        post: Annotated[PostKind | None, strawberry.argument(description="Only who holds this post on `on`.")] = None,
        category: Annotated[
            ExamCategory | None, strawberry.argument(description="Only who is examined as this on `on`.")
        ] = None,
        expiring_before: Annotated[
            date | None,
            strawberry.argument(description="Only with a qualification that ends before this day and has no follower."),
        ] = None,
        on: Annotated[date | None, strawberry.argument(description="The day of posts; today if left out.")] = None,
    ) -> Connection[Person] | None:
        page, actor = pages.page(first, after, last, before, by_name=True), info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            found = await queries.people_visible_to(
                sql, actor, day=on or day_of(info.context.now()), limit=page.limit, behind=page.key,
                backwards=page.backwards, mine_id=mine_id, post=post, category=category,
                expiring_before=expiring_before,
            )  # fmt: skip
        return pages.connection(found, page, node=Person.of, key=lambda row: (row.name, row.id))

    @query(access=signed_in, description="Yourself in the registers of mines, if your account is linked.")
    async def own_persons(self, info: Info) -> list[Person] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            return [Person.of(row) for row in await queries.own_persons(sql, actor)]

    @query(access=needs(Verb.PERSON_READ), description="Who held a post of a mine on a day.")
    async def post_holders(
        self,
        info: Info,
        mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")],
        post: Annotated[PostKind, strawberry.argument(description="Which post.")],
        on: Annotated[date, strawberry.argument(description="The day, of Asia/Shanghai.")],
    ) -> list[Post] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return [Post.of(row) for row in await queries.post_on(sql, mine_id=mine_id, kind=post, day=on)]


AREA = Area(query=PersonQuery, nodes={"Person": person}, types=(Person,))
