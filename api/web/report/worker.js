/** The worker that computes, so that the page stays awake: quick exit must answer at once. */

import { ASKED } from "./computing.js";

self.onmessage = async ({ data: { ask, given } }) => {
  try {
    self.postMessage({ answer: await ASKED[ask](given) });
  } catch (error) {
    self.postMessage({ fault: { name: error?.name ?? "Error", message: String(error?.message ?? error) } });
  }
};
