"""What a desk says to the server: one function a call, over the main GraphQL API; nothing is decrypted here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from api.phone.server import Server
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import kept

_PROBLEM = "problem { code message parameters { name value } }"
_WRAPS = "wraps { messageId keyId half wrapped }"
_REPORT = f"""uuid kind mode when channel mineId mineName county countyName office urgent pressing hour state boxKey
  ended {_WRAPS}"""
_KEYS = "{ keyId accountId publicKey role }"
_REQUEST = """uuid reportId askedBy keyId publicKey reason hour releasedBy releasedHour wrapped
  halves { messageId keyId half wrapped }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A content key, or a half of one, wrapped for a key."""

    message: str
    key: str
    data: bytes
    half: str = "WHOLE"

    def input(self) -> dict[str, str]:
        """As the server takes it."""
        return {"messageId": self.message, "keyId": self.key, "wrapped": to_base64url(self.data), "half": self.half}


def own_key(server: Server) -> dict[str, Any] | None:
    """The key in use of whoever is signed in, its private half under his pass-phrase."""
    told: dict[str, Any] | None = server.ask("{ ownReportKey { keyId publicKey sealed replaces } }")["ownReportKey"]
    return told


def custodian_keys(server: Server, *, county: str | None, office: str | None) -> list[dict[str, Any]]:
    """The custodians over a county or an office."""
    told = server.ask(
        f"query($county: String, $office: String) {{ custodianKeys(county: $county, office: $office) {_KEYS} }}",
        county=county, office=office,
    )  # fmt: skip
    return _by_key(told["custodianKeys"])


def verification_keys(server: Server, report: str) -> list[dict[str, Any]]:
    """The officers to hand a report over to."""
    told = server.ask(f"query($id: UUID!) {{ reportDeskKeys(reportId: $id) {_KEYS} }}", id=report)
    return _by_key(told["reportDeskKeys"])


def reply_keys(server: Server, report: str) -> list[dict[str, Any]]:
    """The officers who read what one writes to the reporter of it."""
    told = server.ask(f"query($id: UUID!) {{ reportReplyKeys(reportId: $id) {_KEYS} }}", id=report)
    return _by_key(told["reportReplyKeys"])


def keep_key(server: Server, *, public: bytes, sealed: bytes, shares: Iterable[kept.Share]) -> str:
    """Keeps a key; the one before it ends."""
    told = server.act(
        f"mutation($input: KeepReportKeyInput!) {{ keepReportKey(input: $input) {{ keyId {_PROBLEM} }} }}",
        publicKey=to_base64url(public), sealed=to_base64url(sealed),
        shares=[
            {"number": number, "custodianKeyId": share.custodian, "wrapped": to_base64url(share.wrapped)}
            for number, share in enumerate(shares, 1)
        ],
    )  # fmt: skip
    return str(told["keyId"])


def reports(server: Server, *, first: int = 20) -> list[dict[str, Any]]:
    """What is to be handled, in the order in which it is to be read."""
    told: list[dict[str, Any]] = server.ask(
        f"query($first: Int!) {{ reportsToHandle(first: $first) {{ {_REPORT} }} }}", first=first
    )["reportsToHandle"]
    return told


def wraps_of(server: Server, key_id: str) -> list[dict[str, Any]]:
    """All that is wrapped for a key of one's own, page by page: of ended reports, too."""
    text = (
        "query($key: String!, $after: UUID) { ownReportWraps(keyId: $key, after: $after)"
        " { messageId keyId half wrapped } }"
    )
    told: list[dict[str, Any]] = []
    while page := server.ask(text, key=key_id, after=told[-1]["messageId"] if told else None)["ownReportWraps"]:
        told += page
    return told


def thread(server: Server, report: str) -> dict[str, Any]:
    """A report with its messages and steps."""
    told: dict[str, Any] = server.ask(
        f"query($id: UUID!) {{ reportThread(reportId: $id) {{ report {{ {_REPORT} }}"
        " messages { uuid authorId identityBox hour ciphertext fileIds }"
        " steps { kind byId hour article passedTo } } }",
        id=report,
    )["reportThread"]
    return told


def take_step(server: Server, report: str, kind: str, *, article: str | None, passed_to: str | None) -> str:
    """Takes a step; returns the state."""
    told = server.act(
        f"mutation($input: TakeReportStepInput!) {{ takeReportStep(input: $input) {{"
        f" report {{ state }} {_PROBLEM} }} }}",
        reportId=report, kind=kind, article=article, passedTo=passed_to,
    )  # fmt: skip
    return str(told["report"]["state"])


