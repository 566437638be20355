"""Which server keys the phone trusts: those of the first contact, pinned in its folder, and what they vouch for."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.phone.disk import whole_file
from storage.record.ledger.proofs.keys import KeyRefused, PublicKeys, reach
from storage.record.ledger.proofs.receipts import verify_declared
from storage.record.ledger.proofs.verify import read_trust


class AnotherServer(Exception):
    """What answers is not the server whose keys this phone pinned; the text says where they differ."""


@dataclass(slots=True)
class Trust:
    """The pinned keys document at `path`, and the newest one that was served and agrees with it.

    A phone of an agency comes with the document; this one takes it at first contact and keeps it for ever. Keys change,
    and what is served later counts only as far as the pinned keys signed it.
    """

    path: Path
    served: PublicKeys = field(default_factory=lambda: PublicKeys("", {}))

    def pinned(self) -> PublicKeys | None:
        """The pinned keys; None before the first contact."""
        return PublicKeys.parse(read_trust(self.path)) if self.path.exists() else None

    def meet(self, document: Any) -> None:
        """Takes the document that the server serves now; pins it if it is the first. AnotherServer, KeysMalformed."""
        served = PublicKeys.parse(document)
        try:
            served.must_hold_together()
        except KeyRefused as error:
            raise AnotherServer(str(error)) from error
        pinned = self.pinned()
        if pinned is None:
            with whole_file(self.path, mode=0o644) as file:
                file.write(json.dumps(served.document(), indent=1).encode())
        elif contradiction := served.contradiction(pinned):
            raise AnotherServer(contradiction)
        self.served = served

    def must_be_promised(self, receipt: Any, *, statement: bytes) -> None:
        """ReceiptWrong or KeyRefused unless it is a declared receipt for these bytes by a key that is trusted."""
        verify_declared(receipt, statement=statement, keys=self.served)
        reach(self.served, receipt["key"], self.pinned() or self.served)
