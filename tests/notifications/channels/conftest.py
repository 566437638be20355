"""What the channels' tests share: an authority for certificates."""

from pathlib import Path

import pytest

from tests.notifications.channels.papers import Papers, make_papers


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """An authority of this module's own."""
    folder: Path = tmp_path_factory.mktemp("papers")
    return make_papers(folder)
