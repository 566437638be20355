"""Alerts in GraphQL: duty rosters, what people are told, and by which ways."""

from graphql_schema.enums import enum
from storage.alerts.rosters.rules import Chain
from storage.record.glossary.labels import LABELS

# Here, since every file of this wing speaks of it, and each imports this one first.
enum(Chain, name="AlertChain", description="The two hierarchies that are told side by side.",
     values={one: "、".join(LABELS["Chain"][one.value]) for one in Chain})  # fmt: skip
