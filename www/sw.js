// Keeps the page for when there is no network.
//
// One version at a time: all files of a build are stored together before any of them is used, and a page that is
// open goes on with the build that it began with. A newer build is fetched whole in the background and serves the
// page once every tab of the older one is closed. FILES and VERSION are written by `cargo xtask page`.
const VERSION = "";
const FILES = [];

const own = `migfit ${registration.scope} ${VERSION}`;

addEventListener("install", (event) => {
  const fetched = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(own).then((cache) => cache.addAll(fetched)));
});

addEventListener("activate", (event) => {
  const older = (name) => name.startsWith(`migfit ${registration.scope} `) && name !== own;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(older).map((name) => caches.delete(name)))));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const stored = caches.open(own).then((cache) => cache.match(request.mode === "navigate" ? "./" : request));
  event.respondWith(stored.then((found) => found ?? fetch(request)));
});
