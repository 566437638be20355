/** What is kept on this phone, in IndexedDB: one database for each person who signs in here. */

const STORES = ["settings", "inspections", "pieces", "bytes"];

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * One person's notebook. One rule makes a kill at any point harmless: what an act needs to be repeated as the same act
 * is written down before the act is sent, and what came of it before anything else is done.
 */
export class Kept {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** The notebook of this login; made at the first time. */
  static async of(login) {
    const opening = indexedDB.open(`pithead:${login}`, 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore("settings");
      database.createObjectStore("inspections", { keyPath: "id" });
      database.createObjectStore("pieces", { keyPath: "id" });
      database.createObjectStore("bytes");
    };
    return new Kept(await settled(opening));
  }

  close() {
    this.#database.close();
  }

  async get(name) {
    return (await settled(this.#store("settings").get(name))) ?? null;
  }

  async set(name, value) {
    await this.#write(["settings"], ({ settings }) => settings.put(value, name));
    return value;
  }

  /** All inspections, newest first. */
  async inspections() {
    const rows = await settled(this.#store("inspections").getAll());
    return rows.sort((left, right) => right.notedAt - left.notedAt);
  }

  async writeInspection(row) {
    await this.#write(["inspections"], ({ inspections }) => inspections.put(row));
    return row;
  }

  /** All pieces in the order in which they were taken. */
  async pieces() {
    const rows = await settled(this.#store("pieces").getAll());
    return rows.sort((left, right) => left.number - right.number || left.wall - right.wall);
  }

  async piece(id) {
    return (await settled(this.#store("pieces").get(id))) ?? null;
  }

  /** The piece with these changes, once they are on the disk; what another step wrote meanwhile stays. */
  async writePiece(id, changes) {
    let row;
    await this.#write(["pieces"], async ({ pieces }) => {
      row = { ...(await settled(pieces.get(id))), ...changes };
      pieces.put(row);
    });
    return row;
  }

  /** A new piece with its bytes, both or none. */
  async addPiece(row, blob = null) {
    await this.#write(["pieces", "bytes"], ({ pieces, bytes }) => {
      pieces.put(row);
      if (blob !== null) bytes.put(blob, [row.id, 0]);
    });
    return row;
  }

  /** More bytes of a film that is being taken. */
  async append(id, number, blob) {
    await this.#write(["bytes"], ({ bytes }) => bytes.put(blob, [id, number]));
  }

  /** The phone's own copy; null once it was let go of. @returns {Promise<Blob | null>} */
  async original(id) {
    const found = await settled(this.#store("bytes").getAll(rangeOf(id)));
    return found.length === 0 ? null : new Blob(found);
  }

  /** Lets go of the copy of a piece whose sealed receipt was verified: the row and the bytes in one step. */
  async letGo(id, changes) {
    await this.#write(["pieces", "bytes"], async ({ pieces, bytes }) => {
      pieces.put({ ...(await settled(pieces.get(id))), ...changes });
      bytes.delete(rangeOf(id));
    });
  }

  /** Forgets a piece that was never signed. */
  async forget(id) {
    await this.#write(["pieces", "bytes"], ({ pieces, bytes }) => {
      pieces.delete(id);
      bytes.delete(rangeOf(id));
    });
  }

  #store(name) {
    return this.#database.transaction(name).objectStore(name);
  }

  /** Resolves once the transaction is on the disk, not when the browser promises to write it. */
  async #write(names, change) {
    const transaction = this.#database.transaction(names, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
    });
    const stores = Object.fromEntries(
      STORES.filter((name) => names.includes(name)).map((name) => [name, transaction.objectStore(name)]),
    );
    await change(stores);
    await done;
  }
}

function rangeOf(id) {
  return IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
}
