"""The API process that is measured: `python -m tests.bench.served` reads from its input what it is to serve."""

import asyncio
import gc
import json
import sys
from base64 import b64decode
from datetime import UTC, datetime

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from api.graphql import GraphQLEndpoint
from graphql_schema import schema
from graphql_schema.context import Means
from graphql_schema.executor import Executor
from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.ledger.proofs.signatures import signer
from storage.record.objects import Objects, StoreAddress
from storage.record.problems import NotSignedIn
from tests.bench.site import Officer

AUDIENCE = "pithead"


class Tokens:
    """Access tokens as mechanisms §1 has them: PyJWT, EdDSA, a verified one kept for its life."""

    def __init__(self, public: bytes, officers: int) -> None:
        self._key = public
        self._actors = {str(one.actor.account_id): one.actor for one in map(Officer, range(officers))}
        self._verified: dict[str, tuple[float, Actor]] = {}

    def __call__(self, request: Request) -> Actor | None:
        """The actor of the bearer token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            return None
        kept = self._verified.get(token)
        if kept is not None and kept[0] > datetime.now(UTC).timestamp():
            return kept[1]
        try:
            claims = jwt.decode(token, self._key, algorithms=["EdDSA"], audience=AUDIENCE)
        except jwt.InvalidTokenError as error:
            raise NotSignedIn from error
        actor = self._actors[claims["sub"]]
        self._verified[token] = (claims["exp"], actor)
        return actor


async def _serve(asked: dict[str, object]) -> None:
    database = Database(str(asked["database"]))
    store = StoreAddress("http://localhost:8333", "evidence", "access", "secret", "http://localhost:8333")
    promise = signer(Ed25519PrivateKey.generate(), id="promise-1")
    endpoint = GraphQLEndpoint(
        Executor(schema.build()), Tokens(b64decode(str(asked["public"])), int(str(asked["officers"]))), database,
        lambda: datetime.now(UTC), Means(objects=Objects(store), promise=promise),
    )  # fmt: skip
    app = Starlette(routes=[Route("/graphql", endpoint)])
    config = uvicorn.Config(
        app, host="127.0.0.1", port=int(str(asked["port"])), http="httptools", log_level="warning", access_log=False,
        lifespan="off",
    )  # fmt: skip
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    try:
        await uvicorn.Server(config).serve()
    finally:
        await database.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=__import__("uvloop").new_event_loop) as runner:
        runner.run(_serve(json.loads(sys.stdin.read())))
