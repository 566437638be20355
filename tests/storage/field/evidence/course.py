"""Any course of an upload: a state machine of hypothesis over the real record and store, and what must hold at all
times whoever lies, fails, repeats or dies."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import asyncpg
from botocore.exceptions import ClientError
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.worker import AbandonedUploads, SealingWorker
from storage.field.evidence import losses
from storage.field.evidence.rules import AlreadyDelivered
from storage.field.evidence.tables import EvidenceState
from storage.record.ledger.proofs.statements import FIRST_PREV
from storage.record.presigning import Presigner, SignedRequest
from storage.record.work import perform
from tests.factories.evidence import send
from tests.factories.field import PHOTO, Scene, make_scene
from tests.factories.gates import Fault, Process, deadly
from tests.storage.field.evidence.course_end import bring, must_verify, work
from tests.storage.field.evidence.course_ground import (
    ALL,
    AT_ONCE,
    CHAIN,
    FLOOR,
    ROWS,
    Ground,
    Known,
    must_be_locked,
    must_be_true,
    reachable,
    turn,
)
from tests.storage.field.evidence.sending import Sending, hashes, part
from tests.storage.field.evidence.sending import film as film_body
from tests.storage.field.evidence.sending import send as send_upload

PICK, STEPS = st.integers(0, 3), st.integers(1, 4)
BEFALLS = [None, None, None, "death", *Fault, "evidence", "entries", "commit"]


class Course(RuleBasedStateMachine):
    """One recording, its phone, its workers, an intruder with our key to the store, and servers that fail."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground, self.stage = ground, ground.stage
        self.scene: Scene = self.stage.run(make_scene(ground.addresses.superuser))
        actor = self.scene.actor()
        self.phone = Sending(self.scene, ground.record, ground.objects, actor, promise=ground.keys.signer("promise"))
        self.pieces: list[Known] = []
        self.unsure: list[Known] = []
        self.seq, self.prev = 0, FIRST_PREV

    # The phone.

    @rule(count=st.integers(1, 2), heard=st.booleans(), form=st.booleans(), dies=st.sampled_from([None, *"abc"]))
    def declares(self, count: int, heard: bool, form: bool, dies: str | None) -> None:
        """New photos in one batch; the database may die within the act, and the answer may be lost."""
        self._declare([self._photo() for _ in range(count)], heard=heard, form=form, dies=dies)

    @initialize(film=st.sampled_from([False, False, False, True]))
    def begins(self, film: bool) -> None:
        if film:
            item = self.scene.item(body=film_body(), type="video/mp4", seq=self.seq, prev=self.prev)
            self._declare([Known(item, film_body())], heard=True)
        self._declare([self._photo(), self._photo()], heard=True)

    @rule(pick=PICK, lie=st.sampled_from(["other bytes", "number", "signature", "both", "bytes", "device"]))
    def declares_what_cannot_be(self, pick: int, lie: str) -> None:
        """The code of what is wrong, and nothing is stored."""
        known = self._pick(pick).item
        fresh, other = self._photo().item, self.scene.item(body=uuid4().bytes, seq=self.seq + 1, prev=FIRST_PREV)
        items, code = {
            "other bytes": (replace(other, id=known.id), "EVIDENCE_CONFLICT"),
            "number": (self.scene.item(body=uuid4().bytes, seq=0), "SEQUENCE_TAKEN"),
            "signature": (replace(fresh, signature=known.signature), "SIGNATURE_WRONG"),
            "both": (replace(self.scene.item(body=uuid4().bytes, seq=0), id=known.id), "EVIDENCE_CONFLICT"),
            "bytes": (self.scene.signed(fresh.statement + b"\n"), "STATEMENT_MALFORMED"),
            "device": (self.scene.item(seq=self.seq, device=str(uuid4())), "STATEMENT_OF_ANOTHER"),
        }[lie]
        before = self._stored()
        (answer,) = self.stage.run(self.phone.declare(items))
        assert answer["problem"]["code"] == code, answer
        assert self._stored() == before

    @rule(pick=PICK, form=st.booleans())
    def declares_again(self, pick: int, form: bool) -> None:
        """The same id and bytes are the same piece, whatever has come of it, and leave no second trace."""
        self._declare_again(self._pick(pick), form=form)

    def _declare_again(self, piece: Known, *, form: bool = False) -> None:
        before = self._stored()
        (answer,) = self.stage.run(self.phone.declare(piece.item, upload_as="POST" if form else "PUT"))
        assert answer["known"], answer
        assert answer["uuid"] == str(piece.id)
        assert self._stored() == before
        piece.upload = answer["upload"] or piece.upload

    @rule(pick=PICK, sent=st.sampled_from(["right", "right", "right", "wrong", "short", "late"]))
    def sends(self, pick: int, sent: str) -> None:
        """By any URL that it was ever given, in whatever state the piece is by now. Only the signed bytes come in."""
        piece = self._pick(pick)
        if piece.upload is None:
            return
        there, form = self.ground.plain.find(self._name(piece)), piece.upload["method"] == "POST"
        wrong = piece.body[:-1] + bytes([piece.body[-1] ^ 1])  # Its end is random: a byte named here may be its own.
        body = {"wrong": wrong, "short": piece.body[:-1]}.get(sent, piece.body)
        if sent == "late":
            assert self._send_late(piece) == 403
        elif sent == "short" and not form:
            return  # A client that sends less than it announced is waited for.
        else:
            status = self.stage.run(send_upload(piece.upload, body))
            assert (status in (200, 204)) is (sent == "right" and (form or there is None)), (status, there)

    @precondition(lambda self: any(piece.is_film for piece in self.pieces))
    @rule(numbers=st.lists(st.integers(1, 3), min_size=1, max_size=3), sound=st.booleans())
    def sends_parts(self, numbers: list[int], sound: bool) -> None:
        """Parts in any order, twice, or with other bytes; where there is no upload, none is signed for."""
        piece = next(one for one in self.pieces if one.is_film)
        for number in numbers:
            told = self.stage.run(self.phone.urls(piece.id, first=1, after=number - 1))
            if told == "UPLOAD_NOT_BEGUN":
                return
            data = part(film_body(), number)
            status = self.stage.run(send_upload(told[0]["upload"], data if sound else data[:-1] + b"!"))
            assert status in ((200, 404) if sound else (400, 404)), status

    @rule(pick=PICK)
    def begins_the_next_step(self, pick: int) -> None:
        """What a phone or a worker does next for a piece, as far as its first gate."""
        self._begin_next(self._pick(pick))

    @rule(pick=PICK, steps=STEPS, befalls=st.sampled_from(BEFALLS), at=st.integers(0, 4), calls=st.integers(0, 2))
    def takes_steps(self, pick: int, steps: int, befalls: str | None, at: int, calls: int) -> None:
        """The same to its end, and the steps after it; the last may be cut off by what befalls it on the way."""
        piece = self._pick(pick)
        for _ in range(steps - 1):
            self._finish(self._begin_next(piece))
            self.the_record_is_true()
        process = self._begin_next(piece)
        if process is not None:
            self._go_on(process, steps=at + 1, befalls=befalls, calls=calls)
            self._finish(process)

    @rule(pick=PICK, befalls=st.sampled_from(BEFALLS), at=st.integers(0, 4))
    def takes_a_step(self, pick: int, befalls: str | None, at: int) -> None:
        """Once more under another name: most of a course should be work."""
        self.takes_steps(pick, 1, befalls, at, 0)

    @rule(pick=PICK, uploads=st.booleans())
    def time_goes_by(self, pick: int, uploads: bool) -> None:
        """Uploads in parts are thrown away, or what has not come is listed as lost; what has come never is."""
        if uploads:
            worker = AbandonedUploads(self.ground.workers, self.ground.objects, life=timedelta(seconds=-5))
            self.stage.start("abandoned", turn(worker), lambda _: None)
            return
        piece, row = self._pick(pick), None
        with contextlib.suppress(AlreadyDelivered):
            (row,) = self.stage.run(
                perform(
                    self.ground.record,
                    self.phone.actor,
                    datetime.now(UTC),
                    losses.report_undelivered,
                    evidence_ids=[piece.id],
                    reason="手机被埋",
                )
            )
        assert (row is None) is (piece.state not in (EvidenceState.DECLARED, EvidenceState.LOST))

    # The workers, the servers and the intruder.

    @rule(pick=PICK, steps=st.integers(1, 3), befalls=st.sampled_from(BEFALLS), calls=st.integers(0, 2))
    def one_goes_on(self, pick: int, steps: int, befalls: str | None, calls: int) -> None:
        """A few steps of one process. It may die between two, its database within one, its store before or after."""
        if self.stage.processes:
            process = self.stage.processes[pick % len(self.stage.processes)]
            self._go_on(process, steps=steps, befalls=befalls, calls=calls)

    @rule()
    def all_go_on_at_once(self) -> None:
        self.stage.finish(*self.stage.processes)

    @rule(pick=PICK, does=st.sampled_from(["forges", "deletes the first", "deletes the others", "hides"]))
    def somebody_with_our_key(self, pick: int, does: str) -> None:
        """What is locked stays whatever he does; of what is not, no byte is ever called sealed."""
        piece, store = self._pick(pick), self.ground.plain
        name, bucket = self._name(piece), store.address.bucket
        if does == "forges":
            store.client.put_object(Bucket=bucket, Key=name, Body=b"\xff\xd8\xff forged")
            piece.forged = True
            return
        if does == "hides":
            store.client.delete_object(Bucket=bucket, Key=name)
            return
        versions = [one for one in store.versions(name) if one.name == name]
        for one in versions[:1] if does == "deletes the first" else versions[1:]:
            try:
                store.client.delete_object(Bucket=bucket, Key=name, VersionId=one.version)
                piece.deleted = True
            except ClientError as refused:
                if refused.response["Error"]["Code"] != "AccessDenied" or piece.version is None:
                    raise

    # What holds at all times.

    @invariant()
    def the_record_is_true(self) -> None:
        """Every accepted piece is there, once, as it was signed, and has gone forward only."""
        self._collect_unsure()
        rows = self._rows()
        assert [row["id"] for row in rows] == [piece.id for piece in self.pieces]
        for row, piece in zip(rows, self.pieces, strict=True):
            must_be_true(self.ground, piece, row)
        chain = self.stage.run(self.ground.sql.fetchrow(CHAIN, self.scene.recording_id))
        assert (tuple(chain) if chain else (0, -1, bytes(32)))[:2] == (len(self.pieces), self.seq - 1)
        assert chain is None or not self.pieces or chain["last_hash"].hex() == self.prev

    # The end: everybody comes again, and nothing fails any more.

    def teardown(self) -> None:
        for process in list(self.stage.processes):
            self.stage.kill(process)
        for piece in self.pieces:
            self.stage.run(bring(self.phone, piece))
        self.stage.run(work(self.ground))
        self.the_record_is_true()
        for piece, row in zip(self.pieces, self._rows(), strict=True):
            if piece.state is EvidenceState.QUARANTINED:
                assert piece.forged or (piece.deleted and row["quarantine_reason"] == "VERSION_GONE"), row
            else:
                assert piece.state is EvidenceState.SEALED
                must_be_locked(self.ground, piece, row)
                self.stage.run(must_verify(self.ground, self.phone, piece))

    # How it is done.

    def _go_on(self, process: Process, *, steps: int, befalls: str | None, calls: int) -> None:
        for _ in range(steps - 1):
            self.stage.go_on(process)
        if process.is_over:
            return
        if befalls == "death":
            self.stage.kill(process)
        elif befalls in tuple(Fault):
            process.gate.fault, process.gate.calls = Fault(befalls), calls
            self.stage.go_on(process)
        else:
            with deadly(self.stage, self.ground.sql, befalls):
                self.stage.go_on(process)

    def _finish(self, process: Process | None) -> None:
        if process in self.stage.processes:
            assert process is not None
            self.stage.finish(process)

    def _begin_next(self, piece: Known) -> Process | None:
        if piece.state not in (EvidenceState.DECLARED, EvidenceState.LOST):
            return self._begin_sealing()
        if self.ground.plain.find(self._name(piece)) is not None:
            return self._begin_completing(piece)
        if not piece.is_film:
            if piece.upload is None:
                self._declare_again(piece)
            assert piece.upload is not None
            assert self.stage.run(send_upload(piece.upload, piece.body)) in (200, 204)
            return None
        told = self.stage.run(self.phone.status(piece.id))
        held = {number for run in told["held"] for number in range(run["first"], run["last"] + 1)}
        missing = {1, 2, 3} - held
        if not told["begun"]:
            return self.stage.start("begin", self.phone.begin(piece.id, hashes(film_body())), lambda _: None)
        if not missing:
            return self._begin_completing(piece)
        self.stage.run(self.phone.send_part(piece.id, max(missing)))
        return None

    def _begin_completing(self, piece: Known) -> Process:
        call = self.phone.complete if piece.is_film else self.phone.complete_single
        return self.stage.start("complete", call(piece.id), lambda told: self._completed(piece, told))

    def _begin_sealing(self) -> Process:
        worker = SealingWorker(self.ground.workers, self.ground.objects, FLOOR, lease=AT_ONCE)
        return self.stage.start("worker", turn(worker), lambda _: None)

    def _photo(self) -> Known:
        body = PHOTO + uuid4().bytes
        return Known(self.scene.item(body=body, seq=self.seq, prev=self.prev), body)

    def _declare(self, known: list[Known], *, heard: bool, form: bool = False, dies: str | None = None) -> None:
        """The chain goes on only by what was accepted: a phone signs once, and sends the same until it is answered."""
        for at, piece in enumerate(known[1:], 1):
            prev = sha256(known[at - 1].item.statement).hexdigest()
            known[at] = replace(piece, item=self.scene.item(body=piece.body, seq=self.seq + at, prev=prev))
        moment = {"a": "evidence", "b": "entries", "c": "commit"}.get(dies or "")
        before = self._stored()
        with deadly(self.stage, self.ground.sql, moment):
            items = [piece.item for piece in known]
            answers = self.stage.run(self.phone.declare(*items, upload_as="POST" if form else "PUT"))
        if answers is None:
            assert moment is not None
            assert self._stored() == before, "a death within the act leaves nothing of it"
            return
        for piece, answer in zip(known, answers, strict=True):
            assert answer["problem"] is None, answer
            self.pieces.append(piece)
            piece.upload = answer["upload"] if heard else None
        self.seq += len(known)
        self.prev = sha256(known[-1].item.statement).hexdigest()

    def _completed(self, piece: Known, told: Any) -> None:
        """RECEIVED, or further, once acknowledged, is the least from now on."""
        if isinstance(told, str) or told["problem"] is not None:
            code = told if isinstance(told, str) else told["problem"]["code"]
            assert code in {"TRY_AGAIN", "NOT_UPLOADED", "PART_MISSING", "UPLOAD_NOT_BEGUN"}, code
            return
        assert EvidenceState(told["state"]) in reachable(EvidenceState.RECEIVED)
        self.unsure.append(piece)

    def _collect_unsure(self) -> None:
        for piece in self.unsure:
            assert self._row(piece)["object_version"] is not None, "RECEIVED was said, and no version is pinned"
        self.unsure.clear()

    def _send_late(self, piece: Known) -> int:
        """By a request that was signed two hours ago, for one."""
        store, headers = self.ground.bucket, {"content-length": str(len(piece.body))}
        signs = Presigner(store.public_url, store.access_key, store.secret_key, store.region)
        url = signs.sign(
            "PUT", f"/{store.bucket}/{self._name(piece)}", at=datetime.now(UTC) - timedelta(hours=2), seconds=3_600,
            headers=headers,
        )  # fmt: skip
        return send(SignedRequest("PUT", url, tuple(headers.items())), piece.body)

    def _pick(self, pick: int) -> Known:
        return self.pieces[pick % len(self.pieces)]

    def _name(self, piece: Known) -> str:
        return str(self._row(piece)["object_name"])

    def _row(self, piece: Known) -> "asyncpg.Record":
        return self.stage.run(self.ground.sql.fetchrow("SELECT * FROM evidence WHERE id = $1", piece.id))

    def _rows(self) -> "list[asyncpg.Record]":
        return self.stage.run(self.ground.sql.fetch(ROWS, self.scene.recording_id))

    def _stored(self) -> tuple[Any, ...]:
        rows = [tuple(row) for row in self._rows()]
        return rows, tuple(self.stage.run(self.ground.sql.fetchrow(ALL)))
