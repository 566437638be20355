/** What the reporters' page computes of its own: bare JPEGs, and voices at another pitch in a file of samples alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { oneLine, refusalFaults, whoFaults, wordsFaults } from "../../../api/web/report/asking.js";
import { stageAfter } from "../../../api/web/report/failing.js";
import { bare, NotCleaned } from "../../../api/web/report/photos.js";
import { Refused, Unreachable } from "../../../api/web/report/server.js";
import { hourOf, withinHour } from "../../../api/web/report/speaking.js";
import { byHour } from "../../../api/web/report/threads.js";
import { RATE, shifted, written } from "../../../api/web/report/voice.js";

const PITCH = 200;

/** A hummed note. */
function hummed(seconds) {
  return Float32Array.from({ length: seconds * RATE }, (_, at) => 0.5 * Math.sin((2 * Math.PI * PITCH * at) / RATE));
}

/** Rising crossings of a quarter of the loudest, a second. */
function pitchOf(samples) {
  const quiet = Math.max(...samples) / 4;
  let [crossings, below] = [0, true];
  for (const value of samples) {
    if (below && value > quiet) [crossings, below] = [crossings + 1, false];
    else if (value < -quiet) below = true;
  }
  return crossings / (samples.length / RATE);
}

/** A JPEG's block with its length. */
function block(kind, ...bytes) {
  return [0xff, kind, 0, bytes.length + 2, ...bytes];
}

test("the pitch is another, the length stays, and one voice never sounds twice the same", () => {
  const plain = hummed(1);
  for (const [factor, low, high] of [[0.74, 0.6, 0.88], [1.39, 1.2, 1.6]]) {
    const made = shifted(plain, factor, () => 0);
    assert.equal(made.length, plain.length);
    const found = pitchOf(made) / PITCH;
    assert.ok(found > low && found < high, String(found));
    assert.notDeepEqual(shifted(plain, factor), shifted(plain, factor));
  }
});

test("the file is a WAV that holds samples alone, and no louder than it can say", () => {
  const data = written(Float32Array.of(0, 2, -2));
  const view = new DataView(data.buffer);
  assert.equal(data.length, 44 + 6);
  assert.equal(String.fromCharCode(...data.subarray(0, 4), ...data.subarray(8, 16)), "RIFFWAVEfmt ");
  assert.deepEqual([view.getUint32(24, true), view.getUint16(22, true), view.getUint32(40, true)], [RATE, 1, 6]);
  assert.deepEqual([0, 1, 2].map((at) => view.getInt16(44 + 2 * at, true)), [0, 32_767, -32_767]);
});

test("of a JPEG stay tables and picture: no block of words, no comment, nothing behind its end", () => {
  const kept = [...block(0xdb, 1, 2), ...block(0xc0, 3)];
  const scan = [...block(0xda, 4), 5, 6, 0xff, 0, 7, 0xff, 0xd9];
  const words = [...block(0xe0, 8), ...block(0xe1, 9, 9), ...block(0xfe, 10)];
  const whole = Uint8Array.from([0xff, 0xd8, ...words, ...kept, ...block(0xed, 11), ...scan, 12, 13]);
  assert.deepEqual([...bare(whole)], [0xff, 0xd8, ...kept, ...scan]);
  for (const no of [[], [0xff, 0xd8], [0xff, 0xd8, 1, 2], [0xff, 0xd8, 0xff, 0xd9], [0xff, 0xd8, ...scan.slice(0, -2)]]) {
    assert.throws(() => bare(Uint8Array.from(no)), NotCleaned);
  }
});

const TODAY = "2026-11-29";
const REFUSED = {
  place: "1201综采工作面", shift: "NIGHT", day: TODAY, since: TODAY, danger: "GAS", clause: "", words: "瓦斯超限",
};

test("what a refusal lacks is told before a receipt is made, field by field", () => {
  assert.deepEqual(refusalFaults(REFUSED, TODAY), {});
  assert.deepEqual(refusalFaults({ ...REFUSED, danger: "", clause: "断线不入井" }, TODAY), {});
  const wrong = [
    [{ place: " \u3000" }, { place: "place_missing" }], [{ place: "长".repeat(101) }, { place: "place_long" }],
    [{ clause: "长".repeat(501) }, { clause: "clause_long" }], [{ shift: "" }, { shift: "shift_missing" }],
    [{ danger: "", clause: "\u3000" }, { danger: "danger_missing" }], [{ words: " \n" }, { words: "words_missing" }],
    [{ day: "" }, { day: "day_missing" }], [{ day: "2026-11-21", since: "2026-11-01" }, { day: "day_far" }],
    [{ day: "2026-12-31" }, { day: "day_far" }], [{ since: "2026-11-30" }, { since: "since_late" }],
  ];
  for (const [changed, faults] of wrong) assert.deepEqual(refusalFaults({ ...REFUSED, ...changed }, TODAY), faults);
  assert.deepEqual(wordsFaults({ words: "\u3000" }), { words: "words_missing" });
  assert.deepEqual(whoFaults({ mode: "CONTACT", name: "", contact: " " }), { contact: "contact_missing" });
});

test("a place is one line as the server takes it", () => {
  assert.equal(oneLine(" 1201\u3000综采\t工作面\u200b北 "), "1201 综采 工作面 北");
});

test("a failed filing is known as nothing, unknown, filed or over", () => {
  const refused = (code) => new Refused({ code });
  const silent = new Unreachable("HTTP 503");
  assert.equal(stageAfter({}, silent), "nothing");
  assert.equal(stageAfter({ stage: "unknown" }, silent), "unknown");
  assert.equal(stageAfter({ stage: "unknown" }, refused("RECIPIENTS_CHANGED")), "nothing");
  assert.equal(stageAfter({ stage: "unknown", filed: {} }, silent), "filed");
  assert.equal(stageAfter({}, refused("RESERVATION_OVER")), "over");
  const lost = {};
  stageAfter(lost, silent);
  lost.stage = "unknown";
  assert.equal(stageAfter(lost, refused("RESERVATION_OVER")), "unknown");
});

test("what is known by its hour alone is told as an hour, and a minute as a minute", () => {
  const [minute, hour] = ["2026-11-29T05:07:00.000Z", "2026-11-29T05:00:00.000Z"];
  assert.equal(hourOf(minute), "2026年11月29日13时7分");
  assert.equal(withinHour(hour), "2026年11月29日13时至14时");
  assert.equal(withinHour("2026-11-29T15:00:00.000Z"), "2026年11月29日23时至24时");
});

test("of one hour what the reporter said comes first, and what waits comes last", () => {
  const [urgent, office, next] = ["2026-11-29T05:07:00.000Z", "2026-11-29T05:00:00.000Z", "2026-11-29T06:00:00.000Z"];
  const told = [[null, true], [next, true], [office, false], [urgent, true]].map(([hour, mine]) => ({ hour, mine }));
  assert.deepEqual(told.sort(byHour).map(({ hour }) => hour), [urgent, office, next, null]);
});
