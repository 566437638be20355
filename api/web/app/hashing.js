/** The worker that reads originals: it measures what was taken, and checks sealed receipts against it. */

import { anyHost, HEAD_SIZE, makeBundle, measure, mediaTypeOf, verifyBundle } from "../pithead.js";

/** SHA-256 in WebAssembly where set-up has installed it; else the package's own. */
async function fastHash() {
  try {
    await import("../vendor/sha256.js");
    const hash = await globalThis.hashwasm.createSHA256();
    hash.init();
    return { update: (bytes) => hash.update(bytes), digest: () => hash.digest("binary") };
  } catch {
    return undefined;
  }
}

const ASKED = {
  async measure({ original }, progress) {
    const head = new Uint8Array(await original.slice(0, HEAD_SIZE).arrayBuffer());
    const measured = await measure(original, { whole: await fastHash(), progress });
    return { ...measured, type: mediaTypeOf(head) };
  },
  async verify({ parts, original, trust }) {
    const { status, complete, summary, checks } = await verifyBundle(makeBundle(parts), {
      original,
      trust,
      verifier: anyHost,
      name: original === null ? undefined : parts.file,
      whole: original ? await fastHash() : undefined,
    });
    return { status, complete, summary, checks: checks.map(({ name, ok, detail }) => ({ name, ok, detail })) };
  },
};

self.onmessage = async ({ data: { number, ask, given } }) => {
  try {
    const answer = await ASKED[ask](given, (bytes) => self.postMessage({ number, progress: bytes }));
    self.postMessage({ number, answer });
  } catch (error) {
    self.postMessage({ number, fault: { name: error?.name ?? "Error", message: String(error?.message ?? error) } });
  }
};
