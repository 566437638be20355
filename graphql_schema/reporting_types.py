"""What may live here: the types of the reporters' own schema; none has an id of ours that could be followed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from graphql_schema.miners import ReportChannel, ReportKind, ReportMode, ReportStepKind, ReportWhen
from graphql_schema.scalars import write_base64
from storage.miners.reports import queries
from storage.record import glossary
from storage.record.problems import Problem


@strawberry.type(name="Problem", description="A fact that stands against what was asked; nothing was done.")
class ReporterProblem:
    """A Problem in both languages, without an id: equal facts are equal bytes."""

    code: str = strawberry.field(description="The stable code.")
    zh: str = strawberry.field(description="In Chinese.")
    en: str = strawberry.field(description="In English.")

    @classmethod
    def of(cls, problem: Problem) -> "ReporterProblem":
        """Tell a Problem."""
        zh, en = (glossary.sentence(problem.code, tongue, **problem.parameters) for tongue in ("zh", "en"))
        return cls(code=problem.code, zh=zh, en=en)


def _problem() -> Any:
    return strawberry.field(default=None, description="What stood against it; then all else is null.")


def _told(what: str) -> Any:
    return strawberry.field(description=what)


def _null(what: str) -> Any:
    return strawberry.field(default=None, description=what)


@strawberry.type(description="A mine to choose.")
class MineChoice:
    """A mine to choose."""

    id: UUID = _told("Its id.")
    name: str = _told("Its name.")
    county: str = _told("Its division (GB/T 2260).")
    county_name: str = _told("The division's name.")


@strawberry.type(description="A public key to wrap for.")
class ReportKey:
    """A public key to wrap for."""

    id: str = _told("First 16 bytes of its SHA-256, hex.")
    public_key: str = _told("X25519, base64url.")
    agency: str = _told("Of which agency's officer.")

    @classmethod
    def of(cls, key: queries.Key) -> "ReportKey":
        """Tell a key."""
        return cls(id=key.id.hex, public_key=write_base64(key.public_key), agency=key.agency)


@strawberry.type(description="Who is competent for a mine.")
class Recipients:
    """Who is competent for a mine."""

    intake: list[ReportKey] = _told("Wrap each message for all of them.")
    verification: list[ReportKey] = _told("Wrap half b of an identity for all of them.")
    custodians: list[ReportKey] = _told("Wrap half a of an identity for all of them.")


@strawberry.type(description="How many could be guessed.")
class Guess:
    """How many could be guessed."""

    count: int | None = _told("People registered there; null below five.")
    zh: str = _told("In Chinese.")
    en: str = _told("In English.")


@strawberry.type(description="A step of a report.")
class OwnStep:
    """A step of a report."""

    kind: ReportStepKind = _told("Which.")
    hour: datetime = _told("In which hour.")
    article: str | None = _told("By which article.")
    passed_to: str | None = _told("To whom it was passed on.")
    article_en: str | None = _told("The article as English sentences name it.")


@strawberry.type(description="A clock that runs against the authority.")
class OwnClock:
    """A clock that runs against the authority."""

    key: str = _told("Which number of the law.")
    ends: date = _told("Its last day.")
    article: str = _told("By which article.")
    met: bool = _told("Whether it was met.")
    overrun: bool = _told("Whether it was overrun.")
    article_en: str = _told("The article as English sentences name it.")


@strawberry.type(description="One message of the thread.")
class OwnMessage:
    """One message of the thread."""

    id: UUID = _told("Its id, in the additional data of its encryption.")
    mine: bool = _told("Whether it is the reporter's own.")
    hour: datetime | None = _told("In which hour it went on; null while it waits.")
    ciphertext: str | None = _told("Base64url; null once it was erased.")
    wrap: str | None = _told("Its content key, wrapped for the receipt's box.")
    file_ids: list[UUID] = _told("Its files.")


@strawberry.type(description="That somebody asked to open the identity.")
class OwnIdentityRequest:
    """That somebody asked to open the identity."""

    id: UUID = _told("Its id.")
    reason: str = _told("Why.")
    hour: datetime = _told("In which hour it was asked.")
    released: datetime | None = _told("In which hour it was released; null if it was not.")


@strawberry.type(description="What became of a report.")
class OwnReport:
    """What became of a report."""

    kind: ReportKind = _told("What was entrusted.")
    mode: ReportMode = _told("How far the reporter is known.")
    when: ReportWhen = _told("When it may be acted upon.")
    mine_id: UUID = _told("The mine.")
    hour: datetime | None = _told("The hour of its batch; null while it waits.")
    next_hour: datetime = _told("When what waits now goes on.")
    state: ReportStepKind = _told("How far it came.")
    steps: list[OwnStep] = _told("Its steps.")
    clocks: list[OwnClock] = _told("Clocks against the authority.")
    asks: list[int] = _told("Days after which he is asked how he fares, as far as they are past.")
    messages: list[OwnMessage] = _told("The thread.")
    recipients: list[ReportKey] = _told("For whom an answer is to be wrapped, besides the own box.")
    identity_requests: list[OwnIdentityRequest] = _told("Who asked to open the identity, and why.")


@strawberry.type(description="A locator that is kept for two hours.")
class Begun:
    """A locator that is kept for two hours."""

    locator: str | None = _null("Six digits, or two words.")
    reservation: str | None = _null("To send with files and the filing, base64url.")
    salt: str | None = _null("For Argon2id, base64url.")
    bits: int | None = _null("Leading zero bits of SHA-256(reservation ‖ nonce) that are asked for; 0 for none.")
    problem: ReporterProblem | None = _problem()


@strawberry.type(description="That an envelope waits for its hour.")
class Filed:
    """That an envelope waits for its hour."""

    message_id: UUID | None = _null("Which message.")
    next_hour: datetime | None = _null("When it goes on at the latest.")
    problem: ReporterProblem | None = _problem()


@strawberry.type(description="What opens the thread.")
class LoggedIn:
    """What opens the thread."""

    token: str | None = _null("For a quarter of an hour, base64url.")
    problem: ReporterProblem | None = _problem()


@strawberry.input(description="A content key, or a half of one, wrapped for a key.")
class WrapInput:
    """A wrap."""

    key_id: str = _told("Hex.")
    bytes: str = _told("HPKE: encapsulated key and ciphertext, base64url.")


@strawberry.input(description="One encrypted message.")
class MessageInput:
    """One encrypted message."""

    id: UUID = _told("Version 4, made by the client; the same with the same bytes is the same act.")
    ciphertext: str = _told("Nonce and AES-256-GCM of the padded content, base64url.")
    wraps: list[WrapInput] = _told("For each recipient and for the own box.")
    file_ids: list[UUID] = strawberry.field(default_factory=list, description="Files that were sent before.")


@strawberry.input(description="Name and contact, locked away; its key in two halves.")
class IdentityInput:
    """Name and contact, locked away."""

    id: UUID = _told("Version 4, made by the client.")
    ciphertext: str = _told("As of a message.")
    halves_a: list[WrapInput] = _told("For each custodian.")
    halves_b: list[WrapInput] = _told("For each verification officer.")


@strawberry.input(description="A report.")
class FilingInput:
    """A report."""

    reservation: str = _told("As `begin` gave it.")
    kind: ReportKind = _told("What is entrusted.")
    mode: ReportMode = _told("How far one is known.")
    mine_id: UUID = _told("The mine.")
    box_key: str = _told("X25519 public, base64url.")
    login_key: str = _told("Ed25519 public, base64url.")
    claim_key: str = _told("Ed25519 public, base64url.")
    message: MessageInput = _told("The first message.")
    nonce: str = strawberry.field(
        default="",
        description="The proof of work: SHA-256 of `pithead report work v1`, reservation, nonce; a line each.",
    )
    when: ReportWhen = strawberry.field(default=ReportWhen.NOW, description="When it may be acted upon.")
    condition: str | None = strawberry.field(
        default=None,
        description="Of a refusal now and openly: place, day, shift, clause, danger, since, as JSON.",
    )
    identity: IdentityInput | None = strawberry.field(default=None, description="Unless one is anonymous.")
    danger_to_life: bool = strawberry.field(default=False, description="It does not wait for the hour.")
    channel: ReportChannel = strawberry.field(
        default=ReportChannel.SELF, description="TELEPHONE and IN_PERSON with the token of the officer who takes it."
    )
