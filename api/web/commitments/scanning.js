/** Reading the code of a notice board by the browser's own detector, from the camera or a photo: nothing else lives here. */

import { CODE_PREFIX } from "../protocol/commitments/commitments.js";

const PAUSE = 150;

/** Can this browser read QR codes by itself? Some have the name and read nothing. @returns {Promise<boolean>} */
export async function canDetect() {
  try {
    return (await globalThis.BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

/** The text of the code in a photo; null if there is none. @param {Blob} photo @returns {Promise<string | null>} */
export async function readPhoto(photo) {
  const picture = await createImageBitmap(photo);
  try {
    return await codeIn(picture);
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
      const text = await codeIn(video);
      if (text !== null) return text;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function codeIn(picture) {
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  const texts = (await detector.detect(picture)).map(({ rawValue }) => rawValue);
  return texts.find((text) => text.startsWith(CODE_PREFIX)) ?? null; // The sheet has another one, of an address.
}
