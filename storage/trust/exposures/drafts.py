"""What a draft's copy says, read back into the parts that it was made of; pure."""

import orjson

from storage.record.ledger.proofs.pictures import Region
from storage.trust.disclosures.copies.exposures import Pictured
from storage.trust.exposures.rules import Words


def words_of(content: bytes) -> Words:
    """The texts of a draft."""
    members = orjson.loads(content)
    return Words(**{name: members[name] for name in ("title", "facts", "handling", "lesson")})


def pictured_of(content: bytes) -> list[Pictured]:
    """The pictures of a draft."""
    return [
        Pictured(
            alt=one["alt"], original=bytes.fromhex(one["original"]), reduced=one["reduced"], width=one["width"],
            height=one["height"], regions=tuple(Region(**each) for each in one["regions"]),
            root=bytes.fromhex(one["root"]), file=bytes.fromhex(one["file"]), size=one["size"],
        )
        for one in orjson.loads(content)["pictures"]
    ]  # fmt: skip
