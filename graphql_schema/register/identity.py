"""What may live here: people in GraphQL: who asks, and accounts with their roles and certificates."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, derived, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register import devices
from graphql_schema.register.devices import Device
from storage.record.actor import Role, Verb
from storage.record.work import perform_once
from storage.register.devices import queries as device_queries
from storage.register.identity import operations, queries
from storage.register.identity import tables as rows

enum(Role, description="What a person is to the record; what each role may do stands in the permission matrix.")


async def _accounts(context: Context, ids: list[UUID]) -> Iterable[rows.Account]:
    """Everyone sees his own account; others' only whoever may read accounts."""
    actor = context.signed_in()
    if set(ids) - {actor.account_id}:
        actor.require(Verb.ACCOUNT_READ)
    async with context.database.reading(actor.seeing(Verb.ACCOUNT_READ)) as sql:
        return await queries.accounts_by_id(sql, ids)


async def _grants(context: Context, ids: list[UUID]) -> Iterable[rows.RoleGrant]:
    async with context.database.reading(context.signed_in().seeing(Verb.ACCOUNT_READ)) as sql:
        return await queries.grants_of(sql, ids, now=context.now())


async def _certificates(context: Context, ids: list[UUID]) -> Iterable[rows.Certificate]:
    async with context.database.reading(context.signed_in().seeing(Verb.ACCOUNT_READ)) as sql:
        return await queries.certificates_of(sql, ids)


account_by_id = loaders.one(_accounts, key=lambda row: row.id)
grants_of = loaders.many(_grants, key=lambda row: row.account_id)
certificates_of = loaders.many(_certificates, key=lambda row: row.account_id)


@strawberry.type(description="One role of one person, over one division, branch office or mine.")
class RoleGrant:
    """One role of one person."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="Its id in the record; `withdrawRole` takes it.")
    role: Role = strawberry.field(description="The role.")
    division: str | None = strawberry.field(description="Over this division and all below it (GB/T 2260).")
    office: str | None = strawberry.field(description="Over this branch office.")
    mine_id: strawberry.ID | None = strawberry.field(description="Over this mine.")
    granted_at: datetime = strawberry.field(description="When it was granted.")
    valid_to: datetime | None = strawberry.field(description="When it ends by itself, if it does.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was withdrawn, if it was.")

    @classmethod
    def of(cls, row: rows.RoleGrant) -> "RoleGrant":
        """Tell a row."""
        return cls(
            id=global_id("RoleGrant", row.id), uuid=row.id, role=Role(row.role), division=row.division,
            office=row.office, mine_id=global_id("Mine", row.mine_id) if row.mine_id else None,
            granted_at=row.granted_at, valid_to=row.valid_to, withdrawn_at=row.withdrawn_at,
        )  # fmt: skip


@strawberry.type(
    description="An enforcement certificate (行政执法证件): without one nobody inspects (行政处罚法42, 55)."
)
class Certificate:
    """An enforcement certificate."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    number: str = strawberry.field(description="Its number.")
    valid_from: date = strawberry.field(description="The first day on which it is valid.")
    valid_to: date = strawberry.field(description="The last day on which it is valid.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was withdrawn, if it was.")

    @classmethod
    def of(cls, row: rows.Certificate) -> "Certificate":
        """Tell a row."""
        return cls(
            id=global_id("Certificate", row.id), number=row.number, valid_from=row.valid_from, valid_to=row.valid_to,
            withdrawn_at=row.withdrawn_at,
        )  # fmt: skip


@strawberry.type(description="A person who can sign in.")
class Account(Node):
    """A person who can sign in."""

    row_id: strawberry.Private[UUID]
    uuid: UUID = strawberry.field(description="Its id in the record; statements name it as their maker.")
    login: str = strawberry.field(description="The name to sign in with.")
    name: str = strawberry.field(description="The person's name.")
    county: str | None = strawberry.field(description="The division that the person belongs to (GB/T 2260).")
    office: str | None = strawberry.field(description="The branch office that the person belongs to.")
    mine_id: strawberry.ID | None = strawberry.field(description="The mine that the person belongs to.")
    opened_at: datetime = strawberry.field(description="When it was opened.")
    closed_at: datetime | None = strawberry.field(description="When it was closed, if it was.")
    sample: bool = strawberry.field(description="Whether it was invented to try the service out.")

    @derived(description="The roles that stand now, oldest first.")
    async def grants(self, info: Info) -> list[RoleGrant]:
        return [RoleGrant.of(row) for row in await grants_of(info.context, self.row_id)]

    @derived(description="The enforcement certificates, newest validity first.")
    async def certificates(self, info: Info) -> list[Certificate]:
        return [Certificate.of(row) for row in await certificates_of(info.context, self.row_id)]

    @classmethod
    def of(cls, row: rows.Account) -> "Account":
        """Tell a row."""
        return cls(
            id=global_id("Account", row.id), row_id=row.id, uuid=row.id, login=row.login, name=row.name,
            county=row.county, office=row.office, mine_id=global_id("Mine", row.mine_id) if row.mine_id else None,
            opened_at=row.opened_at, closed_at=row.closed_at, sample=row.sample,
        )  # fmt: skip


