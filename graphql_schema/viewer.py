"""What may live here: whether we are well. Who asks is told by identity."""

import secrets
from datetime import datetime
from importlib import metadata

import strawberry

from graphql_schema.access import open_to_all
from graphql_schema.area import Area, query
from graphql_schema.context import Info


def _version() -> str:
    try:
        return metadata.version("pithead")
    except metadata.PackageNotFoundError:
        return "unpackaged"


VERSION = _version()
PROCESS = strawberry.ID(secrets.token_hex(8))


@strawberry.type(description="Whether the service answers, and as what.")
class Health:
    """Whether the service answers, and as what."""

    id: strawberry.ID = strawberry.field(description="Which process answers: another one after each start.")
    status: str = strawberry.field(description="`ok`: this process answers. What it stands on is at `/readyz`.")
    version: str = strawberry.field(description="The version of the service.")
    time: datetime = strawberry.field(description="The API's clock.")


@strawberry.type
class ViewerQuery:
    """The first fields."""

    @query(access=open_to_all, description="Whether the service answers.")
    def health(self, info: Info) -> Health:
        return Health(id=PROCESS, status="ok", version=VERSION, time=info.context.now())


AREA = Area(query=ViewerQuery)
