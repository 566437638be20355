/** What a file in a bundle or a pack may be called (protocol §8): nothing else may live here. */

import { utf8 } from "./bytes.js";

// Fixed ranges and not the properties of Unicode, which say something else in every host's version of it.
const UNSEEN = new RegExp(
  "[\\u0000-\\u001f\\u007f-\\u00a0\\u00ad\\u061c\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000" +
    "\\ud800-\\uf8ff\\ufdd0-\\ufdef\\ufeff\\ufff0-\\uffff\\u{e0000}-\\u{10ffff}]",
  "u",
);
const UNSAFE = /[/\\:*?"<>|]/;

/** May this be the name of an original? One visible file name, not a path, at most 255 bytes. @returns {boolean} */
export function isPlainName(name) {
  if (typeof name !== "string" || name === "." || name === ".." || UNSEEN.test(name) || UNSAFE.test(name)) return false;
  const size = utf8(name).length;
  return size >= 1 && size <= 255;
}
