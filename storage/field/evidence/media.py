"""Tells what kind of media bytes are, by the bytes themselves; pure."""

TAKEN: frozenset[str] = frozenset(
    {
        "audio/3gpp", "audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm",
        "audio/x-wav", "image/avif", "image/heic", "image/heif", "image/jpeg", "image/png", "image/webp", "video/3gpp",
        "video/mp4", "video/quicktime", "video/webm",
    }
)  # fmt: skip
"""Photos, films and sound that are taken as evidence, whether or not a preview of them can be made."""

HEAD = 4096
"""How many of the first bytes `sniff` wants to see."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
)

# Brands of the ISO base media file format (ISO/IEC 14496-12): the box `ftyp` says what the file wants to be.
_BRANDS: dict[bytes, str] = {
    b"avif": "image/avif", b"avis": "image/avif",
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"heis": "image/heic", b"hevc": "image/heic",
    b"mif1": "image/heic", b"msf1": "image/heic",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3gp6": "video/3gpp", b"3gg6": "video/3gpp", b"3g2a": "video/3gpp",
}  # fmt: skip

# One container, several names: which one a phone declares depends on its software, not on what was filmed.
_SAME: tuple[frozenset[str], ...] = (
    frozenset({"video/mp4", "video/quicktime", "video/3gpp", "audio/3gpp", "audio/mp4"}),
    frozenset({"audio/aac", "audio/mpeg"}),
    frozenset({"video/webm", "audio/webm"}),
    frozenset({"audio/wav", "audio/x-wav"}),
    frozenset({"image/heic", "image/heif"}),
)


def sniff(head: bytes) -> str | None:
    """The media type that these first bytes belong to, or None when they are no photo, film or sound known here."""
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    for offset, magic, media_type in _MAGIC:
        if head[offset : offset + len(magic)] == magic and (offset == 0 or head[:4] == b"RIFF"):
            return media_type
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "video/quicktime"  # QuickTime before the `ftyp` box existed.
    return _of_sound(head)


def is_as_declared(declared: str, sniffed: str) -> bool:
    """Whether the bytes are what the statement says: the same type, or another name of the same container."""
    return declared == sniffed or any(declared in group and sniffed in group for group in _SAME)


def _of_brands(head: bytes) -> str:
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, length - 3, 4))]
    known = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    # `mif1` alone says only "a picture in this container": an AVIF names itself among the compatible brands.
    if "image/avif" in known:
        return "image/avif"
    return known[0] if known else "video/mp4"


def _of_sound(head: bytes) -> str | None:
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return "audio/mpeg"
    return None
