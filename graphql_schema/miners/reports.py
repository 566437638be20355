"""What may live here: protected reports at the desks: what is to be handled, threads, keys, public clocks."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import strawberry

from graphql_schema.access import needs, open_to_all
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Info
from graphql_schema.pages import value_id
from graphql_schema.scalars import Base64, write_base64
from storage.miners.reports import reading, steps
from storage.miners.reports.tables import (
    IdentityRequest as RequestRow,
)
from storage.miners.reports.tables import (
    KeyHalf,
    ReportChannel,
    ReportKind,
    ReportMode,
    ReportStepKind,
    ReportWhen,
)
from storage.record.actor import Role, Verb, reporter, stranger
from storage.record.problems import BadInput

MOST = 100
Page = Annotated[int, strawberry.argument(description=f"How many at most, {MOST} at most.")]


ReportId = Annotated[UUID, strawberry.argument(description="The UUID of the report.")]
County = Annotated[str | None, strawberry.argument(description="The division (GB/T 2260), or leave it out.")]
Office = Annotated[str | None, strawberry.argument(description="The branch office, or leave it out.")]
KeyId = Annotated[str, strawberry.argument(description="The key's id, hex.")]
Behind = Annotated[UUID | None, strawberry.argument(description="The message behind which to go on.")]
Year = Annotated[int, strawberry.argument(description="The year.")]
Quarter = Annotated[int, strawberry.argument(description="The quarter, 1 to 4.")]


def key_id_of(text: str) -> UUID:
    """A key's id as rows have it; BadInput for what is none."""
    try:
        return UUID(hex=text)
    except ValueError as error:
        raise BadInput(field="keyId", reason="32 hexadecimal digits") from error


