/** A voice note with another voice: a pitch that wanders, telephone quality, a fresh file of plain samples. */

import { LARGEST } from "../protocol/reports/reports.js";
import { NotCleaned } from "./photos.js";

/** Samples a second of what comes out: as on the telephone, where less of a person is heard. */
export const RATE = 8_000;
/** The longest note, in seconds. */
export const LONGEST = 600;
// A grain of 40 ms, a few periods of a voice; how much lower or higher it becomes, and how far that wanders.
const GRAIN = 320;
const [BELOW, ABOVE, WANDER] = [[0.68, 0.8], [1.3, 1.48], 0.05];
const HEAD = 44;

/**
 * The masked voice of a sound that the browser can decode; of a film, its sound alone.
 * @param {File} file
 * @returns {Promise<{data: Uint8Array, kind: "VOICE", type: string, url: string, seconds: number}>}
 */
export async function masked(file) {
  const plain = await samplesOf(file);
  if (plain.length === 0) throw new NotCleaned("voice_not_read");
  if (plain.length > LONGEST * RATE) throw new NotCleaned("voice_long");
  const [from, to] = uniform(0, 1) < 0.5 ? BELOW : ABOVE;
  const data = written(shifted(plain, uniform(from, to)));
  if (data.length > LARGEST) throw new NotCleaned("voice_long");
  const url = URL.createObjectURL(new Blob([data], { type: "audio/wav" }));
  return { data, kind: "VOICE", type: "audio/wav", url, seconds: plain.length / RATE };
}

/** One channel at the telephone's rate: nothing but the sound itself comes through the browser's decoder. */
async function samplesOf(file) {
  if (file.size > 64 * 2 ** 20) throw new NotCleaned("voice_long");
  let sound;
  try {
    sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer());
  } catch {
    throw new NotCleaned("voice_not_read");
  }
  const channels = Array.from({ length: sound.numberOfChannels }, (_, number) => sound.getChannelData(number));
  return Float32Array.from(channels[0], (_, at) => channels.reduce((sum, one) => sum + one[at], 0) / channels.length);
}

/**
 * Grains read faster or slower than they are laid down: the length stays, the pitch does not.
 *
 * The factor wanders from grain to grain, so that one number does not turn the voice back.
 */
export function shifted(samples, factor, draw = uniform) {
  const turn = (at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / GRAIN);
  const window = Float32Array.from({ length: GRAIN }, (_, at) => turn(at));
  const out = new Float32Array(samples.length + GRAIN);
  const half = GRAIN / 2;
  let now = factor;
  for (let start = 0; start < samples.length; start += half) {
    const wandered = now + (factor * draw(-WANDER, WANDER)) / 4;
    now = Math.min(Math.max(wandered, factor * (1 - WANDER)), factor * (1 + WANDER));
    const begin = start + half * (1 - now);
    for (let at = 0; at < GRAIN; at += 1) out[start + at] += window[at] * between(samples, begin + at * now);
  }
  return out.subarray(0, samples.length);
}

/** The sound between two samples. */
function between(samples, where) {
  const left = Math.floor(where);
  if (left < 0 || left >= samples.length - 1) return 0;
  const part = where - left;
  return samples[left] * (1 - part) + samples[left + 1] * part;
}

/** A WAV of 16 bits that holds samples alone. */
export function written(samples) {
  const loudest = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  const view = new DataView(new ArrayBuffer(HEAD + 2 * samples.length));
  const word = (at, text) => Array.from(text, (sign, number) => view.setUint8(at + number, sign.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // Plain samples,
  view.setUint16(22, 1, true); // in one channel.
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((one, at) => view.setInt16(HEAD + 2 * at, Math.round((32_767 * one) / loudest), true));
  return new Uint8Array(view.buffer);
}

/** A number between two others, of the host's generator: whoever could tell it could turn the voice back. */
function uniform(low, high) {
  const [drawn] = crypto.getRandomValues(new Uint32Array(1));
  return low + ((high - low) * drawn) / 2 ** 32;
}
