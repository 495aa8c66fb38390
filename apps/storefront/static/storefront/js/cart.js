/* The bag, as the server has it plus what is still on its way there.
 *
 * Every change is put into a queue that survives a reload and is sent in order, each with its own Idempotency-Key: a dead
 * connection delays a change but neither loses nor doubles it. The answer of the server always replaces what we believed.
 */

import { onConnection, request } from "../../core/js/http.js";
import { t } from "../../core/js/format.js";
import { toast } from "../../core/js/toast.js";

const UNDO_MS = 5000;
const ADDED_MS = 2500; // the bag itself is in sight and says the same
const SETTLE_MS = 350;
const RETRY_MS = 4000;
const LONGEST_RETRY_MS = 60000;
const EMPTY = { items: [], combo_items: [], item_count: 0, subtotal: 0, total: 0, problems: [] };

let api = "";
let slug = "";
let server = null; // last answer
let failed = false;
let retryPause = RETRY_MS;
let queue = [];
let sending = null;
const wished = new Map(); // line id -> {quantity, timer}: shown at once, sent when the finger rests
const listeners = new Set();

export function setUpCart(base, store) {
  api = base;
  slug = store;
  queue = read(`comanda_queue:${slug}`, []);
  onConnection((online) => { if (online && api && (queue.length || failed)) settle(); });
  addEventListener("pagehide", () => { wished.forEach((_, id) => commit(id)); });
}

/** The key that makes this browser's bag; permanent, as the API expects. */
export function cartKey() {
  let key = localStorage.getItem("comanda_cart_key");
  if (!key) {
    key = `cart_${uuid()}`;
    localStorage.setItem("comanda_cart_key", key);
  }
  return key;
}

export function uuid() {
  return crypto.randomUUID ? crypto.randomUUID() : fallbackUuid();
}

// randomUUID only exists in secure contexts; a shop's tablet may open the page by its local address.
function fallbackUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function onCart(listener) {
  listeners.add(listener);
  listener(view());
}

/** {items, combo_items, lines, item_count, subtotal, total, …, loading, failed, waiting}: with wishes already applied. */
export function view() {
  const cart = server || EMPTY;
  const apply = (line) => {
    const wish = wished.get(line.id);
    const quantity = wish ? wish.quantity : line.quantity;
    const total = quantity === line.quantity && line.line_total !== undefined ? Number(line.line_total) : Number(line.unit_price) * quantity;
    return { ...line, quantity, line_total: total };
  };
  const alive = (line) => line.quantity > 0;
  const items = (cart.items || []).map(apply).filter(alive);
  const combos = (cart.combo_items || []).map(apply).filter(alive);
  const lines = [...items, ...combos];
  const before = [...(cart.items || []), ...(cart.combo_items || [])].reduce((sum, line) => sum + Number(line.line_total ?? line.unit_price * line.quantity), 0);
  const change = lines.reduce((sum, line) => sum + line.line_total, 0) - before;
  return {
    ...cart, items, combo_items: combos, lines,
    item_count: lines.reduce((sum, line) => sum + line.quantity, 0),
    subtotal: Number(cart.subtotal ?? before) + change, total: Number(cart.total ?? before) + change,
    loading: server === null && !failed, failed: failed && server === null, waiting: queue.length,
  };
}

/** How many of a product or combo are in the bag. */
export function countOf(id) {
  return view().lines.filter((line) => String(line.product || line.combo) === String(id)).reduce((sum, line) => sum + line.quantity, 0);
}

export function loadCart() {
  failed = false;
  emit();
  return settle();
}

export function addToCart(body, name) {
  enqueue({ method: "POST", path: "cart/add/", body, name });
  toast(t("added", { name }), { duration: ADDED_MS });
}

export function setQuantity(line, quantity) {
  const wish = wished.get(line.id);
  if (wish) clearTimeout(wish.timer);
  wished.set(line.id, { quantity, timer: setTimeout(() => commit(line.id), quantity > 0 ? SETTLE_MS : UNDO_MS) });
  emit();
}

/** Gone at once, really gone after five seconds: until then it can be taken back. */
export function removeLine(line) {
  setQuantity(line, 0);
  toast(t("removed", { name: line.product_name || line.combo_name }), { action: t("undo"), duration: UNDO_MS, onaction: () => {
    clearTimeout(wished.get(line.id)?.timer);
    wished.delete(line.id);
    emit();
  } });
}

/** Everything sent and answered; throws the problem of the connection if it cannot be. */
export async function flush() {
  [...wished.keys()].forEach(commit);
  await settle();
  if (queue.length || failed) throw new Error("offline");
}

function commit(id) {
  const wish = wished.get(id);
  if (!wish || wish.sent) return;
  clearTimeout(wish.timer);
  wish.sent = true;
  const path = `cart/item/${id}/`;
  enqueue(wish.quantity > 0 ? { method: "PATCH", path, body: { quantity: wish.quantity }, line: id } : { method: "DELETE", path, line: id });
}

function enqueue(change) {
  queue.push({ ...change, key: uuid() });
  save();
  emit();
  settle();
}

function settle() {
  sending ||= drain().finally(() => { sending = null; });
  return sending;
}

async function drain() {
  const headers = (change) => ({ "X-Cart-Key": cartKey(), ...(change ? { "Idempotency-Key": change.key } : {}) });
  try {
    if (!queue.length) server = await request("GET", `${api}cart/`, { headers: headers() });
    while (queue.length) {
      const change = queue[0];
      try {
        server = await request(change.method, api + change.path, { body: change.body, headers: headers(change) });
      } catch (problem) {
        if (problem.temporary) throw problem;
        toast(problem.status === 404 && change.line ? t("line_problem") : t("change_failed", { detail: problem.detail || problem.code }));
        server = await request("GET", `${api}cart/`, { headers: headers() });
      }
      queue.shift();
      if (change.line && wished.get(change.line)?.sent) wished.delete(change.line);
      save();
      emit();
    }
    failed = false;
    retryPause = RETRY_MS;
  } catch {
    failed = true;
    setTimeout(() => { if (failed) settle(); }, retryPause);
    retryPause = Math.min(retryPause * 2, LONGEST_RETRY_MS);
  }
  emit();
}

function save() {
  localStorage.setItem(`comanda_queue:${slug}`, JSON.stringify(queue));
}

function emit() {
  const now = view();
  listeners.forEach((listener) => listener(now));
}

/** A JSON value kept in this browser, or `otherwise` if there is none or it is damaged. */
export function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
