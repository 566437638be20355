"""Alerts in GraphQL: duty rosters, what people are told, and by which ways."""

from graphql_schema.enums import labelled
from storage.alerts.rosters.rules import Chain

# Here, since every file of this wing speaks of it, and each imports this one first.
labelled(Chain, name="AlertChain", description="The two hierarchies that are told side by side.")
