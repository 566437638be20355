"""How logs are written: lines of JSON in production, words on a terminal; and what must never stand in one.

No token, no password, no content and no name is logged. Our own lines hold ids, codes and numbers only. What others
say (drivers, clients of the store) is cut: of an exception its kind, its place and a first line without quoted
values; of an address nothing behind `?`, where presigned ones carry their signature.
"""

import logging
import os
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Any

import orjson

REQUEST: ContextVar[str] = ContextVar("pithead_request", default="")
"""The id of the HTTP request that is being answered, for whatever is logged meanwhile."""

TRACE: ContextVar[str] = ContextVar("pithead_trace", default="")
"""The id of the trace that this request is kept as, where traces are."""

LONGEST = 500
_HIDDEN = (
    (re.compile(r"(?<=\?)[^\s\"'<>)]+"), "…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 …"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), "…"),
    (re.compile(r"://[^\s/@:]+:[^\s/@]+@"), "://…@"),
    (re.compile(r"(?i)\b((?:x-)?(?:amz|goog)-[\w-]*(?:signature|credential|token)\w*)[=:]\s*\S+"), r"\1=…"),
)
_VALUES = re.compile(r"(?s)(?:\n?DETAIL:|\[parameters:|\[SQL:|\bKey \().*")


def without_secrets(text: str) -> str:
    """A text with everything cut out that could open something."""
    if text.isalpha():  # Most of our own lines are one word, and no word opens anything.
        return text
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def message_of(record: logging.LogRecord) -> str:
    """What a record says; of an exception that stands in it only kind and first line."""
    args = record.args
    if isinstance(args, tuple) and any(isinstance(one, BaseException) for one in args):
        args = tuple(_said(one) if isinstance(one, BaseException) else one for one in args)
        return without_secrets(str(record.msg) % args)
    return without_secrets(record.getMessage())


def _said(fault: BaseException) -> str:
    first = _VALUES.sub("", str(fault)).strip().split("\n")[0]
    return f"{type(fault).__qualname__}: {first[:LONGEST]}" if first else type(fault).__qualname__


def told_exception(fault: BaseException) -> str:
    """Kind and place of a fault and of what caused it; of what it says the first line, without the values in it."""
    lines: list[str] = []
    seen: BaseException | None = fault
    while seen is not None and len(lines) < 5:
        frames = traceback.extract_tb(seen.__traceback__)[-6:]
        places = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        lines.append(f"{type(seen).__module__}.{_said(seen)} at {places or 'no place'}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return without_secrets(" ‖ caused by ".join(lines))


def _short(path: str) -> str:
    return "/".join(path.split(os.sep)[-3:])


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, process, and the request if there is one."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "process": self._process,
        }
        if request := REQUEST.get():
            line["request_id"] = request
        if trace := TRACE.get():
            line["trace_id"] = trace
        if isinstance(fields := record.__dict__.get("fields"), dict):
            line |= fields
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = told_exception(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


class Words(logging.Formatter):
    """The same for a person at a terminal."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        request = f" [{REQUEST.get()}]" if REQUEST.get() else ""
        fields = record.__dict__.get("fields")
        told = " ".join(f"{name}={value}" for name, value in fields.items()) if isinstance(fields, dict) else ""
        text = f"{moment} {record.levelname} {self._process}{request}: {message_of(record)} {told}"
        if record.exc_info and record.exc_info[1] is not None:
            text += f" ‖ {told_exception(record.exc_info[1])}"
        return text.rstrip()


def begin(process: str, *, as_json: bool, stream: IO[str] | None = None) -> logging.Handler:
    """Sends all logs of this process to one place: ours from INFO, those of libraries from WARNING."""
    handler = logging.StreamHandler(stream or sys.stderr)
    # No line tells of these, and to find them out is a third of what a line costs.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler.setFormatter(JsonLines(process) if as_json else Words(process))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for room in ("pithead", "api", "graphql_schema", "storage", "notifications"):
        logging.getLogger(room).setLevel(logging.INFO)
    return handler
