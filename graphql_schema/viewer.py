"""What may live here: who asks, and whether we are well."""

import secrets
from datetime import datetime
from importlib import metadata

import strawberry

from graphql_schema.access import open_to_all, signed_in
from graphql_schema.area import Area, query
from graphql_schema.context import Info
from graphql_schema.enums import enum
from graphql_schema.pages import global_id
from storage.record.actor import Role


def _version() -> str:
    try:
        return metadata.version("pithead")
    except metadata.PackageNotFoundError:
        return "unpackaged"


VERSION = _version()
PROCESS = strawberry.ID(secrets.token_hex(8))

enum(Role, description="What a person is to the record; what each role may do stands in the permission matrix.")


@strawberry.type(description="Whether the service answers, and as what.")
class Health:
    """Whether the service answers, and as what."""

    id: strawberry.ID = strawberry.field(description="Which process answers: another one after each start.")
    status: str = strawberry.field(description="`ok`: this process answers. What it stands on is at `/readyz`.")
    version: str = strawberry.field(description="The version of the service.")
    time: datetime = strawberry.field(description="The API's clock.")


@strawberry.type(description="Who asks.")
class Viewer:
    """Who asks."""

    id: strawberry.ID = strawberry.field(description="The opaque id of the account.")
    roles: list[Role] = strawberry.field(description="The roles of the account, sorted by name.")


@strawberry.type
class ViewerQuery:
    """The first fields."""

    @query(access=open_to_all, description="Whether the service answers.")
    def health(self, info: Info) -> Health:
        return Health(id=PROCESS, status="ok", version=VERSION, time=info.context.now())

    @query(access=signed_in, description="Who asks; an error without a sign-in.")
    def viewer(self, info: Info) -> Viewer | None:
        actor = info.context.signed_in()
        return Viewer(id=global_id("Account", actor.account_id), roles=sorted(actor.roles, key=lambda role: role.name))


AREA = Area(query=ViewerQuery)
