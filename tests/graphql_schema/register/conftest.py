"""What these tests ask for: a founded register, and a voice that asks it in GraphQL."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.auth import Authenticator
from graphql_schema.context import Context, Means
from graphql_schema.executor import Executor, Refused, Request
from storage.record.actor import Actor
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.keys import PublicKey, PublicKeys, key_id
from tests.factories.people import People
from tests.graphql_schema.asking import SCHEMA
from tests.storage.register.conftest import people, record

__all__ = ["people", "record", "voice"]
EXECUTOR = Executor(SCHEMA, development=True)


class Voice:
    """Asks in GraphQL as somebody, over one founded register."""

    def __init__(self, people: People) -> None:
        self.people = people
        token, promise = (signatures.signer(Ed25519PrivateKey.generate(), id=f"x-{n}") for n in range(2))
        listed = PublicKey(id=key_id("promise", promise.public), name="promise", algorithm="Ed25519",
                           public=promise.public, since=0)  # fmt: skip
        promise = signatures.Signer(id=listed.id, algorithm="Ed25519", public=promise.public, sign=promise.sign)
        self.keys = PublicKeys("test.invalid/log", {listed.id: listed})
        self.tokens = Authenticator(people.database, signer=token, clock=lambda: people.now)
        self.means = Means(promise=promise, keys=lambda: self.keys, tokens=self.tokens, door=people.door)

    async def asks(self, text: str, actor: Actor | None = None, /, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        context = Context(
            actor, self.people.database, lambda: self.people.now, language="en", means=self.means, address="192.0.2.1"
        )
        try:
            prepared = EXECUTOR.prepare(Request(text, variables), context)
        except Refused as refused:
            return refused.answer.body()
        return (await EXECUTOR.run(prepared, context)).body()

    async def acts(self, name: str, fields: str, actor: Actor | None = None, /, **input: Any) -> dict[str, Any]:
        """The payload of one mutation, which must have no errors."""
        kind = name[0].upper() + name[1:]
        text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
        answer = await self.asks(text, actor, input=input)
        assert "errors" not in answer, answer
        payload: dict[str, Any] = answer["data"][name]
        return payload


@pytest.fixture
def voice(people: People) -> Voice:
    """A voice over the founded register."""
    return Voice(people)
