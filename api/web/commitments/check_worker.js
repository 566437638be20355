/** Keeps the checking page for use without a network; VERSION and FILES stand above, put there by the server. */
/* global VERSION, FILES */

const CHECK = `pithead-check-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CHECK);
      // Past the browser's own cache: what is kept here must be one version, whole.
      await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("pithead-check-") && name !== CHECK);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !FILES.includes(url.pathname)) return;
  event.respondWith(
    (async () => {
      const kept = await (await caches.open(CHECK)).match(url.pathname);
      return kept ?? fetch(event.request);
    })(),
  );
});
