"""What tests of the room that lets in ask for: a founded register."""

from tests.storage.register.conftest import people, record

__all__ = ["people", "record"]
