"""What may live here: sign-in, refresh and change of password in GraphQL; tokens leave by no other field."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import open_to_all, signed_in
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import global_id
from graphql_schema.register import devices
from graphql_schema.register.devices import Beacon
from graphql_schema.scalars import Base64
from storage.record.work import perform
from storage.register.identity import operations, sessions
from storage.register.identity.sessions import DeviceProof, Opened


@strawberry.type(description="A session as it was opened or renewed. Its tokens are told here and nowhere again.")
class OpenSession:
    """A session as it was opened or renewed."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    account_id: strawberry.ID = strawberry.field(description="The id of the account.")
    account_uuid: UUID = strawberry.field(description="The account's id in the record.")
    device_id: UUID | None = strawberry.field(description="The UUID of the device whose session it is, if it is one's.")
    access_token: str = strawberry.field(description="To send as `Authorization: Bearer …`.")
    access_token_expires_at: datetime = strawberry.field(description="When the access token ends.")
    refresh_token: str = strawberry.field(description="To renew the session with, once.")
    refresh_token_expires_at: datetime = strawberry.field(description="When the session ends if it is not renewed.")
    beacons: list[Beacon] = strawberry.field(description="Fresh beacons for the device, if it is a device's session.")

    @classmethod
    def of(cls, opened: Opened, context: Context) -> "OpenSession":
        """Tell a session, with a fresh access token and fresh beacons."""
        token = context.means.access_tokens().access_token(
            account_id=opened.account_id, session_id=opened.session_id, device_id=opened.device_id, now=context.now()
        )
        return cls(
            id=global_id("OpenSession", opened.session_id), account_id=global_id("Account", opened.account_id),
            account_uuid=opened.account_id, device_id=opened.device_id, access_token=token.text,
            access_token_expires_at=token.expires_at, refresh_token=opened.refresh_token,
            refresh_token_expires_at=opened.expires_at, beacons=devices.fresh_beacons(context, opened.device_id),
        )  # fmt: skip


@strawberry.input(description="A device that proves itself while its owner signs in.")
class DeviceProofInput:
    """A device that proves itself while its owner signs in."""

    device_id: UUID = strawberry.field(description="The UUID of the device.")
    challenge: Base64 = strawberry.field(description="From `signInChallenge`, not older than two minutes.")
    signature: Base64 = strawberry.field(
        description="64 raw bytes by the device over `pithead/challenge/1`, a line feed and canonical JSON"
        " {challenge, device, login}: challenge in base64url."
    )

    def proof(self) -> DeviceProof:
        """The proof as storage takes it."""
        return DeviceProof(self.device_id, self.challenge, self.signature)


@strawberry.input(description="A name and its password.")
class SignInInput:
    """A name and its password. It does not show itself to whoever prints or logs it."""

    login: str = strawberry.field(description="The name to sign in with.")
    password: str = strawberry.field(description="The password.")
    device: DeviceProofInput | None = strawberry.field(
        default=None, description="The device whose session it shall be; without one it is a desk's."
    )

    def __repr__(self) -> str:
        return "SignInInput(…)"


@strawberry.type(description="What came of signing in.")
class SignInPayload:
    """What came of signing in."""

    session: OpenSession | None = strawberry.field(default=None, description="The open session.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A refresh token, signed by the device if the session is a device's.")
class RefreshInput:
    """A refresh token. It does not show itself to whoever prints or logs it."""

    refresh_token: str = strawberry.field(
        description="The newest refresh token; the previous one if its answer was lost."
    )
    nonce: Base64 | None = strawberry.field(default=None, description="16 to 64 random bytes, fresh for each request.")
    signature: Base64 | None = strawberry.field(
        default=None,
        description="64 raw bytes by the device over `pithead/refresh/1`, a line feed and canonical JSON"
        " {nonce, token}: nonce in base64url.",
    )

    def __repr__(self) -> str:
        return "RefreshInput(…)"


@strawberry.type(description="What came of renewing a session.")
class RefreshPayload:
    """What came of renewing a session."""

    session: OpenSession | None = strawberry.field(default=None, description="The renewed session.")
    problem: Problem | None = problem_field()


@strawberry.input(description="Which of your sessions to end: the one that asks.")
class SignOutInput:
    """The session that asks."""

    client_mutation_id: str | None = strawberry.field(default=None, description="Free for the client; unused here.")