def reply(server: Server, report: str, *, id: str, ciphertext: bytes, wrapped: Mapping[str, bytes]) -> None:
    """Writes to the reporter."""
    server.act(
        f"mutation($input: ReplyToReportInput!) {{ replyToReport(input: $input) {{ messageId {_PROBLEM} }} }}",
        reportId=report, messageId=id, ciphertext=to_base64url(ciphertext),
        wraps=[Wrapped(message=id, key=key, data=data).input() for key, data in wrapped.items()],
    )  # fmt: skip


def hand_over(server: Server, report: str, wrapped: Iterable[Wrapped]) -> int:
    """Hands a report over; returns how many wraps are new."""
    told = server.act(
        f"mutation($input: HandOverReportInput!) {{ handOverReport(input: $input) {{ added {_PROBLEM} }} }}",
        reportId=report, wraps=[one.input() for one in wrapped],
    )  # fmt: skip
    return int(told["added"])


def ask_identity(server: Server, report: str, *, reason: str) -> str:
    """Asks to open an identity; returns the request's id."""
    told = server.act(
        f"mutation($input: AskIdentityInput!) {{ askIdentity(input: $input) {{ request {{ uuid }} {_PROBLEM} }} }}",
        reportId=report, reason=reason,
    )  # fmt: skip
    return str(told["request"]["uuid"])


def requests(server: Server, *, to_release: bool) -> list[dict[str, Any]]:
    """Requests to open identities: those that a custodian may release, or those that an officer asked for."""
    name = "identitiesToRelease" if to_release else "identitiesAsked"
    told: list[dict[str, Any]] = server.ask(f"{{ {name}(first: 100) {{ {_REQUEST} }} }}")[name]
    return told


def release(server: Server, request: str, *, wrapped: bytes) -> None:
    """Releases half a of an identity for the officer who asked."""
    server.act(
        f"mutation($input: ReleaseIdentityInput!) {{ releaseIdentity(input: $input) {{"
        f" request {{ uuid }} {_PROBLEM} }} }}",
        requestId=request, wrapped=to_base64url(wrapped),
    )  # fmt: skip


def shares_to_rewrap(server: Server) -> list[dict[str, Any]]:
    """Shares of lost keys that are wrapped for this custodian, with the keys that took their place."""
    told: list[dict[str, Any]] = server.ask(
        "{ keySharesToRewrap { keyId number wrapped newKeyId newPublicKey accountId } }"
    )["keySharesToRewrap"]
    return told


def rewrap_share(server: Server, *, key: str, number: int, new_key: str, wrapped: bytes) -> None:
    """Gives a share back, for the key that took the lost one's place."""
    server.act(
        f"mutation($input: RewrapKeyShareInput!) {{ rewrapKeyShare(input: $input) {{ keyId {_PROBLEM} }} }}",
        keyId=key, number=number, newKeyId=new_key, wrapped=to_base64url(wrapped),
    )  # fmt: skip


def recoveries(server: Server) -> list[dict[str, Any]]:
    """The shares of one's own lost keys that custodians gave back."""
    told: list[dict[str, Any]] = server.ask("{ keyRecoveries { keyId publicKey number wrapped } }")["keyRecoveries"]
    return told


def rewrap_messages(server: Server, wrapped: Iterable[Wrapped]) -> int:
    """Keeps what a recovered key opened for the new one; returns how many are new."""
    told = server.act(
        f"mutation($input: RewrapReportMessagesInput!) {{ rewrapReportMessages(input: $input) {{"
        f" added {_PROBLEM} }} }}",
        wraps=[one.input() for one in wrapped],
    )  # fmt: skip
    return int(told["added"])


def fetch_file(server: Server, file: str) -> bytes:
    """The encrypted bytes of a file; that they left stands in the ledger."""
    told = server.act(
        f"mutation($input: OpenReportFileInput!) {{ openReportFile(input: $input) {{ url {_PROBLEM} }} }}", fileId=file
    )
    response: httpx.Response = server.http.get(told["url"])
    response.raise_for_status()
    return response.content


def _by_key(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of each key: whoever has two roles stands twice in the answer."""
    return list({one["keyId"]: one for one in told}.values())
