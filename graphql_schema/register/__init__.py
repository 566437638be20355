"""The wing register in GraphQL: one file per area; and the closed lists that other wings speak of, too."""

from graphql_schema.enums import labelled
from storage.register.people.tables import ShiftKind

# A package is run before any file in it: whoever speaks of a shift need not import the workplaces for its name.
labelled(ShiftKind, description="A shift of the day.")
