/* Talking to the API: JSON in and out, problem documents as errors, and knowing whether we are online. */

const TIMEOUT_MS = 15000;
const listeners = new Set();
let online = navigator.onLine;

/** What the server refused (`status` > 0) or why it could not be asked (`status` 0, code "offline"). */
export class Problem extends Error {
  constructor({ status = 0, code = "offline", detail = "", errors = {}, extra = {} }) {
    super(detail || code);
    Object.assign(this, { status, code, detail, errors, extra });
  }
  /** Trying the same again may help: no answer, or a server that was busy. */
  get temporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** `await request("POST", url, {body, headers})` -> parsed JSON. Throws `Problem`. `cache: "no-cache"` for what has an ETag. */
export async function request(method, url, { body, headers = {}, timeout = TIMEOUT_MS, cache = "no-store" } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
      // A page reached by "back" would otherwise be given the answers of its first visit.
      cache,
      credentials: "same-origin",
      signal: AbortSignal.timeout ? AbortSignal.timeout(timeout) : undefined,
    });
  } catch {
    setOnline(navigator.onLine && (await reachable()));
    throw new Problem({});
  }
  setOnline(true);
  const data = await response.json().catch(() => null);
  if (response.ok) return data;
  const { code = `http_${response.status}`, detail = "", errors = {}, ...extra } = data || {};
  throw new Problem({ status: response.status, code, detail, errors: errors || {}, extra });
}

/** Be told when the connection goes and comes back; called at once with the present state. */
export function onConnection(listener) {
  listeners.add(listener);
  listener(online);
  return () => listeners.delete(listener);
}

export const isOnline = () => online;

function setOnline(now) {
  if (now === online) return;
  online = now;
  listeners.forEach((listener) => listener(online));
  if (!online) setTimeout(probe, 3000);
}

// A phone that says it is online may be behind a dead router: ask for one small file of our own.
async function reachable() {
  try {
    await fetch("/livez", { method: "HEAD", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

async function probe() {
  if (online) return;
  if (navigator.onLine && (await reachable())) setOnline(true);
  else setTimeout(probe, 5000);
}

addEventListener("online", probe);
addEventListener("offline", () => setOnline(false));
