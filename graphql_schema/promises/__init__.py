"""Promises in GraphQL: what mines commit themselves to, how it is signed, and closed lists that many files speak of."""

from graphql_schema.enums import labelled
from storage.promises.keys.tables import KeyPurpose, SigningWay

__all__ = ["KeyPurpose", "SigningWay"]

labelled(
    SigningWay, description="How somebody signs a commitment; ink is the lower level, and shown so.",
    name="CommitmentSigningWay",
)  # fmt: skip
labelled(KeyPurpose, description="For what a key signs.")
