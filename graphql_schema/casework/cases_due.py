"""What may live here: what findings ask of cases and nobody did yet."""

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, query
from graphql_schema.casework.findings import Finding
from graphql_schema.context import Info
from storage.casework.cases import queries
from storage.casework.findings import queries as findings
from storage.record.actor import Verb

MOST_DUE = 100


@strawberry.type
class CaseDueQuery:
    """What findings ask of cases."""

    @query(
        access=needs(Verb.CASE_READ),
        description="Findings after which the closure of the mine is to be proposed (条例70) and was not yet.",
    )
    async def closures_due(self, info: Info) -> list[Finding] | None:
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.CASE_READ)) as sql:
            ids = await queries.closures_due(sql, limit=MOST_DUE)
            rows = {row.id: row for row in await findings.findings_by_ids(sql, ids)}
        return [Finding.of(rows[id]) for id in ids if id in rows]


AREA = Area(query=CaseDueQuery)
