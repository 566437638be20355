"""Tests of what settings come to: for whom passkeys are made, and on which pages."""

import pytest

from api.composing import Refused, relying_party_of
from api.settings import Settings

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("set_to", "id", "origins"),
    [
        ({}, "localhost", ("http://localhost:8700",)),
        ({"port": 8742}, "localhost", ("http://localhost:8742",)),
        ({"url": "https://mine.example/"}, "mine.example", ("https://mine.example",)),
        (
            {"url": "https://desk.mine.example", "relying_party": "mine.example",
             "passkey_origins": "https://mine.example, https://app.mine.example"},
            "mine.example", ("https://desk.mine.example", "https://mine.example", "https://app.mine.example"),
        ),
    ],
)  # fmt: skip
def test_passkeys_are_made_for_the_host_and_asked_on_its_pages(
    set_to: dict[str, object], id: str, origins: tuple[str, ...]
) -> None:
    party = relying_party_of(Settings.model_validate(set_to))
    assert (party.id, party.origins) == (id, origins)


@pytest.mark.parametrize("more", ["https://evil.example", "https://mine.example.evil", "https://xmine.example", "x"])
def test_a_page_of_another_host_is_refused(more: str) -> None:
    with pytest.raises(Refused, match="PITHEAD_PASSKEY_ORIGINS"):
        relying_party_of(Settings(url="https://mine.example", passkey_origins=more))
