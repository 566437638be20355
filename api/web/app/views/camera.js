/** The camera: photos and films, kept on this phone before anything else is done with them. */

import { h } from "../dom.js";
import { wake } from "../drain.js";
import { head, notice, say } from "../frame.js";
import { length } from "../format.js";
import { mark } from "../marks.js";
import { changed, current, reread, state } from "../state.js";
import { titleOf } from "../telling.js";
import { FilmTaking, keepFile, NotTaken, thumbOf, watchPlace } from "../taking.js";
import { t } from "../words.js";

const SECOND = 1_000;
// WebM first: it is handed out second by second, where MP4 may come in one piece at the end, or never after a kill.
const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];

export function camera() {
  const inspection = current();
  if (inspection === null) {
    location.hash = "#/";
    return { element: h("div") };
  }
  const video = h("video", { muted: true, autoplay: true, playsInline: true });
  const finder = h("div.finder", {}, video, h("p.waiting", {}, t("camera_waiting")));
  const time = h("p.running.figures", { hidden: true });
  const shutter = h("button.shutter", { type: "button", disabled: true, on: { click: press } });
  const file = h("input", {
    type: "file",
    accept: "image/*,video/*,audio/*",
    id: "file",
    hidden: true,
    on: { change: chosen },
  });
  const modes = h("div.switch", { role: "group" });
  let [mode, stream, film, recorder, ticking] = ["photo", null, null, null, null];
  let ended = false;
  const stopPlace = watchPlace();

  function drawModes() {
    const choice = (name) =>
      h(
        "button",
        {
          type: "button",
          aria: { pressed: String(mode === name) },
          disabled: film !== null,
          on: { click: () => turn(name) },
        },
        t(name),
      );
    modes.replaceChildren(choice("photo"), choice("film"));
    shutter.dataset.mode = film ? "stop" : mode;
    shutter.setAttribute("aria-label", t(film ? "stop" : mode === "photo" ? "shutter" : "record"));
  }

  async function turn(name) {
    mode = name;
    drawModes();
    await start();
  }

  async function start() {
    stopStream();
    shutter.disabled = true;
    try {
      const found = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: mode === "photo" ? 4096 : 1920 } },
        audio: mode === "film",
      });
      if (ended) return found.getTracks().forEach((track) => track.stop());
      stream = found;
      video.srcObject = stream;
      finder.replaceChildren(video);
      await firstFrame(video);
      shutter.disabled = false;
    } catch {
      finder.replaceChildren(notice("amber", t("camera_denied"), t("camera_denied_text")));
    }
  }

  function stopStream() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  }

  async function press() {
    if (mode === "photo") await keeping(async () => keepFile(state.phone, inspection, await still(stream, video)));
    else if (film === null) await startFilm();
    else await stopFilm();
  }

  async function startFilm() {
    const thumb = await thumbOf(video);
    const taking = new FilmTaking(state.phone, inspection, { thumb });
    await taking.begin();
    film = taking;
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, { mimeType });
    recorder.ondataavailable = ({ data }) => {
      taking.add(data);
      taking.writing.catch(noRoom);
    };
    recorder.start(SECOND);
    time.hidden = false;
    const begun = Date.now();
    ticking = setInterval(() => {
      time.textContent = length(Date.now() - begun);
    }, 250);
    time.textContent = length(0);
    drawModes();
    reread();
  }

  async function stopFilm() {
    const [taking, stopped] = [film, recorder];
    film = recorder = null;
    clearInterval(ticking);
    time.hidden = true;
    await new Promise((resolve) => {
      stopped.onstop = resolve;
      stopped.stop();
    });
    await taking.end();
    await reread();
    if (!ended) drawModes();
    say(t("kept_film", { name: titleOf(taking.row) }));
    wake();
  }

  async function chosen() {
    for (const one of [...file.files]) await keeping(() => keepFile(state.phone, inspection, one));
    file.value = "";
  }

  async function keeping(step) {
    shutter.disabled = true;
    try {
      const row = await step();
      await reread();
      say(t("kept_here", { name: titleOf(row) }));
      flash();
    } catch (error) {
      if (error instanceof NotTaken) say(t("not_taken"), "cinnabar");
      else if (error?.name === "QuotaExceededError") noRoom(error);
      else say(t("e_UNKNOWN", { what: error?.message ?? error }), "cinnabar");
    } finally {
      shutter.disabled = stream === null;
    }
    wake();
  }

  function noRoom(error) {
    say(t(error?.name === "QuotaExceededError" ? "no_room" : "e_UNKNOWN", { what: error?.message }), "cinnabar");
  }

  function flash() {
    finder.classList.remove("flash");
    requestAnimationFrame(() => finder.classList.add("flash"));
  }

  drawModes();
  start();
  const element = h(
    "div.page.camera",
    {},
    head({ back: "#/", title: inspection.mineName }),
    finder,
    time,
    h(
      "footer.controls",
      {},
      modes,
      shutter,
      h("label.button.quiet", { htmlFor: "file" }, mark("file"), t("from_files")),
      file,
    ),
  );

  async function end() {
    ended = true;
    stopPlace();
    if (film) await stopFilm();
    stopStream();
    changed();
  }

  return { element, end };
}

/** A camera gives black frames until it has woken up. */
async function firstFrame(video) {
  if (typeof video.requestVideoFrameCallback !== "function") return;
  for (let frames = 0; frames < 3; frames += 1)
    await new Promise((resolve) => {
      video.requestVideoFrameCallback(resolve);
    });
}

/** A photo at the camera's full resolution where the browser can take one, else the frame that is shown. */
async function still(stream, video) {
  const [track] = stream.getVideoTracks();
  if (typeof globalThis.ImageCapture === "function") {
    try {
      return await new ImageCapture(track).takePhoto();
    } catch {
      // Some cameras show pictures and take none: the frame is taken instead.
    }
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", 0.95);
  });
}