async def account(context: Context, id: UUID) -> Account | None:
    """Fetch the node of a UUID."""
    row = await account_by_id(context, id)
    return Account.of(row) if row else None


@strawberry.type(description="Who asks.")
class Viewer:
    """Who asks."""

    id: strawberry.ID = strawberry.field(description="The opaque id of the account.")
    roles: list[Role] = strawberry.field(description="The roles that stand now, sorted by name.")

    @derived(description="The account.")
    async def account(self, info: Info) -> Account | None:
        return await account(info.context, info.context.signed_in().account_id)

    @derived(description="The person's name.")
    async def name(self, info: Info) -> str | None:
        row = await account_by_id(info.context, info.context.signed_in().account_id)
        return row.name if row else None

    @derived(description="The newest enforcement certificate, valid or not.")
    async def certificate(self, info: Info) -> Certificate | None:
        found = await certificates_of(info.context, info.context.signed_in().account_id)
        return Certificate.of(found[0]) if found else None

    @derived(description="Whether another person chose the password: until it is changed, no role is held.")
    async def password_must_change(self, info: Info) -> bool:
        return await queries.has_first_password(info.context.database, info.context.signed_in())

    @derived(description="The device that this session belongs to, if it is a device's.")
    async def device(self, info: Info) -> Device | None:
        id = info.context.signed_in().device_id
        return await devices.device(info.context, id) if id else None

    @derived(description="Your own devices, newest enrolment first.")
    async def devices(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Device]:
        page, actor = pages.page(first, after, last, before), info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            found = await device_queries.devices_owned_by(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )
        return pages.connection(found, page, node=Device.of, key=lambda row: (row.enrolled_at, row.id))


@strawberry.input(description="A person to open an account for.")
class OpenAccountInput:
    """A person to open an account for. It does not show itself to whoever prints or logs it."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    login: str = strawberry.field(description="The name to sign in with: 3 to 64 of a-z, 0-9, dot, underscore, hyphen.")
    name: str = strawberry.field(description="The person's name, 1 to 80 characters.")
    password: str = strawberry.field(description="The first password; it opens nothing but its own change.")
    county: str | None = strawberry.field(default=None, description="The division that the person belongs to.")
    office: str | None = strawberry.field(default=None, description="The branch office that the person belongs to.")
    mine_id: UUID | None = strawberry.field(default=None, description="The mine that the person belongs to.")

    def __repr__(self) -> str:
        return "OpenAccountInput(…)"


@strawberry.type(description="What came of opening an account.")
class OpenAccountPayload:
    """What came of opening an account."""

    account: Account | None = strawberry.field(default=None, description="The open account; it has no role yet.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A role to grant, over exactly one of division, office and mine.")
class GrantRoleInput:
    """A role to grant."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    account_id: UUID = strawberry.field(description="The UUID of the account.")
    role: Role = strawberry.field(description="The role.")
    division: str | None = strawberry.field(default=None, description="Over this division and all below it; 52 is all.")
    office: str | None = strawberry.field(default=None, description="Over this branch office.")
    mine_id: UUID | None = strawberry.field(default=None, description="Over this mine.")
    valid_to: datetime | None = strawberry.field(default=None, description="When it shall end by itself.")


@strawberry.type(description="What came of granting a role.")
class GrantRolePayload:
    """What came of granting a role."""

    grant: RoleGrant | None = strawberry.field(default=None, description="The granted role.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A role to take back.")
