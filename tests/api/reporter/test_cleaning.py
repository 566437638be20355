"""Tests that what nothing here decodes is not sent, and that whoever sends it is told in both languages what to do."""

from pathlib import Path

import pytest

from api.reporter.cleaning import NotCleaned, clean_photo
from api.reporter.terminal import Terminal
from api.reporter.words import SENTENCES
from tests.factories import media


def refusal_of(path: Path, data: bytes) -> NotCleaned:
    path.write_bytes(data)
    with pytest.raises(NotCleaned) as refused:
        clean_photo(path)
    return refused.value


@pytest.mark.parametrize("what", ["HEIC and noise", "HEIC whose box has no end", "HEIC of box after box"])
def test_a_heic_is_not_sent_and_both_languages_say_what_to_do_instead(tmp_path: Path, what: str) -> None:
    refused = refusal_of(tmp_path / "IMG_0001.HEIC", media.hostile()[what])
    said: list[str] = []
    terminal = Terminal(sentences=SENTENCES, say=said.append, ask=str, secret=str, language="both")
    terminal.tell(refused.sentence, file=refused.file, told=refused.told)
    zh, en = said
    assert all(word in zh for word in ("IMG_0001.HEIC", "image/heic", "未发送", "JPEG"))
    assert all(word in en for word in ("IMG_0001.HEIC", "image/heic", "was not sent", "JPEG"))


def test_what_is_no_photo_at_all_is_told_as_that(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "photo.jpg", media.hostile()["HEIC and noise"]).sentence == "heic_not_cleaned"
    assert refusal_of(tmp_path / "photo.heic", b"\xff\xd8\xff nothing").sentence == "photo_not_cleaned"
