"""The committed vectors are fresh, and reading them alone, as another team would, gives what they say."""

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from storage.record.ledger.proofs import (
    bundles,
    casefiles,
    disclosures,
    inventories,
    merkle,
    pictures,
    readme,
    signatures,
)
from storage.record.ledger.proofs.canonical import (
    NotCanonical,
    canonical,
    from_base64url,
    parse_canonical,
    to_base64url,
)
from storage.record.ledger.proofs.chains import check_chains
from storage.record.ledger.proofs.checkpoints import CheckpointMalformed, NoteKey, parse_checkpoint
from storage.record.ledger.proofs.closings import Closing, ClosingMalformed, must_be_entered, read_closed
from storage.record.ledger.proofs.commitments import bundles as promises
from storage.record.ledger.proofs.commitments import documents, reading
from storage.record.ledger.proofs.commitments.signing import Signature, must_be_signed
from storage.record.ledger.proofs.places import read_proven
from storage.record.ledger.proofs.statements import Statement
from storage.record.ledger.proofs.takeovers import Takeover, TakeoverMalformed, read_taken_over
from storage.record.ledger.proofs.verdicts import Checks
from tests.vectors import make, promised

pytestmark = pytest.mark.quick


def vectors(name: str) -> Any:
    return json.loads((make.FOLDER / name).read_text())


@pytest.mark.parametrize("name", make.VECTORS)
def test_the_committed_vectors_are_those_that_the_script_makes(name: str) -> None:
    assert (make.FOLDER / name).read_text() == make.text_of(name)


def test_no_vector_file_stands_there_that_the_script_does_not_make() -> None:
    assert {path.name for path in make.FOLDER.glob("*.json")} == set(make.VECTORS)


def test_canonical_vectors() -> None:
    for item in vectors("canonical.json")["written"]:
        assert canonical(item["value"]) == from_base64url(item["canonical"])
    for item in vectors("canonical.json")["refused"]:
        with pytest.raises(NotCanonical) as refusal:
            parse_canonical(from_base64url(item["data"]), 1024)
        assert item["offset"] in (None, refusal.value.offset)


def test_statement_and_signature_vectors() -> None:
    for item in vectors("statements.json")["signed"]:
        data = item["statement"].encode()
        assert Statement.decode(data).encode() == data
        public, signature = from_base64url(item["public"]), from_base64url(item["signature"])
        assert signatures.verify(item["algorithm"], public, "statement", data, signature)
    signed = vectors("signatures.json")
    for item in signed["signed"]:
        for kind in signed["domains"]:
            public, signature = from_base64url(item["public"]), from_base64url(item["signature"])
            holds = signatures.verify(item["algorithm"], public, kind, from_base64url(signed["message"]), signature)
            assert holds is (kind == item["kind"])


def test_merkle_vectors() -> None:
    found = vectors("merkle.json")
    roots = {item["size"]: bytes.fromhex(item["root"]) for item in found["roots"]}
    for item in found["inclusion"]:
        leaf = merkle.leaf_hash(sha256(f"leaf {item['position']}".encode()).digest())
        proof = [bytes.fromhex(step) for step in item["proof"]]
        assert merkle.verify_inclusion(leaf, item["position"], item["size"], proof, roots[item["size"]])
    for item in found["consistency"]:
        old, new = item["old"], item["new"]
        proof = [bytes.fromhex(step) for step in item["proof"]]
        assert merkle.verify_consistency(old, new, roots[old], roots[new], proof)
    for item in found["paths"]:
        assert merkle.tile_path(item["level"], item["index"], item["width"]) == item["path"]


def test_checkpoint_vectors() -> None:
    found = vectors("checkpoints.json")
    keys = [NoteKey(key["name"], from_base64url(key["public"])) for key in found["keys"]]
    for note, signers in ((found["note"], 1), (found["cosigned"], 2)):
        checkpoint = parse_checkpoint(note, keys)
        assert (checkpoint.origin, str(checkpoint.size), checkpoint.root.hex()) == (
            found["origin"],
            found["size"],
            found["root"],
        )
        assert sum(line.key is not None for line in checkpoint.signatures) == signers
    for note in found["refused"]:
        with pytest.raises(CheckpointMalformed):
            parse_checkpoint(note, keys)


def test_closing_vectors() -> None:
    found = vectors("closings.json")
    closing = Closing.decode(found["closing"].encode())
    assert closing.encode() == found["closing"].encode()
    assert read_closed(found["closed"].encode()).closing == closing
    for item in found["refused"]:
        with pytest.raises(ClosingMalformed) as refusal:
            Closing.decode(from_base64url(item["data"]))
        assert str(refusal.value) == item["reason"]
    for file in found["closed_refused"]:
        with pytest.raises(ClosingMalformed):
            read_closed(file.encode())
    for case in found["chains"]:
        chains = check_chains(data.encode() for data in case["statements"])
        assert [(chain.device, chain.count, chain.last, [list(gap) for gap in chain.gaps]) for chain in chains] == [
            (chain["device"], chain["count"], chain["last"], chain["gaps"]) for chain in case["chains"]
        ]
        assert len(closing.contradictions(chains)) == case["contradictions"]


def test_takeover_vectors() -> None:
    found = vectors("takeovers.json")
    data, statement = found["paper"].encode(), found["statement"].encode()
    assert Takeover.decode(data).encode() == data
    assert read_taken_over(found["file"].encode(), statement, found["entry"]) == Takeover.decode(data)
    for item in found["refused"]:
        with pytest.raises(TakeoverMalformed) as refusal:
            Takeover.decode(from_base64url(item["data"]))
        assert str(refusal.value) == item["reason"]
    for file in found["file_refused"]:
        with pytest.raises(TakeoverMalformed):
            read_taken_over(file.encode(), statement, found["entry"])
    with pytest.raises(TakeoverMalformed, match="grade is"):
        read_taken_over(found["file"].encode(), statement, {**found["entry"], "grade": "SIGNED_AT_DOCK"})