class WithdrawRoleInput:
    """A role to take back."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    grant_id: UUID = strawberry.field(description="The UUID of the granted role.")
    reason: str = strawberry.field(description="Why, 2 to 500 characters.")


@strawberry.type(description="What came of withdrawing a role.")
class WithdrawRolePayload:
    """What came of withdrawing a role."""

    grant: RoleGrant | None = strawberry.field(default=None, description="The withdrawn role.")
    problem: Problem | None = problem_field()


@strawberry.input(description="An enforcement certificate to enter.")
class IssueCertificateInput:
    """An enforcement certificate to enter."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    account_id: UUID = strawberry.field(description="The UUID of its holder's account.")
    number: str = strawberry.field(description="Its number: 4 to 40 letters, digits and hyphens.")
    valid_from: date = strawberry.field(description="The first day on which it is valid.")
    valid_to: date = strawberry.field(description="The last day on which it is valid.")


@strawberry.type(description="What came of issuing a certificate.")
class IssueCertificatePayload:
    """What came of issuing a certificate."""

    certificate: Certificate | None = strawberry.field(default=None, description="The certificate.")
    problem: Problem | None = problem_field()


@strawberry.type
class IdentityQuery:
    """Who asks, and the lists of people."""

    @query(access=signed_in, description="Who asks; an error without a sign-in.")
    def viewer(self, info: Info) -> Viewer | None:
        actor = info.context.signed_in()
        return Viewer(id=global_id("Account", actor.account_id), roles=sorted(actor.roles, key=lambda role: role.name))

    @query(access=needs(Verb.ACCOUNT_READ), description="The accounts that you may see, by name.")
    async def accounts(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Account] | None:
        page = pages.page(first, after, last, before, by_name=True)
        actor = info.context.signed_in().seeing(Verb.ACCOUNT_READ)
        async with info.context.database.reading(actor) as sql:
            found = await queries.accounts_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )
        return pages.connection(
            found, page, node=Account.of, key=lambda row: (row.name, row.id)
        )  # fmt: skip


@strawberry.type
class IdentityMutation:
    """Acts on accounts, roles and certificates."""

    @mutation(access=needs(Verb.ACCOUNT_OPEN), description="Open an account, without any role yet.")
    async def open_account(
        self, info: Info, input: Annotated[OpenAccountInput, strawberry.argument(description="Whose.")]
    ) -> OpenAccountPayload | None:
        context = info.context
        passwords = context.means.open_door().passwords
        password = await operations.first_password(passwords, input.password, login=input.login)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.account_seen,
            operations.open_account, login=input.login, name=input.name, password=password, county=input.county,
            office=input.office, mine_id=input.mine_id,
        )  # fmt: skip
        return OpenAccountPayload(account=Account.of(row))

    @mutation(access=needs(Verb.ROLE_GRANT), description="Grant a role, no further than you reach yourself.")
    async def grant_role(
        self, info: Info, input: Annotated[GrantRoleInput, strawberry.argument(description="Which, to whom.")]
    ) -> GrantRolePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.grant_to_change,
            operations.grant_role, account_id=input.account_id, role=input.role, division=input.division,
            office=input.office, mine_id=input.mine_id, valid_to=input.valid_to,
        )  # fmt: skip
        return GrantRolePayload(grant=RoleGrant.of(row))

    @mutation(access=needs(Verb.ROLE_WITHDRAW), description="Take a role back; it ends within seconds everywhere.")
    async def withdraw_role(
        self, info: Info, input: Annotated[WithdrawRoleInput, strawberry.argument(description="Which, and why.")]
    ) -> WithdrawRolePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.grant_to_change,
            operations.withdraw_role, grant_id=input.grant_id, reason=input.reason,
        )  # fmt: skip
        return WithdrawRolePayload(grant=RoleGrant.of(row))

    @mutation(access=needs(Verb.CERTIFICATE_ISSUE), description="Enter an enforcement certificate with its validity.")
    async def issue_certificate(
        self, info: Info, input: Annotated[IssueCertificateInput, strawberry.argument(description="Whose, which.")]
    ) -> IssueCertificatePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.certificate_seen,
            operations.issue_certificate, account_id=input.account_id, number=input.number,
            valid_from=input.valid_from, valid_to=input.valid_to,
        )  # fmt: skip
        return IssueCertificatePayload(certificate=Certificate.of(row))


AREA = Area(query=IdentityQuery, mutation=IdentityMutation, nodes={"Account": account}, types=(Account,))
