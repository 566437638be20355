"""What the entries say of pieces of evidence, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.field.evidence.tables import EvidenceState
from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.entries import Entry

_STATES = {
    "evidence.declared": EvidenceState.DECLARED,
    "evidence.lost": EvidenceState.LOST,
    "evidence.received": EvidenceState.RECEIVED,
    "evidence.sealed": EvidenceState.SEALED,
    "evidence.quarantined": EvidenceState.QUARANTINED,
    "evidence.erased": EvidenceState.ERASED,
}
_DESCRIBED = "evidence.described"
_ORDER = tuple(_STATES)
"""States go this way only; a lost piece that turned up is received after all."""


def _expected(said: Sequence[Entry]) -> Expected:
    furthest = _STATES[max((one.kind for one in said if one.kind in _STATES), key=_ORDER.index)]
    return {**_as_declared(said[0]), **_as_it_went_on(said), **_as_described(said, furthest), "state": furthest.value}


def _as_declared(declared: Entry) -> Expected:
    data = declared.data
    return {
        "recording_id": data["recording"],
        "device_id": declared.device,
        "maker_id": declared.actor,
        "statement_hash": data["statement"],
        "told_hash": data["statement"],
        "sha256": data["sha256"],
        "size": data["size"],
        "seq": data["seq"],
        "grade": data["grade"],
        "flags": data["flags"],
        "told_paper": data.get("takeover"),
        "declared_at": moment(declared.at),
        "declared_entry_id": declared.id,
    }


def _as_it_went_on(said: Sequence[Entry]) -> Expected:
    sealed, received = last_of(said, "evidence.sealed"), last_of(said, "evidence.received")
    quarantined, lost = last_of(said, "evidence.quarantined"), last_of(said, "evidence.lost")
    return {
        "received_at": time_of(said, "evidence.received"),
        "object_version": None if received is None else received.data["version"],
        **({} if received is None else {"object_name": received.data["object"]}),
        "sealed_at": time_of(said, "evidence.sealed"),
        "sealed_entry_id": None if sealed is None else sealed.id,
        "quarantined_at": time_of(said, "evidence.quarantined"),
        "quarantine_reason": None if quarantined is None else quarantined.data["reason"],
        "lost_at": time_of(said, "evidence.lost"),
        "lost_reason": None if lost is None else lost.data["reason"],
    }


def _as_described(said: Sequence[Entry], state: EvidenceState) -> Expected:
    """What was read from the sealed bytes and speaks against a claim. Of an erased piece it goes, sooner or later."""
    described = last_of(said, _DESCRIBED)
    if state is EvidenceState.ERASED:
        return {}
    if described is None:
        return {"told_facts": None}
    return {"told_facts": described.data["digest"], "told_fact_flags": described.data["flags"]}


EVIDENCE = Comparison(
    table="evidence",
    made_by="evidence.declared",
    changed_by=(*_ORDER[1:], _DESCRIBED),
    expected=_expected,
    # The signed bytes stand in tables of their own: they are what the entry's hashes are of.
    columns=(
        "(SELECT sha256(s.statement) FROM statements s WHERE s.evidence_id = t.id) AS told_hash",
        "(SELECT sha256(o.paper) FROM takeovers o WHERE o.evidence_id = t.id) AS told_paper",
        "(SELECT f.digest FROM facts f WHERE f.evidence_id = t.id) AS told_facts",
        "(SELECT f.flags FROM facts f WHERE f.evidence_id = t.id) AS told_fact_flags",
    ),
)