@strawberry.type(description="A content key, or a half of one, wrapped for a key of yours.")
class ReportWrap:
    """A wrap."""

    message_id: UUID = strawberry.field(description="Of which message.")
    key_id: str = strawberry.field(description="For which key, hex.")
    half: KeyHalf = strawberry.field(description="What it holds.")
    wrapped: Base64 = strawberry.field(description="HPKE.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("report-wrap", self.message_id, self.key_id, self.half)

    @classmethod
    def of(cls, row: reading.Wrap) -> "ReportWrap":
        """Tell a row."""
        return cls(
            message_id=row.message_id, key_id=row.key_id.hex, half=KeyHalf(row.half), wrapped=Base64(row.wrapped)
        )


@strawberry.type(description="One message of a thread.")
class ReportMessage:
    """One message of a thread."""

    uuid: UUID = strawberry.field(description="Its id, which its encryption is bound to.")
    author_id: UUID | None = strawberry.field(description="The officer who wrote it; null for the reporter.")
    identity_box: bool = strawberry.field(description="Whether it is the identity that is locked away.")
    hour: datetime = strawberry.field(description="In which hour it came.")
    ciphertext: str | None = strawberry.field(description="Base64url; null once it was erased.")
    file_ids: list[UUID] = strawberry.field(description="Its files.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("report-message", self.uuid)

    @classmethod
    def of(cls, row: reading.MessageRow) -> "ReportMessage":
        """Tell a row."""
        ciphertext = None if row.ciphertext is None else write_base64(row.ciphertext)
        return cls(
            uuid=row.id, author_id=row.author_id, identity_box=row.identity, hour=row.hour, ciphertext=ciphertext,
            file_ids=row.files,
        )  # fmt: skip


@strawberry.type(description="One step of a report.")
class ReportStep:
    """One step of a report."""

    uuid: UUID = strawberry.field(description="Its id.")
    kind: ReportStepKind = strawberry.field(description="Which.")
    by_id: UUID = strawberry.field(description="The account.")
    hour: datetime = strawberry.field(description="In which hour.")
    article: str | None = strawberry.field(description="By which article.")
    passed_to: str | None = strawberry.field(description="To whom it was passed on.")
    inspection_id: UUID | None = strawberry.field(description="The inspection that it led to.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("report-step", self.uuid)


@strawberry.type(description="A protected report as its desk knows it without opening it.")
class Report:
    """A protected report."""

    uuid: UUID = strawberry.field(description="Its id, random.")
    kind: ReportKind = strawberry.field(description="What is entrusted.")
    mode: ReportMode = strawberry.field(description="How far the reporter can be known.")
    when: ReportWhen = strawberry.field(description="When it may be acted upon.")
    channel: ReportChannel = strawberry.field(description="By which way it came.")
    mine_id: UUID = strawberry.field(description="The mine.")
    mine_name: str | None = strawberry.field(description="Its name, as the register has it.")
    county: str = strawberry.field(description="Its division.")
    county_name: str | None = strawberry.field(description="The division's name.")
    office: str = strawberry.field(description="Its branch office.")
    urgent: bool = strawberry.field(description="Whether it did not wait for the hour.")
    pressing: bool = strawberry.field(description="Whether it was urgent, and nobody found out yet what is true of it.")
    hour: datetime = strawberry.field(description="The hour of its batch (urgent: the minute).")
    state: ReportStepKind = strawberry.field(description="How far it came.")
    box_key: Base64 = strawberry.field(description="The reporter's public key, to wrap replies for.")
    ended: date | None = strawberry.field(description="The day on which it ended.")
    wraps: list[ReportWrap] = strawberry.field(description="What of it is wrapped for your keys.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("report", self.uuid)

    @classmethod
    def of(cls, row: reading.ReportRow, wraps: list[reading.Wrap]) -> "Report":
        """Tell a row with what of it is wrapped for whoever asks."""
        return cls(
            uuid=row.id, kind=ReportKind(row.kind), mode=ReportMode(row.mode), when=ReportWhen(row.acted_on),
            channel=ReportChannel(row.channel), mine_id=row.mine_id, county=row.county, office=row.office,
            urgent=row.urgent, pressing=row.pressing, hour=row.hour, state=ReportStepKind(row.state),
            box_key=Base64(row.box_key), ended=row.ended, mine_name=row.mine_name, county_name=row.county_name,
            wraps=[ReportWrap.of(one) for one in wraps if one.report_id == row.id],
        )  # fmt: skip


@strawberry.type(description="A thread with its steps.")
class ReportThread:
    """A thread with its steps."""

    report: Report = strawberry.field(description="The report.")
    messages: list[ReportMessage] = strawberry.field(description="By their hours.")
    steps: list[ReportStep] = strawberry.field(description="In order.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("report-thread", self.report.uuid)


@strawberry.type(description="That an officer asked to open an identity.")
class IdentityRequest:
    """That an officer asked to open an identity."""

    uuid: UUID = strawberry.field(description="Its id.")
    report_id: UUID = strawberry.field(description="Of which report.")
    asked_by: UUID = strawberry.field(description="The officer.")
    key_id: str = strawberry.field(description="The key to wrap half a for, hex.")
    reason: str = strawberry.field(description="Why; the reporter reads it.")
    hour: datetime = strawberry.field(description="In which hour.")
    released_by: UUID | None = strawberry.field(description="The custodian; null while it is open.")
    released_hour: datetime | None = strawberry.field(description="In which hour.")
    wrapped: Base64 | None = strawberry.field(description="Half a for the officer's key.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("identity-request", self.uuid)

    @derived(description="The public half of that key, X25519.")
    async def public_key(self, info: Info) -> Base64:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return Base64(await reading.public_key_of(sql, UUID(hex=self.key_id)))

    @derived(description="What of the identity is wrapped for your keys: half a for custodians.")
    async def halves(self, info: Info) -> list[ReportWrap]:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return [ReportWrap.of(one) for one in await reading.wraps_of(sql, [self.report_id])]

    @classmethod
    def of(cls, row: RequestRow) -> "IdentityRequest":
        """Tell a row."""
        return cls(
            uuid=row.id, report_id=row.report_id, asked_by=row.asked_by, key_id=row.key_id.hex, reason=row.reason,
            hour=row.hour, released_by=row.released_by, released_hour=row.released_hour,
            wrapped=None if row.wrapped is None else Base64(row.wrapped),
        )  # fmt: skip


@strawberry.type(description="A public key of a desk, to wrap for.")
class DeskKey:
    """A public key of a desk."""

    key_id: str = strawberry.field(description="First 16 bytes of its SHA-256, hex.")
    account_id: UUID = strawberry.field(description="Whose it is.")
    public_key: Base64 = strawberry.field(description="X25519.")
    role: str = strawberry.field(description="The role by which he is competent.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("desk-key", self.key_id, self.role)


@strawberry.type(description="Your own key that is in use.")
class OwnReportKey:
    """Your own key."""

    key_id: str = strawberry.field(description="Hex.")
    public_key: Base64 = strawberry.field(description="X25519.")
    sealed: Base64 | None = strawberry.field(description="The private half under your pass-phrase.")
    replaces: str | None = strawberry.field(description="The key before it, hex.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("own-report-key", self.key_id)


@strawberry.type(
    description="Reports of a county in a quarter, and clocks that the authority overran; null below five."
)
class ReportClocks:
    """Reports of a county in a quarter."""

    county: str = strawberry.field(description="The division.")
    name: str = strawberry.field(description="Its name.")
    filed: int | None = strawberry.field(description="Reports that came.")
    told_late: int | None = strawberry.field(description="Not told in time whether they are taken in.")
    decided_late: int | None = strawberry.field(description="Not decided in time.")
    fed_back_late: int | None = strawberry.field(description="Whose outcome was not fed back in time.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("report-clocks", self.county)


@strawberry.type
class Query:
    """What desks read of protected reports."""

    @query(access=needs(Verb.REPORT_READ), description="What is to be handled, in the order in which it is to be read.")
    async def reports_to_handle(self, info: Info, first: Page = 20) -> list[Report] | None:
        actor = info.context.signed_in().seeing(Verb.REPORT_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await reading.reports_to_handle(sql, limit=min(first, MOST))
            wraps = await reading.wraps_of(sql, [row.id for row in rows])
        return [Report.of(row, wraps) for row in rows]

    @query(access=needs(Verb.REPORT_READ), description="A report with its thread and steps.")
    async def report_thread(self, info: Info, report_id: ReportId) -> ReportThread | None:
        actor = info.context.signed_in().seeing(Verb.REPORT_READ)
        async with info.context.database.reading(actor) as sql:
            row, wraps = await reading.report_of(sql, report_id), await reading.wraps_of(sql, [report_id])
            messages, steps = await reading.thread_of(sql, report_id), await reading.steps_of(sql, report_id)
        told = [
            ReportStep(uuid=one.id, **one.model_dump(exclude={"id", "report_id", "number"})) for one in steps
        ]  # fmt: skip
        return ReportThread(
            report=Report.of(row, wraps), messages=[ReportMessage.of(one) for one in messages], steps=told
        )

    @query(access=needs(Verb.REPORT_READ), description="The keys to hand a report over to: verification officers.")
    async def report_desk_keys(self, info: Info, report_id: ReportId) -> list[DeskKey] | None:
        actor = info.context.signed_in().seeing(Verb.REPORT_READ)
        async with info.context.database.reading(actor) as sql:
            row = await reading.report_of(sql, report_id)
            return await desk_keys(sql, [Role.REPORT_VERIFICATION], row.county, row.office, info.context.now())

    @query(
        access=needs(Verb.REPORT_READ), description="The keys that open what you write to the reporter, but his own."
    )
    async def report_reply_keys(self, info: Info, report_id: ReportId) -> list[DeskKey] | None:
        actor = info.context.signed_in().seeing(Verb.REPORT_READ)
        async with info.context.database.reading(actor) as sql:
            row = await reading.report_of(sql, report_id)
            found = await steps.readers_of_reply(sql, actor, row, now=info.context.now())
        return [
            DeskKey(key_id=one.key_id.hex, account_id=one.account_id, public_key=Base64(one.public_key), role=one.role)
            for one in found
        ]

    @query(access=needs(Verb.REPORT_KEY_ENROL), description="The custodians' keys, for the shares of your own.")
    async def custodian_keys(
        self, info: Info, county: County = None, office: Office = None
    ) -> list[DeskKey] | None:  # fmt: skip
        info.context.signed_in()
        # A custodian sits in a city where his officers sit in its counties, and no officer sees the accounts above him:
        # so this is read as a reporter's client reads it, which may know of whoever is competent.
        async with info.context.database.reading(reporter()) as sql:
            return await desk_keys(sql, [Role.REPORT_CUSTODIAN], county, office, info.context.now())

    @query(access=needs(Verb.REPORT_KEY_ENROL), description="Your own key that is in use.")
    async def own_report_key(self, info: Info) -> OwnReportKey | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            row = await reading.key_in_use(sql, actor.account_id)
        if row is None:
            return None
        sealed, replaces = row["sealed"], row["replaces"]
        return OwnReportKey(
            key_id=row["id"].hex, public_key=Base64(row["public_key"]), replaces=replaces and replaces.hex,
            sealed=sealed and Base64(sealed),
        )  # fmt: skip

    @query(
        access=needs(Verb.REPORT_KEY_ENROL),
        description="All that is wrapped for a key of yours, of reports in any state, by message: a lost one's, too.",
    )
    async def own_report_wraps(
        self, info: Info, key_id: KeyId, first: Page = MOST, after: Behind = None
    ) -> list[ReportWrap] | None:
        key = key_id_of(key_id)
        async with info.context.database.reading(info.context.signed_in()) as sql:
            rows = await reading.wraps_of_key(sql, key, behind=after, limit=min(first, MOST))
        return [ReportWrap.of(row) for row in rows]

    @query(access=needs(Verb.IDENTITY_RELEASE), description="Requests to open identities, those that wait first.")
    async def identities_to_release(self, info: Info, first: Page = 20) -> list[IdentityRequest] | None:
        return await requests(info, Verb.IDENTITY_RELEASE, first)

    @query(access=needs(Verb.IDENTITY_ASK), description="The requests of your reach, with what was released for you.")
    async def identities_asked(self, info: Info, first: Page = 20) -> list[IdentityRequest] | None:
        return await requests(info, Verb.IDENTITY_ASK, first)

    @query(access=open_to_all, description="What everybody may know: clocks of a quarter, by county, never below five.")
    async def report_clocks(self, info: Info, year: Year, quarter: Quarter) -> list[ReportClocks]:
        async with info.context.database.reading(stranger()) as sql:
            rows = await reading.counts(sql, year=year, quarter=quarter)
        return [ReportClocks(**row) for row in rows]


async def desk_keys(
    sql: "asyncpg.Connection[Any]", roles: list[Role], county: str | None, office: str | None, now: datetime
) -> list[DeskKey]:
    """The keys of these roles over a county or office."""
    rows = await reading.keys_of_roles(
        sql,
        [role.value for role in roles],
        county=county,
        office=office,
        now=now,
    )
    return [
        DeskKey(key_id=row["id"].hex, account_id=row["account_id"], public_key=Base64(row["public_key"]),
                role=row["role"])
        for row in rows
    ]  # fmt: skip


async def requests(info: Info, verb: Verb, first: int) -> list[IdentityRequest]:
    """The requests that somebody sees by a verb."""
    async with info.context.database.reading(info.context.signed_in().seeing(verb)) as sql:
        return [IdentityRequest.of(row) for row in await reading.requests_visible(sql, limit=min(first, MOST))]


AREA = Area(query=Query)
