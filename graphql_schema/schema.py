"""What may live here: the schema, built from its areas, and its printed contract."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import strawberry
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from strawberry.schema.config import StrawberryConfig

from graphql_schema import access, changes, errors, plain, viewer
from graphql_schema.alerts import alerts, alerts_drills, deliveries, rosters, rosters_acts
from graphql_schema.area import Area
from graphql_schema.casework import (
    answers,
    answers_own,
    cases,
    cases_acts,
    cases_discretion,
    cases_due,
    cases_own,
    cases_packs,
    cases_review,
    cases_timeline,
    conduct,
    conduct_acts,
    conduct_duty,
    exams,
    exams_acts,
    exams_questions,
    findings,
    measures,
    measures_acts,
    measures_corrections,
    measures_restarts,
    papers,
    papers_acts,
    papers_forms,
    schemes,
    schemes_acts,
)
from graphql_schema.field import evidence, evidence_packs, evidence_uploads, facts, inspections, keeping, recordings
from graphql_schema.miners import (
    refusals,
    refusals_acts,
    refusals_following,
    refusals_retaliation,
    reports,
    reports_acts,
    reports_recovering,
    rewards,
)
from graphql_schema.pages import node_query
from graphql_schema.promises import (
    breaches,
    breaches_acts,
    commitments,
    commitments_signed,
    keys,
    keys_acts,
    templates,
    templates_acts,
    years,
)
from graphql_schema.register import (
    devices,
    identity,
    identity_lost,
    importing,
    mines,
    people,
    people_acts,
    provisions,
    sessions,
    workplaces,
)
from graphql_schema.scalars import SCALARS
from graphql_schema.trust import (
    credit,
    credit_acts,
    credit_listings,
    credit_listings_acts,
    credit_removals,
    credit_sanctions,
    disclosures,
    disclosures_acts,
    disclosures_public,
    exposures,
    exposures_acts,
    lists,
    lists_acts,
    requests,
    requests_acts,
)

# One line for each area that people reach, in the order of the wings.
AREAS: Final[tuple[Area, ...]] = (
    viewer.AREA,
    changes.AREA,
    identity.AREA,
    identity_lost.AREA,
    sessions.AREA,
    devices.AREA,
    mines.AREA,
    people.AREA,
    people_acts.AREA,
    workplaces.AREA,
    provisions.AREA,
    importing.AREA,
    inspections.AREA,
    recordings.AREA,
    evidence.AREA,
    evidence_uploads.AREA,
    evidence_packs.AREA,
    facts.AREA,
    keeping.AREA,
    exams.AREA,
    exams_acts.AREA,
    exams_questions.AREA,
    schemes.AREA,
    schemes_acts.AREA,
    findings.AREA,
    measures.AREA,
    measures_acts.AREA,
    measures_corrections.AREA,
    measures_restarts.AREA,
    cases.AREA,
    cases_acts.AREA,
    cases_discretion.AREA,
    cases_due.AREA,
    cases_own.AREA,
    cases_packs.AREA,
    cases_review.AREA,
    cases_timeline.AREA,
    papers.AREA,
    papers_acts.AREA,
    reports.AREA,
    reports_acts.AREA,
    reports_recovering.AREA,
    rosters.AREA,
    rosters_acts.AREA,
    alerts.AREA,
    alerts_drills.AREA,
    deliveries.AREA,
    papers_forms.AREA,
    conduct.AREA,
    conduct_acts.AREA,
    conduct_duty.AREA,
    answers.AREA,
    answers_own.AREA,
    refusals.AREA,
    refusals_acts.AREA,
    refusals_following.AREA,
    refusals_retaliation.AREA,
    rewards.AREA,
    templates.AREA,
    templates_acts.AREA,
    commitments.AREA,
    commitments_signed.AREA,
    keys.AREA,
    keys_acts.AREA,
    years.AREA,
    breaches.AREA,
    breaches_acts.AREA,
    credit.AREA,
    credit_acts.AREA,
    credit_listings.AREA,
    credit_listings_acts.AREA,
    credit_removals.AREA,
    credit_sanctions.AREA,
    disclosures.AREA,
    disclosures_acts.AREA,
    disclosures_public.AREA,
    exposures.AREA,
    exposures_acts.AREA,
    lists.AREA,
    lists_acts.AREA,
    requests.AREA,
    requests_acts.AREA,
)

CONTRACT: Final = Path(__file__).with_name("schema.graphql")
_DESCRIPTIONS: Final = {
    "Query": "What may be read. A query never writes.",
    "Mutation": "What may be done. Each is one act: one input, one payload, one transaction, one trace.",
    "Subscription": "What may be followed. A frame is a hint to read again, never the record.",
}


class SchemaRefused(TypeError):
    """A declaration breaks a rule of the house; the schema is not built."""


def build(areas: Sequence[Area] = AREAS) -> strawberry.Schema:
    """Build the schema of these areas, or raise what a declaration breaks: it is closed by default."""
    nodes = {kind: fetch for area in areas for kind, fetch in area.nodes.items()}
    schema = strawberry.Schema(
        query=_merged("Query", [*(area.query for area in areas), node_query(nodes)]) or object,
        mutation=_merged("Mutation", [area.mutation for area in areas]),
        subscription=_merged("Subscription", [area.subscription for area in areas]),
        types=[errors.Problem, *(type_ for area in areas for type_ in area.types)],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    plain.call_directly(schema._schema)
    _keep_rules(schema, nodes)
    plain.shorten(schema._schema, schema.config)
    return schema


def _keep_rules(schema: strawberry.Schema, nodes: dict[str, Any]) -> None:
    core = schema._schema
    for kind in nodes:
        if not isinstance(core.type_map.get(kind), GraphQLObjectType):
            raise SchemaRefused(f"{kind} is a node without a GraphQL type")
    for root in filter(None, (core.query_type, core.mutation_type, core.subscription_type)):
        access.close(root)
        for name, field in root.fields.items():
            _must_be_nullable(f"{root.name}.{name}", field)
    if core.mutation_type is not None:
        # Access was put in first, so that a refusal of it is told as a Problem like any other.
        errors.tell_problems(core.mutation_type)
        for name, field in core.mutation_type.fields.items():
            _must_take_one_input(name, field)


def _must_be_nullable(name: str, field: GraphQLField) -> None:
    # A refused field of a non-null type would null its neighbours, which may have acted already.
    if access.access_of(field, name) is not access.open_to_all and isinstance(field.type, GraphQLNonNull):
        raise SchemaRefused(f"{name} can be refused, so it must return a nullable type (`-> X | None`)")


def _must_take_one_input(name: str, field: GraphQLField) -> None:
    if list(field.args) != ["input"] or not isinstance(field.args["input"].type, GraphQLNonNull):
        raise SchemaRefused(f"Mutation.{name} must take exactly one argument `input`, which may not be null")
    own = name[0].upper() + name[1:]
    if str(field.args["input"].type) != f"{own}Input!" or str(field.type) != f"{own}Payload":
        raise SchemaRefused(f"Mutation.{name} must take {own}Input and answer {own}Payload")


def _merged(name: str, parts: Sequence[type | None]) -> type | None:
    given = tuple(part for part in parts if part is not None)
    if not given:
        return None
    seen: dict[str, type] = {}
    for part in given:
        for field in part.__strawberry_definition__.fields:  # type: ignore[attr-defined]  # Strawberry adds it.
            if field.python_name in seen:
                raise SchemaRefused(f"{name}.{field.python_name} is declared by {seen[field.python_name]} and {part}")
            seen[field.python_name] = part
    return strawberry.type(type(name, given, {}), name=name, description=_DESCRIPTIONS[name])


def printed(schema: strawberry.Schema) -> str:
    """Return the contract: the schema in the definition language, ending in one line break."""
    return schema.as_str().rstrip("\n") + "\n"


def main(arguments: Sequence[str], *, write: Callable[[str], object] = sys.stdout.write) -> int:
    """Print the contract; `--write` stores it, `--check` returns 1 when the stored one differs."""
    contract = printed(build())
    if list(arguments) == ["--write"]:
        CONTRACT.write_text(contract, encoding="utf-8")
    elif list(arguments) == ["--check"]:
        if not CONTRACT.exists() or CONTRACT.read_text(encoding="utf-8") != contract:
            write("schema.graphql differs from the schema: run `python -m graphql_schema.schema --write`\n")
            return 1
    elif arguments:
        write("usage: python -m graphql_schema.schema [--check | --write]\n")
        return 2
    else:
        write(contract)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
