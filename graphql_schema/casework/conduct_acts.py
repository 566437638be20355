"""What may live here: the acts on matters of conduct in GraphQL: opening each kind of matter, and its next step."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, identity, mutation
from graphql_schema.casework.conduct import ConductMatter
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.scalars import Position
from storage.casework.conduct import operations
from storage.casework.conduct.history import Asked, Complainant, Opening
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind
from storage.record.actor import Verb
from storage.record.work import perform

_OWN_ID = "Made by the client; the same id with the same content is the same act."
_OFFICER = "The account of the officer whom it is about."
_SUBJECT = "The UUID of the inspection, scheme, exam or case, where it is about one."
_MINE = "The UUID of the mine, where it is about one."


async def _open(info: Info, opening: Opening) -> ConductMatter:
    context = info.context
    row = await perform(context.database, context.signed_in(), context.now(), operations.open_matter, opening=opening)
    return ConductMatter.of(row)


@strawberry.input(description="An event for which it is to be found whether an officer did his duty (尽职免责).")
class OpenExemptionInput:
    """An event for which exemption is to be found."""

    id: UUID = strawberry.field(description=_OWN_ID)
    officer_id: UUID = strawberry.field(description=_OFFICER)
    about: About = strawberry.field(description="ACCIDENT, CASE, COMPLAINT or INSPECTION.")
    words: str = strawberry.field(description="What happened, 4 to 4,000 characters.")
    subject_id: UUID | None = strawberry.field(default=None, description=_SUBJECT)
    mine_id: UUID | None = strawberry.field(default=None, description=_MINE)
    reference: str = strawberry.field(default="", description="The number or name of the event.")
    as_of: Position | None = strawberry.field(
        default=None, description="The size of a shown checkpoint up to which the record is looked at; else the newest."
    )

    def opening(self) -> Opening:
        """The matter as storage takes it."""
        return Opening(
            id=self.id, kind=MatterKind.EXEMPTION, officer_id=self.officer_id, words=self.words, about=self.about,
            subject_id=self.subject_id, mine_id=self.mine_id, reference=self.reference, as_of=self.as_of,
        )  # fmt: skip


@strawberry.input(description="A proposal that an organ hold an officer to account (问责建议).")
class ProposeAccountabilityInput:
    """A proposal that an organ hold an officer to account."""

    id: UUID = strawberry.field(description=_OWN_ID)
    officer_id: UUID = strawberry.field(description=_OFFICER)
    words: str = strawberry.field(description="The facts, 4 to 4,000 characters.")
    grounds: list[str] = strawberry.field(description="The basis: keys of `conductGrounds(of: ACCOUNTABILITY)`.")
    about: About = strawberry.field(default=About.OTHER, description="What it is about.")
    subject_id: UUID | None = strawberry.field(default=None, description=_SUBJECT)
    mine_id: UUID | None = strawberry.field(default=None, description=_MINE)
    reference: str = strawberry.field(default="", description="The number or name of what it is about.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="The pieces that show the facts.")

    def opening(self) -> Opening:
        """The matter as storage takes it."""
        return Opening(
            id=self.id, kind=MatterKind.PROPOSAL, officer_id=self.officer_id, words=self.words, about=self.about,
            subject_id=self.subject_id, mine_id=self.mine_id, reference=self.reference, grounds=tuple(self.grounds),
            evidence=tuple(self.evidence_ids),
        )  # fmt: skip


@strawberry.input(description="Who complained; kept apart, and never told to the officer.")
class ComplainantInput:
    """Who complained."""

    name: str = strawberry.field(description="The name, as it was given.")
    contact: str = strawberry.field(default="", description="How to reach them.")


@strawberry.input(description="A complaint about an officer.")
class ComplainAboutOfficerInput:
    """A complaint about an officer."""

    id: UUID = strawberry.field(description=_OWN_ID)
    officer_id: UUID = strawberry.field(description=_OFFICER)
    words: str = strawberry.field(description="The complaint, 4 to 4,000 characters.")
    complainant: ComplainantInput | None = strawberry.field(
        default=None, description="Who complained, if it is somebody else than you and that was said."
    )
    about: About = strawberry.field(default=About.OTHER, description="What it is about.")
    subject_id: UUID | None = strawberry.field(default=None, description=_SUBJECT)
    mine_id: UUID | None = strawberry.field(default=None, description=_MINE)
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="The pieces that show it.")

    def opening(self) -> Opening:
        """The matter as storage takes it."""
        who = self.complainant
        return Opening(
            id=self.id, kind=MatterKind.COMPLAINT, officer_id=self.officer_id, words=self.words, about=self.about,
            subject_id=self.subject_id, mine_id=self.mine_id, evidence=tuple(self.evidence_ids),
            complainant=Complainant(name=who.name, contact=who.contact) if who else None,
        )  # fmt: skip


@strawberry.input(description="A request that an officer take no part (回避), outside a case.")
class RequestRecusalInput:
    """A request that an officer take no part."""

    id: UUID = strawberry.field(description=_OWN_ID)
    officer_id: UUID = strawberry.field(description="The account of the officer: yours, or of one who checks you.")
    about: About = strawberry.field(description="INSPECTION, SCHEME or EXAM.")
    subject_id: UUID = strawberry.field(description="The UUID of it.")
    words: str = strawberry.field(description="Why, 4 to 4,000 characters.")
    grounds: list[str] = strawberry.field(
        default_factory=list, description="Keys of `conductGrounds(of: RECUSAL)`, where one fits."
    )

    def opening(self) -> Opening:
        """The matter as storage takes it."""
        return Opening(
            id=self.id, kind=MatterKind.RECUSAL, officer_id=self.officer_id, words=self.words, about=self.about,
            subject_id=self.subject_id, grounds=tuple(self.grounds),
        )  # fmt: skip


@strawberry.input(description="The next step of a matter of conduct.")
class TakeConductStepInput:
    """The next step of a matter of conduct."""

    id: UUID = strawberry.field(description=_OWN_ID)
    matter_id: UUID = strawberry.field(description="The UUID of the matter.")
    kind: ConductTurn = strawberry.field(description="What is done.")
    words: str = strawberry.field(description="What is said, 4 to 4,000 characters.")
    outcome: ConductOutcome | None = strawberry.field(
        default=None, description="Of FOUND, OUTCOME_RECORDED, REPLIED and DECIDED: what it is."
    )
    grounds: list[str] = strawberry.field(
        default_factory=list, description="Of FOUND: keys of `conductGrounds(of: EXEMPTION)`."
    )
    organ: str = strawberry.field(default="", description="Of PASSED_ON: the organ that decides.")
    at: datetime | None = strawberry.field(default=None, description="Of a fact: when it was; now if left out.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="The pieces that it names.")

    def asked(self) -> Asked:
        """The step as storage takes it."""
        return Asked(
            id=self.id, kind=self.kind, words=self.words, at=self.at, outcome=self.outcome,
            grounds=tuple(self.grounds), organ=self.organ, evidence=tuple(self.evidence_ids),
        )  # fmt: skip


@strawberry.type(description="What came of it: an event whose diligence is to be judged.")
class OpenExemptionPayload:
    """What came of opening an exemption."""

    matter: ConductMatter | None = strawberry.field(default=None, description="The matter as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it: a proposal of accountability.")
class ProposeAccountabilityPayload:
    """What came of proposing accountability."""

    matter: ConductMatter | None = strawberry.field(default=None, description="The matter as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it: a complaint about an officer.")
class ComplainAboutOfficerPayload:
    """What came of a complaint."""

    matter: ConductMatter | None = strawberry.field(default=None, description="The matter as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it: a request that an officer take no part.")
class RequestRecusalPayload:
    """What came of a request for recusal."""

    matter: ConductMatter | None = strawberry.field(default=None, description="The matter as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it: a step of a matter of conduct.")
class TakeConductStepPayload:
    """What came of a step."""

    matter: ConductMatter | None = strawberry.field(default=None, description="The matter as it stands then.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A complaint whose complainant is to be known.")
class OpenComplainantInput:
    """A complaint whose complainant is to be known."""

    matter_id: UUID = strawberry.field(description="The UUID of the complaint.")


@strawberry.type(
    description="Who complained; opened by who took it down and who handles it, and each time that is an entry."
)
class ConductComplainant:
    """Who complained."""

    name: str = strawberry.field(description="The name, as it was given.")
    contact: str = strawberry.field(description="How to reach them.")

    @identity
    def id(self) -> strawberry.ID:
        return pages.value_id("complainant", self.name, self.contact)


@strawberry.type(description="What came of opening who complained.")
class OpenComplainantPayload:
    """What came of opening who complained."""

    complainant: ConductComplainant | None = strawberry.field(default=None, description="Null where nobody was named.")
    problem: Problem | None = problem_field()


@strawberry.type
class ConductMutation:
    """Acts on matters of conduct."""

    @mutation(access=signed_in, description="Ask for a finding whether you, or an officer of yours, did his duty.")
    async def open_exemption(
        self, info: Info, input: Annotated[OpenExemptionInput, strawberry.argument(description="The event.")]
    ) -> OpenExemptionPayload | None:
        return OpenExemptionPayload(matter=await _open(info, input.opening()))

    @mutation(
        access=needs(Verb.CONDUCT_PROPOSE), description="Propose that an organ hold an officer to account (问责建议)."
    )
    async def propose_accountability(
        self, info: Info, input: Annotated[ProposeAccountabilityInput, strawberry.argument(description="What for.")]
    ) -> ProposeAccountabilityPayload | None:
        return ProposeAccountabilityPayload(matter=await _open(info, input.opening()))

    @mutation(
        access=needs(Verb.CONDUCT_COMPLAIN),
        description="Complain about an officer, or take a complaint down; the officer sees nothing of it.",
    )
    async def complain_about_officer(
        self, info: Info, input: Annotated[ComplainAboutOfficerInput, strawberry.argument(description="The complaint.")]
    ) -> ComplainAboutOfficerPayload | None:
        return ComplainAboutOfficerPayload(matter=await _open(info, input.opening()))

    @mutation(
        access=needs(Verb.CONDUCT_ASK),
        description="Ask, for the mine or of yourself, that an officer take no part (处罚法43).",
    )
    async def request_recusal(
        self, info: Info, input: Annotated[RequestRecusalInput, strawberry.argument(description="Who, and why.")]
    ) -> RequestRecusalPayload | None:
        return RequestRecusalPayload(matter=await _open(info, input.opening()))

    @mutation(
        access=signed_in,
        description="Take the next step: your own account or answer, or, as the authority, what the matter asks for.",
    )
    async def take_conduct_step(
        self, info: Info, input: Annotated[TakeConductStepInput, strawberry.argument(description="The step.")]
    ) -> TakeConductStepPayload | None:
        context, asked = info.context, input.asked()
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.take_step, matter_id=input.matter_id,
            asked=asked,
        )  # fmt: skip
        return TakeConductStepPayload(matter=ConductMatter.of(row))

    @mutation(access=signed_in, description="Open who complained: a view of a protected name is an entry.")
    async def open_complainant(
        self, info: Info, input: Annotated[OpenComplainantInput, strawberry.argument(description="Of which.")]
    ) -> OpenComplainantPayload | None:
        context = info.context
        found = await perform(
            context.database, context.signed_in(), context.now(), operations.open_complainant,
            matter_id=input.matter_id,
        )  # fmt: skip
        told = ConductComplainant(name=found.name, contact=found.contact) if found else None
        return OpenComplainantPayload(complainant=told)


AREA = Area(mutation=ConductMutation)
