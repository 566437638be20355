/** Reading the code of a notice board, from the camera or a photo, by the browser or by what set-up installed for it. */

import { CODE_PREFIX } from "../protocol/commitments/commitments.js";

const PAUSE = 150;
/** The longest side, in pixels, at which a picture is looked at: small first, since most codes are found in it at once. */
const SIDES = [1_600, 3_200];
let decoder = null;

/** Can codes be read here? Some browsers have the name of a detector and read nothing. @returns {Promise<boolean>} */
export async function canDetect() {
  try {
    if ((await globalThis.BarcodeDetector.getSupportedFormats()).includes("qr_code")) return true;
  } catch {
    // No detector of its own: the one beside us does as well.
  }
  try {
    decoder = await import("../vendor/qr/decode.js");
    return true;
  } catch {
    return false; // It was not installed, or is not kept here: the text is typed or pasted.
  }
}

/** The text of the code in a photo; null if there is none. @param {Blob} photo @returns {Promise<string | null>} */
export async function readPhoto(photo) {
  const picture = await createImageBitmap(photo);
  try {
    return await codeIn(picture, picture, SIDES);
  } finally {
    picture.close();
  }
}

/**
 * Looks through the camera until there is a code or `ended` says so; the text, or null.
 * @param {HTMLVideoElement} video
 * @param {() => boolean} ended
 * @returns {Promise<string | null>}
 */
export async function readCamera(video, ended) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
  });
  try {
    video.srcObject = stream;
    await video.play();
    while (!ended()) {
      const text = await codeIn(video, { width: video.videoWidth, height: video.videoHeight }, SIDES.slice(0, 1));
      if (text !== null) return text;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function codeIn(picture, size, sides) {
  if (decoder === null) {
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    return ours((await detector.detect(picture)).map(({ rawValue }) => rawValue));
  }
  for (const side of sides) {
    const pixels = drawn(picture, size, side);
    if (pixels === null) return null;
    const [read] = await decoder.decodeQRBatch([pixels], { maxSize: { width: pixels.width, height: pixels.height } });
    const text = ours(read.filter((one) => typeof one === "string"));
    if (text !== null || Math.max(size.width, size.height) <= side) return text;
  }
  return null;
}

/** The pixels of a picture whose longer side is at most so long; null while a camera shows nothing yet. */
function drawn(picture, { width, height }, side) {
  if (width === 0 || height === 0) return null;
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return paper.getImageData(0, 0, canvas.width, canvas.height);
}

/** The sheet has another code, of an address. */
function ours(texts) {
  return texts.find((text) => text.startsWith(CODE_PREFIX)) ?? null;
}
