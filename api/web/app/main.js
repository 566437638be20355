/** Where the page begins: who is here, what is under way, and which view is shown. */

import { wake, retry } from "./drain.js";
import { h } from "./dom.js";
import { Phone } from "./phone.js";
import { warm } from "./reader.js";
import { changed, listen, reread, state } from "./state.js";
import { endCutFilms } from "./taking.js";
import { camera } from "./views/camera.js";
import { home } from "./views/home.js";
import { me } from "./views/me.js";
import { open } from "./views/open.js";
import { piece } from "./views/piece.js";
import { signIn } from "./views/signin.js";
import { language, speak, t } from "./words.js";

const VIEWS = { "": home, camera, me, open, piece, signin: signIn };
const root = document.getElementById("app");
let shown = null;

/** A view is made once for its address; `update` is called after changes, `end` when another takes its place. */
function show() {
  const [name = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  const wanted = state.phone === null ? "signin" : name in VIEWS ? name : "";
  document.getElementById("said").replaceChildren();
  shown?.end?.();
  shown = VIEWS[wanted](rest.join("/"), { again: show, enter, leave });
  root.replaceChildren(shown.element);
  document.body.dataset.view = wanted || "home";
  window.scrollTo(0, 0);
}

/** Somebody has signed in. */
async function enter(phone) {
  if (state.phone !== null && state.phone !== phone) state.phone.kept.close();
  changed({ phone, mustSignIn: false, trouble: null, line: navigator.onLine ? "online" : "offline" });
  await endCutFilms(phone);
  await reread();
  location.hash = "#/";
  show();
  retry(phone);
}

async function leave() {
  const { phone } = state;
  state.phone = null;
  await phone.signOut();
  changed({ inspections: [], pieces: [], trouble: null, mustSignIn: false });
  location.hash = "#/signin";
  show();
}

async function begin() {
  speak(language());
  if (!globalThis.crypto?.subtle) {
    root.replaceChildren(h("p.alone", {}, t("e_NO_CRYPTO")));
    return;
  }
  navigator.serviceWorker?.register("/app/sw.js", { scope: "/app/" }).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  const phone = await Phone.ofLastPerson();
  if (phone !== null && phone.device.enrolled) {
    changed({ phone });
    await endCutFilms(phone);
    await reread();
    retry(phone);
  }
  warm();
  show();
  listen(() => shown?.update?.());
  window.addEventListener("hashchange", show);
  window.addEventListener("online", () => {
    if (state.phone) retry(state.phone);
  });
  window.addEventListener("offline", () => changed({ line: "offline" }));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wake();
  });
}

begin();
