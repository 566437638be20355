"""How people and questions are drawn: pure arithmetic over SHA-256 that anybody can do again, in any language.

The seed is made of the inspection's id and of the first checkpoint of the log that was shown after the entry
`inspection.opened` got its position. That entry's digest holds 32 random bytes which the server adds when it takes
the opening, so neither officers nor mine can know the root before, and there is only one such checkpoint to take.
Whoever holds the checkpoint (they are public) and the list from which was drawn can do the draw again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from storage.register.people.tables import ExamCategory

DOMAIN = b"pithead/exam-draw/1\n"
"""What the seed begins with, so that no other hash of the house is ever one."""


def seed_of(*, inspection_id: UUID, size: int, root: bytes) -> bytes:
    """The seed: SHA-256 over the domain, the id in lower case, the size in decimal and the root in hex, a line each."""
    return hashlib.sha256(DOMAIN + f"{inspection_id}\n{size}\n{root.hex()}\n".encode()).digest()


def order_of(seed: bytes, category: ExamCategory, persons: Iterable[UUID]) -> list[UUID]:
    """The people of one category in the order of the lot: by SHA-256 over seed, category and person."""
    return sorted(persons, key=lambda person: _lot(seed, category.value, str(person)))


def paper_of(seed: bytes, *, person_id: UUID, attempt: int, bank: Iterable[UUID], length: int) -> list[UUID]:
    """The questions of one person's paper in their order; a resit draws anew, as its number is in the hash."""
    return sorted(bank, key=lambda one: _lot(seed, "paper", str(attempt), str(person_id), str(one)))[:length]


def digest_of(persons: Sequence[UUID]) -> bytes:
    """What the log commits to of the list from which is drawn: SHA-256 over its sorted ids, a line each."""
    return hashlib.sha256("".join(f"{person}\n" for person in sorted(map(str, persons))).encode()).digest()


def _lot(seed: bytes, *parts: str) -> bytes:
    return hashlib.sha256(seed + "".join(f"{part}\n" for part in parts).encode()).digest()
