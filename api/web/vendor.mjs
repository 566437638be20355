// What may live here: unpacking what npm installed into the few files that the pages load; `make vendor` runs it.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

const vendor = resolve(process.argv[2]);
const installed = join(vendor, "node_modules");

// The digest of long films: WebAssembly in one file, since WebCrypto has no streaming digest. It sets `hashwasm`.
await copyFile(join(installed, "hash-wasm/dist/sha256.umd.min.js"), join(vendor, "sha256.js"));
await copyFile(join(installed, "hash-wasm/LICENSE"), join(vendor, "sha256.LICENSE"));

// The keys of reporters: Argon2id, which no browser has, and the curves for browsers that lack them. Set `hashwasm`, `nacl`.
await copyFile(join(installed, "hash-wasm/dist/argon2.umd.min.js"), join(vendor, "argon2.js"));
await copyFile(join(installed, "hash-wasm/LICENSE"), join(vendor, "argon2.LICENSE"));
await copyFile(join(installed, "tweetnacl/nacl-fast.min.js"), join(vendor, "nacl.js"));
await copyFile(join(installed, "tweetnacl/LICENSE"), join(vendor, "nacl.LICENSE"));

// The code of a notice board, for browsers that read none by themselves: two modules, of which one imports the other.
await mkdir(join(vendor, "qr"), { recursive: true });
for (const name of ["decode.js", "index.js"]) await copyFile(join(installed, "qr", name), join(vendor, "qr", name));
await copyFile(join(installed, "qr/LICENSE-MIT"), join(vendor, "qr", "LICENSE"));

// The explorer comes as strings of one module; as files they need neither `blob:` nor inline code in the page's policy.
const explorer = join(installed, "@graphql-yoga/render-graphiql");
const parts = await import(pathToFileURL(join(explorer, "esm/graphiql.js")));
const folder = join(vendor, "graphiql");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "graphiql.js"), parts.js);
await writeFile(join(folder, "graphiql.css"), parts.css);
await writeFile(join(folder, "editor.worker.js"), parts.editorWorkerService);
await writeFile(join(folder, "json.worker.js"), parts.jsonWorker);
await writeFile(join(folder, "graphql.worker.js"), parts.graphqlWorker);
await copyFile(join(explorer, "LICENSE"), join(folder, "LICENSE"));

// What the browser tests look for barriers with (axe-core, MPL-2.0): no page loads it, and nobody is served it unasked.
await mkdir(join(vendor, "axe"), { recursive: true });
await copyFile(join(installed, "axe-core/axe.min.js"), join(vendor, "axe", "axe.min.js"));
await copyFile(join(installed, "axe-core/LICENSE"), join(vendor, "axe", "LICENSE"));