def test_vectors_of_proven_entries() -> None:
    found = vectors("proven.json")
    closed = read_closed(found["closed"].encode())
    entry, _ = read_proven(found["proof"].encode(), found["trust"])
    must_be_entered(entry, closed)
    for item in found["refused"]:
        with pytest.raises(ValueError):  # noqa: PT011 # Which of the errors it is, the vectors do not say.
            must_be_entered(read_proven(item["proof"].encode(), found["trust"])[0], closed)
    forged = next(item for item in found["refused"] if item["name"].startswith("forged"))
    must_be_entered(read_proven(forged["proof"].encode(), None)[0], closed)


BUNDLES = vectors("bundles.json")


@pytest.mark.parametrize("case", BUNDLES["cases"], ids=lambda case: case["name"])
def test_bundle_vectors(case: dict[str, Any]) -> None:
    original = io.BytesIO(from_base64url(BUNDLES["original"]["bytes"]))
    trust = BUNDLES["trust"] if case["trusted"] else None
    verdict = bundles.verify_bundle(case["bundle"].encode(), original=original, trust=trust)
    assert verdict.status.value == case["status"], verdict.summary
    assert (verdict.failed.name if verdict.failed else None) == case["failing"]


def test_the_protocol_page_shows_the_vectors_as_they_are() -> None:
    page = (Path(__file__).parents[4] / "docs" / "protocol.md").read_text()
    first = vectors("statements.json")["signed"][0]
    for text in (
        first["statement"],
        first["sha256"],
        first["public"],
        first["signature"],
        vectors("checkpoints.json")["note"],
    ):
        assert text in page
    assert vectors("closings.json")["closing"] in page
    for domain in signatures.DOMAINS.values():
        assert f"`{domain}`" in page
    verdict = bundles.verify_bundle(BUNDLES["cases"][0]["bundle"].encode(), original=None, trust=None)
    for check in verdict.checks:
        assert f"`{check.name}`" in page
    assert all(f"`{digest}`" in page for digest in readme.HASHES)
    packs = (make.FOLDER.parent.parent / "api" / "web" / "protocol" / "packs.js").read_text()
    assert all(f'"{digest}"' in packs for digest in readme.HASHES), "both verifiers know the same readmes"


def test_commitment_vectors() -> None:
    found = vectors("commitments.json")
    data = found["commitment"].encode()
    about, digest = documents.Commitment.decode(data), bytes.fromhex(found["digest"])
    assert (about.encode(), documents.digest_of(data)) == (data, digest)
    assert to_base64url(documents.message_of(about.nonce, digest)) == found["message"]
    assert to_base64url(documents.challenge_of(about.nonce, digest)) == found["challenge"]
    for item in found["signatures"]:
        must_be_signed(
            Signature.parse(item["signature"]), "commitment", nonce=about.nonce, digest=digest,
            origin=promised.ORIGIN, relying_party=promised.PARTY,
        )  # fmt: skip
    for item in found["refused"]:
        with pytest.raises(documents.CommitmentMalformed) as refusal:
            documents.Commitment.decode(from_base64url(item["data"]))
        assert str(refusal.value) == item["reason"]
    for item in found["bundles"]:
        verdict = promises.verify_bundle(item["bundle"].encode(), found["trust"] if item["trusted"] else None)
        assert (verdict.status.value, verdict.complete) == (item["status"], item["complete"]), item["name"]
        assert (verdict.failed.name if verdict.failed else None) == item["failing"]
    for item in found["codes"]:
        verdict = reading.verify_code(item["code"], found["trust"])
        assert verdict.status.value == item["status"], item["name"]
        assert (verdict.failed.name if verdict.failed else None) == item["failing"]


def test_disclosure_vectors() -> None:
    found = vectors("disclosures.json")
    assert _digest(found["copy"]) == found["digest"]
    for item in found["bundles"]:
        verdict = disclosures.verify_bundle(item["bundle"].encode(), found["trust"] if item["trusted"] else None)
        assert (verdict.status.value, verdict.complete) == (item["status"], item["complete"]), item["name"]
        assert (verdict.failed.name if verdict.failed else None) == item["failing"]


def test_picture_vectors() -> None:
    found = vectors("pictures.json")
    for item in found["bundles"]:
        verdict = pictures.verify_bundle(item["bundle"].encode(), found["trust"] if item["trusted"] else None)
        assert (verdict.status.value, verdict.summary) == (item["status"], item["summary"]), item["name"]
        assert (verdict.failed.name if verdict.failed else None) == item["failing"]


def test_case_vectors() -> None:
    said = vectors("cases.json")
    beside = inventories.Beside(
        hashes={said["pdf"]["name"]: _digest(said["pdf"]["text"])}, sealed=set(said["sealed"]),
        statements={_digest(one) for one in said["statements"]}, page=_digest(said["page"]),
        read=lambda name, _: said["opening" if name.endswith(inventories.OPENING_SUFFIX) else "inventory"].encode(),
    )  # fmt: skip
    for item in [{"file": said["file"], "failing": None}, *said["changed"]]:
        checks = Checks()
        casefiles.check_case(said["name"], item["file"].encode(), beside=beside, trust=said["trust"], checks=checks)
        failed = [check.name for check in checks.made if check.ok is False]
        assert (failed[0] if failed else None) == item["failing"], item
        if item["failing"] is None:
            assert all(check.ok for check in checks.made), checks.made


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
