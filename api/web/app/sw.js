/** Keeps the page itself for use without a network; VERSION and FILES stand above, put there by the server. */
/* global VERSION, FILES */

const SHELL = `pithead-shell-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(SHELL);
      // Past the browser's own cache: what is kept here must be one version, whole.
      await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("pithead-shell-") && name !== SHELL);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const path = url.pathname === "/app" ? "/app/" : url.pathname;
  if (!FILES.includes(path)) return; // Calls and originals never pass through here.
  event.respondWith(
    (async () => {
      const kept = await (await caches.open(SHELL)).match(path);
      return kept ?? fetch(request);
    })(),
  );
});
