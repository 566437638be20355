"""Reads what a picture's EXIF says about when, where and with what it was made; every value may be a lie or garbage."""

import math
from typing import Any, Final

from PIL import ExifTags, Image

_GPS, _PHOTO = ExifTags.IFD.GPSInfo, ExifTags.IFD.Exif
_ORIENTATION, _MAKE, _MODEL, _DATE = 0x0112, 0x010F, 0x0110, 0x0132
_ORIGINAL, _DIGITIZED = 0x9003, 0x9004
_OFFSET, _OFFSET_ORIGINAL, _OFFSET_DIGITIZED = 0x9010, 0x9011, 0x9012
_LATITUDE, _LONGITUDE, _GPS_TIME, _GPS_DATE = 2, 4, 7, 29
_SCALE: Final = 10_000_000
_LARGEST: Final = 2**62


def of_bytes(data: bytes) -> Image.Exif:
    """The EXIF block of a container that Pillow cannot open, from its TIFF header on."""
    exif = Image.Exif()
    exif.load(b"Exif\x00\x00" + data)
    return exif


def read(exif: Image.Exif) -> dict[str, Any]:
    """What of it can be told: orientation, camera, time, offset, gps_time, latitude, longitude, position.

    `position` is WRONG where a position is given that is no number. Raises whatever broken directories make Pillow
    raise.
    """
    found: dict[str, Any] = {}
    orientation = exif.get(_ORIENTATION)
    if isinstance(orientation, int) and 1 <= orientation <= 8:
        found["orientation"] = orientation
    found["camera"] = _camera(_text(exif.get(_MAKE)), _text(exif.get(_MODEL)))
    found |= _times(exif, exif.get_ifd(_PHOTO))
    found |= _position(exif.get_ifd(_GPS))
    return {name: value for name, value in found.items() if value is not None}


def _camera(make: str | None, model: str | None) -> str | None:
    if make and model and not model.lower().startswith(make.lower()):
        return f"{make} {model}"
    return model or make


def _times(exif: Image.Exif, photo: dict[int, Any]) -> dict[str, Any]:
    given = ((photo, _ORIGINAL, _OFFSET_ORIGINAL), (photo, _DIGITIZED, _OFFSET_DIGITIZED), (exif, _DATE, _OFFSET))
    for where, when, offset in given:
        time = _text(where.get(when))
        if time:
            return {"time": time, "offset": _text(photo.get(offset))}
    return {}


def _position(gps: dict[int, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"gps_time": _gps_time(gps)}
    if _LATITUDE not in gps and _LONGITUDE not in gps:
        return found
    latitude = _degrees(gps.get(_LATITUDE), gps.get(1), "S")
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(3), "W")
    if latitude is None or longitude is None:
        return found | {"position": "WRONG"}
    return found | {"latitude": latitude, "longitude": longitude}


def _degrees(value: Any, reference: Any, negative: str) -> int | None:
    """Degrees, minutes and seconds as degrees × 10^7; None where they are no numbers (0/0 is none)."""
    try:
        parts = [float(part) for part in value][:3] if isinstance(value, tuple) else [float(value)]
        whole = sum(part / 60**place for place, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not parts or not math.isfinite(whole) or abs(whole) * _SCALE > _LARGEST:
        return None
    sign = -1 if (_text(reference) or "")[:1].upper() == negative else 1
    degrees: int = sign * round(whole * _SCALE)
    return degrees


def _gps_time(gps: dict[int, Any]) -> str | None:
    """`YYYY:MM:DD` or `YYYY:MM:DD hh:mm:ss`, UTC by its definition."""
    date = _text(gps.get(_GPS_DATE))
    if not date:
        return None
    try:
        hours, minutes, seconds = (int(float(part)) for part in gps[_GPS_TIME])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return date
    return f"{date} {hours:02}:{minutes:02}:{seconds:02}"


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    return "".join(letter for letter in value if letter.isprintable()).strip()[:100] or None
