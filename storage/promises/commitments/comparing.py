"""What the entries say of answers, previews, signatures, seals, stamps and endings, against the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.commitments import acts, documents
from storage.record.ledger.proofs.entries import Entry

# A commitment has a row for each level of its stamp, and entries have the commitment for their subject.
_STAMPS = """ARRAY(
    SELECT concat_ws(' ', s.level, s.stamp_key, encode(s.sha256, 'hex'), s.entry_id,
                     (extract(epoch FROM s.stamped_at) * 1000)::bigint)
    FROM commitment_stamps s WHERE s.commitment_id = t.id) AS told_stamps"""
# What overviews count by is laid out of the bytes that were signed: whoever changes it changes what everybody reads.
_CLAUSES = """ARRAY(
    SELECT concat_ws(' ', k.ordinal, k.key, k.field, k.outcome, k.by_day)
    FROM commitment_clauses k WHERE k.commitment_id = t.id) AS told_clauses"""


def _answer(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "key", "outcome", "words", "evidence")},
        "clause_digest": told["clause"],
        "by_day": told.get("by_day"),
        "measure": told.get("measure"),
        "answered_by": said[0].actor,
        "answered_at": moment(said[0].at),
    }


def _preview(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "nonce", "digest")},
        "template_id": told["template"],
        "told_digest": told["digest"],
        "principal": said[0].actor,
        "pdf_sha256": told["pdf"],
        "pdf_size": told["pdf_size"],
        "laid_at": moment(said[0].at),
    }


def _signature(told: Mapping[str, Any]) -> Expected:
    binary = {name: from_base64url(told[name]) if name in told else None for name in ("key", "signature")}
    return {"way": told["way"], "algorithm": told.get("algorithm"), "scan": told.get("scan"), **binary}


def _commitment(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    optional = ("checked", "agreed", "origin", "relying_party")
    return {
        **_signature(told),
        **{name: told.get(name) for name in optional},
        **{name: told[name] for name in ("digest", "principal", "year", "pdf_size")},
        "mine_id": told["mine"],
        "told_digest": told["digest"],
        "pdf_sha256": told["pdf"],
        "signed_at": moment(said[0].at),
        "entry_id": said[0].id,
        "told_stamps": [_stamp(one) for one in said[1:]],
    }


def _laid_out(row: Mapping[str, Any]) -> Expected:
    """The clauses as the signed bytes have them. Bytes that say nothing differ by their digest and are told by it."""
    try:
        signed = documents.Commitment.decode(row["content"])
    except documents.CommitmentMalformed:
        return {}
    told = zip(signed.clauses, signed.answers, strict=True)
    return {"told_clauses": [
        " ".join([str(number), clause["key"], clause["field"], said["outcome"], said.get("by_day", "")]).rstrip()
        for number, (clause, said) in enumerate(told, 1)
    ]}  # fmt: skip


def _stamp(said: Entry) -> str:
    told = said.data
    return " ".join((told["level"], told["stamp_key"], told["stamped"], said.id, str(said.at)))


def _seal(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    who = {"sealed_by": said[0].actor, "sealed_at": moment(said[0].at), "entry_id": said[0].id}
    return {**_signature(told), **who, "mine_id": told["mine"]}


def _ending(said: Sequence[Entry]) -> Expected:
    return {"cause": said[0].data["cause"], "ended_at": moment(said[0].at)}


CLAUSE_ANSWERS = Comparison("clause_answers", "commitment.answered", _answer)
PREVIEWS = Comparison(
    "commitment_previews", "commitment.previewed", _preview,
    columns=("encode(sha256(t.content), 'hex') AS told_digest",),  # Made anew of what stands in the row.
)  # fmt: skip
COMMITMENTS = Comparison(
    "commitments", acts.SIGNED, _commitment, (acts.STAMPED,),
    columns=("encode(sha256(t.content), 'hex') AS told_digest", _STAMPS, _CLAUSES), derived=_laid_out,
)  # fmt: skip
SEALS = Comparison("commitment_seals", acts.SEALED, _seal, key="commitment_id")
ENDINGS = Comparison("commitment_endings", "commitment.ended", _ending, key="commitment_id")