@strawberry.type(description="What came of signing out of one session.")
class SignOutPayload:
    """What came of signing out of one session."""

    session: strawberry.ID | None = strawberry.field(default=None, description="The id of the session that ended.")
    problem: Problem | None = problem_field()


@strawberry.input(description="Which of your sessions to end: all of them.")
class SignOutEverywhereInput:
    """All sessions of whoever asks."""

    client_mutation_id: str | None = strawberry.field(default=None, description="Free for the client; unused here.")


@strawberry.type(description="What came of signing out.")
class SignOutEverywherePayload:
    """What came of signing out."""

    ended: int | None = strawberry.field(default=None, description="How many sessions ended, this one included.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The current password and the one to come.")
class ChangePasswordInput:
    """The current password and the one to come. It does not show itself to whoever prints or logs it."""

    current: str = strawberry.field(description="The current password.")
    password: str = strawberry.field(description="The new one: at least 12 characters, 5 of them different.")

    def __repr__(self) -> str:
        return "ChangePasswordInput(…)"


@strawberry.type(description="What came of changing the password.")
class ChangePasswordPayload:
    """What came of changing the password."""

    ended: int | None = strawberry.field(default=None, description="How many other sessions ended by it.")
    problem: Problem | None = problem_field()


@strawberry.type
class SessionQuery:
    """What is needed before a sign-in."""

    @query(access=open_to_all, description="What a device signs to prove itself at sign-in, within two minutes.")
    def sign_in_challenge(self, info: Info) -> Base64:
        return Base64(sessions.new_challenge(info.context.means.open_door(), info.context.now()))


@strawberry.type
class SessionMutation:
    """Acts by which sessions begin, go on and end."""

    @mutation(access=open_to_all, description="Sign in. Which of name and password is wrong is not said.")
    async def sign_in(
        self, info: Info, input: Annotated[SignInInput, strawberry.argument(description="Who.")]
    ) -> SignInPayload | None:
        context = info.context
        opened = await sessions.sign_in(
            context.database, context.means.open_door(), context.now(), login=input.login, password=input.password,
            address=context.address, proof=input.device.proof() if input.device else None,
        )  # fmt: skip
        return SignInPayload(session=OpenSession.of(opened, context))

    @mutation(access=open_to_all, description="Renew a session. A token that was used before ends the session.")
    async def refresh(
        self, info: Info, input: Annotated[RefreshInput, strawberry.argument(description="The token.")]
    ) -> RefreshPayload | None:
        context = info.context
        opened = await sessions.refresh(
            context.database, context.means.open_door(), context.now(), token=input.refresh_token,
            nonce=input.nonce or b"", signature=input.signature or b"",
        )  # fmt: skip
        return RefreshPayload(session=OpenSession.of(opened, context))

    @mutation(access=signed_in, description="End this session; its access token dies within 15 seconds.")
    async def sign_out(
        self, info: Info, input: Annotated[SignOutInput, strawberry.argument(description="This one.")]
    ) -> SignOutPayload | None:
        context = info.context
        ended = await perform(context.database, context.signed_in(), context.now(), operations.sign_out)
        return SignOutPayload(session=global_id("OpenSession", ended))

    @mutation(access=signed_in, description="End all of your sessions; access tokens die within 15 seconds.")
    async def sign_out_everywhere(
        self, info: Info, input: Annotated[SignOutEverywhereInput, strawberry.argument(description="All of them.")]
    ) -> SignOutEverywherePayload | None:
        context = info.context
        ended = await perform(context.database, context.signed_in(), context.now(), operations.sign_out_everywhere)
        return SignOutEverywherePayload(ended=ended)

    @mutation(access=signed_in, description="Change your own password and end your other sessions.")
    async def change_password(
        self, info: Info, input: Annotated[ChangePasswordInput, strawberry.argument(description="Both.")]
    ) -> ChangePasswordPayload | None:
        context = info.context
        ended = await sessions.change_password(
            context.database, context.means.open_door(), context.signed_in(), context.now(), current=input.current,
            password=input.password, address=context.address,
        )  # fmt: skip
        return ChangePasswordPayload(ended=ended)


AREA = Area(query=SessionQuery, mutation=SessionMutation)
