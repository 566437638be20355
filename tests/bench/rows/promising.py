"""A commitment signed beside the bare typesetting and stamping of its page; bundles checked beside bare pyHanko.

Signing is what the server does from the preview to the stamp: the page laid and kept, the signature heard, the stamp
made and kept, three acts in the record. The bare side makes the same page with the same compiler and stamps it with the
same key, and keeps nothing.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

import asyncpg
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from api.embedded.store import create_bucket
from storage.promises.commitments import papers, stamping
from storage.promises.keys.queries import KeyRow
from storage.promises.templates import proposal
from storage.promises.templates.rules import told_of
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger.proofs.commitments import bundles
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from storage.record.printing.stamping import certificate_of, stamp
from storage.record.printing.typesetting import Typesetter
from storage.record.work import perform
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.factories.signing import Signing, signing_of
from tests.factories.templates import YEAR, promises_of
from tests.sites import site_on
from tests.vectors import promised, sample

SIGN = "a commitment signed, stamped and recorded : its page typeset and stamped"
VERIFY = "1,000 bundles verified offline : pyHanko's bare validation and a P-256 check"
SIGNED, ROUNDS = 6, 7
BUNDLES, PASSES = 1_000, 5
AGENCY = "样例监管部门"


async def measure_sign(ground: Ground) -> list[Figure]:
    """Rounds of a few commitments by a device key, each another page; the two sides take turns."""
    addresses = await ground.seeded("promising", _nothing)
    store, typesetter, key = ground.store(), Typesetter(), sample.ed25519("bench stamp", "stamp")
    await asyncio.to_thread(create_bucket, store)
    async with ground.clone(addresses) as database, site_on(database) as site:
        objects, workers = Objects(store), Database(database.worker, pool_size=1)
        made = await signing_of(await promises_of(site), objects, clauses=proposal.proposal_for(YEAR))
        device = await made.checked(await made.registers_device())
        await made.agrees()
        stamper, ours, bare = Stamper(workers, objects, key, typesetter), list[float](), list[float]()
        for number in range(ROUNDS + 1):
            spent = [await _turn(made, device, stamper) for _ in range(SIGNED)]
            if number:  # The first round reads fonts and opens lines.
                ours.append(sum(one for one, _ in spent) / SIGNED)
                bare.append(sum(other for _, other in spent) / SIGNED)
        await workers.close()
        objects.close()
    sides = (
        Side("signed", "ms", tuple(one * 1e3 for one in ours)),
        Side("typeset and stamped", "ms", tuple(one * 1e3 for one in bare)),
    )
    return [Figure(SIGN, ratios(ours, bare), sides, ())]


@dataclass(frozen=True, slots=True)
class Stamper:
    """With what a worker stamps, and its page is set."""

    database: Database
    objects: Objects
    key: Signer
    typesetter: Typesetter


async def _turn(made: Signing, device: KeyRow, by: Stamper) -> tuple[float, float]:
    """Seconds of one commitment by us, and of its page alone."""
    begun = time.perf_counter()
    laid = await made.lays()
    signed = await made.signs(laid, made.signs_with(laid, device))
    done = await stamping.make_stamp(by.objects, by.key, stamping.Plan(commitment=signed, stamped=None))
    assert done is not None
    await perform(by.database, keeper(), made.promises.now, stamping.record_stamp, commitment_id=signed.id, made=done)
    ours, begun = time.perf_counter() - begun, time.perf_counter()
    pdf = await asyncio.to_thread(papers.commitment_pdf, laid.content, typesetter=by.typesetter)
    await stamp(pdf, by.key, agency=AGENCY)
    return ours, time.perf_counter() - begun


async def _nothing(_: "asyncpg.Connection[Any]") -> None:
    """Every run signs in a copy of its own."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle with its stamped page, and a signature by a P-256 key of its own."""

    bundle: bytes
    pdf: bytes
    check: Callable[[], None]


async def measure_verify(_: Ground) -> list[Figure]:
    """Passes over 1,000 bundles with a stamped page each; what we check a second over what the bare side does."""
    key, keys = sample.ed25519("bench stamp", "stamp"), sample.server().keys.document()
    made = await _bundles(key)
    trusting = ValidationContext(trust_roots=[certificate_of(key, AGENCY)], allow_fetching=False)
    ours, bare = list[float](), list[float]()
    for number in range(PASSES + 1):
        begun = time.perf_counter()
        for one in made:
            assert bundles.verify_bundle(one.bundle, keys).status is Status.VERIFIED
        middle = time.perf_counter()
        for one in made:
            (signature,) = PdfFileReader(BytesIO(one.pdf)).embedded_signatures
            assert (await async_validate_pdf_signature(signature, trusting)).intact
            one.check()
        if number:
            ours.append(BUNDLES / (middle - begun))
            bare.append(BUNDLES / (time.perf_counter() - middle))
    sides = (Side("bundles", "a second", tuple(ours)), Side("pyHanko and P-256", "a second", tuple(bare)))
    return [Figure(VERIFY, ratios(ours, bare), sides, ())]


async def _bundles(key: Signer) -> list[Bundled]:
    """A thousand commitments to the same clauses; one page stands for theirs, and is stamped a thousand times."""
    typesetter, server, made = Typesetter(), sample.server(), list[Bundled]()
    page, private = papers.commitment_pdf(_document(0), typesetter=typesetter), ec.generate_private_key(ec.SECP256R1())
    for number in range(BUNDLES):
        document, pdf = _document(number), await stamp(page, key, agency=AGENCY)
        bundle = promised.bundled("key, ES256", document=document, page=page, pdf=pdf, by=server)
        made.append(Bundled(bundle, pdf, _check(private, document)))
    return made


def _document(number: int) -> bytes:
    clauses = proposal.proposal_for(2027)
    answers = [{"key": one.key, "outcome": "MET", "words": "", "evidence": []} for one in clauses]
    told = [{**told_of(one), "own": False} for one in clauses]
    return promised.commitment(clauses=told, answers=answers, mine_name=f"样例煤矿{number}").encode()


def _check(private: ec.EllipticCurvePrivateKey, document: bytes) -> Callable[[], None]:
    message = sha256(document).digest()
    public, signature = private.public_key(), private.sign(message, ec.ECDSA(hashes.SHA256()))
    return lambda: public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
