"""The whole model: the tables of every area, imported before anybody compares the model with a database."""

from sqlmodel import SQLModel

import storage.alerts.alerts.tables
import storage.alerts.deliveries.tables
import storage.alerts.rosters.tables
import storage.casework.answers.tables
import storage.casework.cases.tables
import storage.casework.conduct.tables
import storage.casework.exams.tables
import storage.casework.findings.tables
import storage.casework.measures.tables
import storage.casework.papers.tables
import storage.casework.schemes.tables
import storage.field.evidence.tables
import storage.field.facts.tables
import storage.field.inspections.tables
import storage.field.keeping.tables
import storage.field.recordings.tables
import storage.miners.refusals.tables
import storage.miners.reports.tables
import storage.miners.rewards.tables
import storage.promises.breaches.tables
import storage.promises.commitments.tables
import storage.promises.keys.tables
import storage.promises.templates.tables
import storage.promises.years.tables
import storage.record.ledger.tables
import storage.record.tables
import storage.register.devices.tables
import storage.register.identity.tables
import storage.register.mines.tables
import storage.register.people.tables
import storage.register.provisions.tables
import storage.trust.credit.tables
import storage.trust.disclosures.tables
import storage.trust.exposures.tables
import storage.trust.lists.tables
import storage.trust.requests.tables  # noqa: F401 # Each import is for its effect on the metadata.

MODEL = SQLModel.metadata
"""Every table of every area."""


def is_of_the_model(name: str | None, kind: str, _parents: object) -> bool:
    """Whether alembic compares this; partitions are laid by run.py and are not part of the model."""
    return kind != "table" or name is None or "_part_" not in name
