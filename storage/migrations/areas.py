"""Imports the tables of every area, so that the model is whole before it is compared with the database."""

import storage.field.evidence.tables
import storage.field.inspections.tables
import storage.field.keeping.tables
import storage.field.recordings.tables
import storage.record.ledger.tables
import storage.record.tables
import storage.register.devices.tables
import storage.register.identity.tables
import storage.register.mines.tables  # noqa: F401 # Each import is for its effect on the metadata.
