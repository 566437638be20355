/** Photos without what a camera writes beside them: their pixels alone, drawn anew, as a JPEG without other blocks. */

import { LARGEST } from "../protocol/reports/reports.js";

/** The longest side of what is sent, in pixels. */
export const LONGEST_SIDE = 2_560;
const [MOST_PIXELS, QUALITY] = [200_000_000, 0.88];
const [COMMENT, FIRST_APP, LAST_APP, SCAN, END] = [0xfe, 0xe0, 0xef, 0xda, 0xd9];

/** This picture cannot be cleaned here, so it is not sent; `reason` is the name of a sentence. */
export class NotCleaned extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * A cleaned photo: upright, at most 2,560 px, without place, time, device or any other word.
 * @param {File} file
 * @returns {Promise<{data: Uint8Array, kind: "PHOTO", type: string, url: string, width: number, height: number}>}
 */
export async function cleaned(file) {
  const picture = await decoded(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const drawing = canvas.getContext("2d", { alpha: false });
  if (drawing === null) throw new NotCleaned("photo_not_read");
  drawing.fillStyle = "#fff"; // What is transparent would be black.
  drawing.fillRect(0, 0, width, height);
  drawing.drawImage(picture, 0, 0, width, height);
  picture.close?.();
  const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // Gives the pixels back: cheap phones have few.
  if (made === null) throw new NotCleaned("photo_not_read");
  const data = bare(new Uint8Array(await made.arrayBuffer()));
  if (data.length > LARGEST) throw new NotCleaned("photo_large");
  const url = URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));
  return { data, kind: "PHOTO", type: "image/jpeg", url, width, height };
}

async function decoded(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new NotCleaned("photo_not_read");
  }
  if (picture.width * picture.height > MOST_PIXELS) throw new NotCleaned("photo_large");
  return picture;
}

/**
 * A JPEG without any block of words: every APP and comment goes, whatever the browser put into it.
 *
 * The tables and the picture stay; NotCleaned if it is not laid out as a JPEG is.
 * @param {Uint8Array} jpeg
 */
export function bare(jpeg) {
  const kept = [jpeg.subarray(0, 2)];
  let at = 2;
  for (;;) {
    const kind = jpeg[at + 1];
    if (jpeg[at] !== 0xff || kind === undefined || kind === END) throw new NotCleaned("photo_not_read");
    if (kind === SCAN) break;
    const next = at + 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]);
    if (kind !== COMMENT && !(kind >= FIRST_APP && kind <= LAST_APP)) kept.push(jpeg.subarray(at, next));
    at = next;
  }
  // Nothing may stand behind the picture's end, where some programs hide more pictures.
  let end = jpeg.length;
  while (end > at && !(jpeg[end - 2] === 0xff && jpeg[end - 1] === END)) end -= 1;
  if (end === at) throw new NotCleaned("photo_not_read");
  kept.push(jpeg.subarray(at, end));
  const whole = new Uint8Array(kept.reduce((sum, one) => sum + one.length, 0));
  let put = 0;
  for (const one of kept) {
    whole.set(one, put);
    put += one.length;
  }
  return whole;
}
