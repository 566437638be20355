"""Tells what media type a phone declares for bytes: by the bytes, since a file's name says nothing."""

UNKNOWN = "application/octet-stream"
"""Declared for bytes that this table does not know; the server then says whether it takes them."""
HEAD = 512
"""How many of the first bytes `media_type_of` wants."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
)
TAKEN = frozenset(
    {
        "audio/3gpp", "audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/webm",
        "audio/x-wav", "image/avif", "image/heic", "image/heif", "image/jpeg", "image/png", "image/webp", "video/3gpp",
        "video/mp4", "video/quicktime", "video/webm",
    }
)  # fmt: skip
"""What a server takes as evidence. A phone says so at once of all else, before anything is signed about it."""
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
# The box `ftyp` of ISO/IEC 14496-12 names what the file wants to be, and what else it can be read as.
_BRANDS = (
    (b"avif", "image/avif"), (b"avis", "image/avif"), (b"heic", "image/heic"), (b"heix", "image/heic"),
    (b"hevc", "image/heic"), (b"heim", "image/heic"), (b"heis", "image/heic"), (b"mif1", "image/heic"),
    (b"msf1", "image/heic"), (b"qt  ", "video/quicktime"), (b"M4A ", "audio/mp4"), (b"M4B ", "audio/mp4"),
    (b"3gp4", "video/3gpp"), (b"3gp5", "video/3gpp"), (b"3gp6", "video/3gpp"), (b"3gg6", "video/3gpp"),
    (b"3g2a", "video/3gpp"),
)  # fmt: skip
_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip")


def media_type_of(head: bytes) -> str:
    """The media type of a file that begins with these bytes, or UNKNOWN."""
    for start, media_type in _STARTS:
        if head.startswith(start):
            return media_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head[4:8] in _ATOMS:
        return "video/quicktime"  # QuickTime from before the box `ftyp`.
    return _of_sound(head)


def _of_brands(head: bytes) -> str:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    named = [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
    # An AVIF may call itself `mif1`, "a picture in this container", and names itself among the compatible brands only.
    if any(brand in (b"avif", b"avis") for brand in named):
        return "image/avif"
    known = dict(_BRANDS)
    return next((known[brand] for brand in named if brand in known), "video/mp4")


def _of_sound(head: bytes) -> str:
    """Frames of sound begin with eleven set bits and carry no name."""
    if len(head) < 3 or head[0] != 0xFF:
        return UNKNOWN
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "audio/mpeg" if head[1] & 0xE0 == 0xE0 and head[1] & 0x06 else UNKNOWN
