"""What may live here: the acts on people of mines in GraphQL, on their posts and qualifications."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.defects import law_of
from graphql_schema.errors import Problem, problem_field
from graphql_schema.register.people import Person, Post, Qualification
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.register.people import operations
from storage.register.people.rules import PostFacts, QualificationFacts, number_mark
from storage.register.people.tables import Craft, PostKind, QualificationKind

OPERATION_ID = "Made by the client; the same id again is the same act."


@strawberry.input(description="A person to enter into the register of a mine.")
class RegisterPersonInput:
    """A person to enter."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    name: str = strawberry.field(description="His name, 1 to 80 characters.")
    number: str | None = strawberry.field(
        default=None, description="His identity number (GB 11643-1999). Only its last four characters are ever shown."
    )
    account_id: UUID | None = strawberry.field(default=None, description="The UUID of his account, if he has one.")


@strawberry.input(description="An account to link to a person.")
class LinkAccountInput:
    """An account to link to a person."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    person_id: UUID = strawberry.field(description="The UUID of the person.")
    account_id: UUID = strawberry.field(description="The UUID of an account of the same mine.")


@strawberry.input(description="A post to take.")
class TakePostInput:
    """A post to take."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    person_id: UUID = strawberry.field(description="The UUID of the person.")
    post: PostKind = strawberry.field(description="Which post.")
    craft: Craft | None = strawberry.field(
        default=None, description="Which special operation; only, and always, there."
    )
    from_day: date = strawberry.field(description="The first day, of Asia/Shanghai.")
    to_day: date | None = strawberry.field(default=None, description="The last day, if it is known already.")


@strawberry.input(description="A post to leave.")
class LeavePostInput:
    """A post to leave."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    post_id: UUID = strawberry.field(description="The UUID of the post.")
    last_day: date = strawberry.field(description="The last day, of Asia/Shanghai.")


@strawberry.input(description="A certificate to enter.")
class AddQualificationInput:
    """A certificate to enter."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    person_id: UUID = strawberry.field(description="The UUID of the person.")
    kind: QualificationKind = strawberry.field(description="What it is.")
    craft: Craft | None = strawberry.field(
        default=None, description="For which special operation; only, always, there."
    )
    number: str = strawberry.field(description="Its number, 1 to 60 characters; an identity number is blotted out.")
    issuer: str = strawberry.field(description="Who issued it, 1 to 100 characters.")
    valid_from: date = strawberry.field(description="The first day on which it is valid.")
    valid_to: date = strawberry.field(description="The last day on which it is valid.")


@strawberry.input(description="A certificate that was withdrawn.")
class WithdrawQualificationInput:
    """A certificate that was withdrawn."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    qualification_id: UUID = strawberry.field(description="The UUID of the qualification.")
    reason: str = strawberry.field(description="Why, 1 to 500 characters.")


@strawberry.type(description="What came of entering a person.")
class RegisterPersonPayload:
    """What came of entering a person."""

    person: Person | None = strawberry.field(default=None, description="The person as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of linking an account.")
class LinkAccountPayload:
    """What came of linking an account."""

    person: Person | None = strawberry.field(default=None, description="The person as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of taking a post.")
class TakePostPayload:
    """What came of taking a post."""

    post: Post | None = strawberry.field(default=None, description="The post as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of leaving a post.")
class LeavePostPayload:
    """What came of leaving a post."""

    post: Post | None = strawberry.field(default=None, description="The post as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of entering a certificate.")
class AddQualificationPayload:
    """What came of entering a certificate."""

    qualification: Qualification | None = strawberry.field(default=None, description="The qualification as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of a withdrawal.")
class WithdrawQualificationPayload:
    """What came of a withdrawal."""

    qualification: Qualification | None = strawberry.field(default=None, description="The qualification as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type
class PersonMutation:
    """Acts on people of mines."""

    @mutation(access=needs(Verb.PERSON_REGISTER), description="Enter a person into the register of a mine.")
    async def register_person(
        self, info: Info, input: Annotated[RegisterPersonInput, strawberry.argument(description="The person.")]
    ) -> RegisterPersonPayload | None:
        context, mark = info.context, number_mark(input.number, key=info.context.means.numbers)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.person_again,
            operations.register_person, mine_id=input.mine_id, name=input.name, number=mark,
            account_id=input.account_id,
        )  # fmt: skip
        return RegisterPersonPayload(person=Person.of(row))

    @mutation(access=needs(Verb.PERSON_REGISTER), description="Link a person to his account, so that he sees himself.")
    async def link_account(
        self, info: Info, input: Annotated[LinkAccountInput, strawberry.argument(description="Which.")]
    ) -> LinkAccountPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.person_again,
            operations.link_account, person_id=input.person_id, account_id=input.account_id,
        )  # fmt: skip
        return LinkAccountPayload(person=Person.of(row))

    @mutation(access=needs(Verb.PERSON_PLACE), description="Let a person take a post; an overlap is flagged.")
    async def take_post(
        self, info: Info, input: Annotated[TakePostInput, strawberry.argument(description="The post.")]
    ) -> TakePostPayload | None:
        context = info.context
        post = PostFacts(kind=input.post, craft=input.craft, from_day=input.from_day, to_day=input.to_day)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.post_again,
            operations.take_post, person_id=input.person_id, post=post,
        )  # fmt: skip
        return TakePostPayload(post=Post.of(row))

    @mutation(access=needs(Verb.PERSON_PLACE), description="Record the last day of a post.")
    async def leave_post(
        self, info: Info, input: Annotated[LeavePostInput, strawberry.argument(description="Which, and when.")]
    ) -> LeavePostPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.post_again,
            operations.leave_post, post_id=input.post_id, last_day=input.last_day,
        )  # fmt: skip
        return LeavePostPayload(post=Post.of(row))

    @mutation(access=needs(Verb.PERSON_QUALIFY), description="Enter a certificate; an expired one too.")
    async def add_qualification(
        self, info: Info, input: Annotated[AddQualificationInput, strawberry.argument(description="The certificate.")]
    ) -> AddQualificationPayload | None:
        context = info.context
        facts = QualificationFacts(
            kind=input.kind, craft=input.craft, number=input.number, issuer=input.issuer, valid_from=input.valid_from,
            valid_to=input.valid_to,
        )  # fmt: skip
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.qualification_again,
            operations.add_qualification, person_id=input.person_id, facts=facts,
        )  # fmt: skip
        return AddQualificationPayload(qualification=Qualification.of(row, await law_of(context), context.now()))

    @mutation(access=needs(Verb.PERSON_QUALIFY), description="Record that a certificate was withdrawn.")
    async def withdraw_qualification(
        self, info: Info, input: Annotated[WithdrawQualificationInput, strawberry.argument(description="Which, why.")]
    ) -> WithdrawQualificationPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.qualification_again,
            operations.withdraw_qualification, qualification_id=input.qualification_id, reason=input.reason,
        )  # fmt: skip
        return WithdrawQualificationPayload(qualification=Qualification.of(row, await law_of(context), context.now()))


AREA = Area(mutation=PersonMutation)
