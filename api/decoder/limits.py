"""What a decoding child may use: memory, CPU, time, pixels, files; it can be held to this by the kernel alone."""

import os
import resource
from contextlib import suppress
from typing import Final

MEMORY: Final = 1280 * 1024 * 1024
"""Bytes of address space, FFmpeg's libraries among them (0.5 GiB)."""
CPU_SECONDS: Final = 8
"""A file; the kernel kills the child that spends more."""
WALL_SECONDS: Final = 10.0
"""A file; the parent kills the child that takes longer."""
FILES_OF_A_LIFE: Final = 50
"""Then the child is recycled: what one file left behind in its memory meets few others."""
CPU_SECONDS_OF_A_LIFE: Final = CPU_SECONDS * (FILES_OF_A_LIFE + 1)
"""The limit that the child cannot raise by itself, whatever the bytes have made of it."""
NICENESS: Final = 10
"""Describing yields to sealing and to the API on a busy machine."""
LARGEST_FILE: Final = 4 * 1024**3
"""Bytes of a file that is looked at; larger films stay undescribed, not unsealed."""

DRAFT_PIXELS: Final = 256_000_000
"""Of a JPEG, which is decoded at a fraction of its size; telephones make up to 200 million."""
PIXELS: Final = 64_000_000
"""Of every other picture and of one frame of a film, which are decoded whole."""

PREVIEW: Final = 512
"""Pixels of the longer side of a preview."""
LARGEST_ANSWER: Final = 64 * 1024
LARGEST_PREVIEW: Final = 1024 * 1024
CLEAN: Final = "clean "
"""Before the media type in the parent's question: clean the picture, do not describe it."""
RENDER: Final = "render "
"""Before the media type: answer with the plain pixels of the picture's rendition."""
PACK: Final = "pack "
"""Before a width and a height: write the plain pixels of the file as a PNG."""
LARGEST_CLEANED: Final = 16 * 1024 * 1024


def bind(open_files: int) -> None:
    """Binds this process for good: memory, CPU of its life, no core, no writing, so many open files and sockets."""
    os.nice(NICENESS)
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_AS, MEMORY)
    _at_most(resource.RLIMIT_NOFILE, open_files)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS_OF_A_LIFE))


def begin_file() -> None:
    """Gives the next file its CPU seconds, counted from what was spent before."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    soft = min(spent + CPU_SECONDS, CPU_SECONDS_OF_A_LIFE)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, CPU_SECONDS_OF_A_LIFE))


def _at_most(kind: int, value: int) -> None:
    # A system that does not know one of them (macOS and the address space) still has time limits and the kill.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))
