"""Which signs may stand in a text that others are to read: what they see is what is signed; pure."""

import re

from storage.record.problems import BadInput

# Fixed ranges and not str.isprintable, which says something else in every Python's version of Unicode, and which calls
# the wide space of Chinese texts unprintable. Marks that turn the direction of writing are the worst of these: by them
# people read another sentence than the one whose bytes are signed.
_UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    r"\U000e0000-\U0010ffff]"
)


def must_be_visible(text: str, field: str, *, lines: bool = True) -> None:
    """Nothing in it is invisible or turns the direction of writing; a new line only with `lines`; else BadInput."""
    found = _UNSEEN.search(text)
    if found is None and not lines:
        found = re.search(r"\n", text)
    if found is not None:
        raise BadInput(field=field, reason=f"U+{ord(found[0]):04X}")
