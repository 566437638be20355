"""What these tests ask for: a phone that sends."""

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.database import Database
from storage.record.objects import Objects
from tests.factories.field import make_scene
from tests.storage.field.evidence.sending import Sending


@pytest.fixture
async def sending(database: DatabaseAddresses, record: Database, objects: Objects) -> Sending:
    """An inspector in a scene of his own, with a phone."""
    scene = await make_scene(database.superuser)
    return Sending(scene, record, objects, scene.actor())
