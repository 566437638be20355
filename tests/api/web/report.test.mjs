/** What the reporters' page computes of its own: bare JPEGs, and voices at another pitch in a file of samples alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bare, NotCleaned } from "../../../api/web/report/photos.js";
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
