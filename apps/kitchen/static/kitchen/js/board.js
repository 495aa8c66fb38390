/* The board: cards in order, each redrawn only when its ticket changed, and the station picker above them. */

import { $, empty, h } from "../../core/js/dom.js";
import { t } from "../../core/js/format.js";
import { toast } from "../../core/js/toast.js";
import { card, refreshAge } from "./card.js";
import { act, takeBack } from "./queue.js";
import { api, notes } from "./session.js";
import { isLoaded, onChange, visible } from "./state.js";

const TOASTS = { start: "started_toast", done: "finished_toast", bump: "cleared_toast" };

const cards = new Map(); // ticket id -> {node, signature, ticket}
let board = null;
let brand = "";
let stations = [];
let outlet = ""; // chosen only where there are several
let station = "";
let asked = false;
let pressedAt = 0; // when a finger or mouse button went down on the board; 0 when it is up

// A card that is drawn anew between "down" and "up" swallows the tap: the browser sends no click. So drawing waits for the "up".
const LONGEST_PRESS_MS = 1000;

export function setUpBoard(storeName) {
  brand = storeName;
  board = $("#main");
  outlet = notes.get("outlet", "");
  station = notes.get("station", "");
  onChange(draw);
  board.addEventListener("pointerdown", () => { pressedAt = performance.now(); });
  for (const event of ["pointerup", "pointercancel"]) addEventListener(event, () => { pressedAt = 0; });
  setInterval(age, 1000);
  for (const event of ["scroll", "resize"]) (event === "scroll" ? board : window).addEventListener(event, hidden, { passive: true });
  $("#more").addEventListener("click", () => board.scrollBy({ left: board.clientWidth * 0.8, behavior: "smooth" }));
  setUpSize();
}

/** Ask which stations there are; a bound screen is told only its own. */
export async function loadStations() {
  stations = (await api("GET", "stations/")).results;
  const outlets = outletsOf(stations);
  if (!outlets.some(([id]) => id === outlet)) outlet = outlets.length > 1 ? outlets[0][0] : "";
  if (!here().some((one) => one.slug === station)) station = "";
  draw();
}

export function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(function attempt() {
    if (pressedAt && performance.now() - pressedAt < LONGEST_PRESS_MS) {
      requestAnimationFrame(attempt);
      return;
    }
    asked = false;
    picker();
    redraw();
  });
}

function redraw() {
  const tickets = visible(view());
  const isStationShown = !station && here().length > 1;
  for (const id of [...cards.keys()]) if (!tickets.some((ticket) => ticket.id === id)) cards.delete(id);
  const isRunning = cards.size > 0;
  const held = document.activeElement && document.activeElement.closest(".ticket");
  const nodes = tickets.length ? tickets.map((ticket) => drawn(ticket, isStationShown, isRunning)) : [blank()];
  nodes.forEach((node, place) => {
    if (board.children[place] !== node) board.insertBefore(node, board.children[place] || null);
  });
  while (board.children.length > nodes.length) board.lastElementChild.remove();
  // A bump bar is a keyboard: the next press belongs to the same ticket, though its card was drawn anew.
  if (held && !held.isConnected) $(".ticket__go", document.getElementById(held.id) || board)?.focus();
  hidden();
}

/** How many tickets lie beyond the right edge: none may be forgotten because nobody scrolled. */
function hidden() {
  const edge = board.getBoundingClientRect().right;
  const count = [...cards.values()].filter(({ node }) => node.getBoundingClientRect().left > edge - 60).length;
  const more = $("#more");
  more.hidden = !count;
  $("span", more).textContent = t("more_right", { count });
}

/** Three sizes of everything: a small tablet close by, a big one far away. Kept per screen. */
function setUpSize() {
  let size = notes.get("size", 1);
  const show = () => { document.documentElement.dataset.size = size; };
  $("#size").addEventListener("click", () => {
    size = (size + 1) % 3;
    notes.set("size", size);
    show();
    hidden();
  });
  show();
}

function drawn(ticket, isStationShown, isRunning) {
  const signature = JSON.stringify([ticket, isStationShown]);
  const known = cards.get(ticket.id);
  if (known && known.signature === signature) return known.node;
  const node = card(ticket, { isStationShown, onmain, onitem, onremake });
  node.classList.toggle("ticket--waiting", Boolean(ticket.waiting));
  if (!known && isRunning) node.classList.add("ticket--new");
  cards.set(ticket.id, { node, signature, ticket });
  return node;
}

function blank() {
  if (!isLoaded()) return h("div", { class: "board__blank", "aria-busy": "true" }, [1, 2, 3].map(() => h("span", { class: "skeleton board__ghost" })));
  return empty({ mark: "check", title: t("empty_title"), text: t("empty_text") });
}

function age() {
  for (const { node, ticket } of cards.values()) refreshAge(node, ticket);
}

function onmain(ticket, { verb, body }) {
  const action = act(verb, ticket.id, { body });
  const words = TOASTS[verb];
  if (words) toast(t(words, { number: ticket.number }), { action: t("undo"), onaction: () => takeBack(action) });
}

function onitem(ticket, item) {
  act(item.status === "done" ? "item-undo" : "item-done", ticket.id, { item: item.id });
}

function onremake(ticket, item, reason) {
  act("item-remake", ticket.id, { item: item.id, body: { reason } });
}

// -- stations --------------------------------------------------------------------------------------------------

let pickerSignature = "";

/** What this screen looks at. */
export const view = () => ({ outlet, station });
const here = () => stations.filter((one) => !outlet || one.outlet === outlet);
const outletsOf = (rows) => [...new Map(rows.map((one) => [one.outlet, one.outlet_name]))];

function picker() {
  const bar = $("#stations");
  const mine = here();
  const choices = mine.length > 1 ? [{ slug: "", name: t("all_stations") }, ...mine] : mine;
  const shown = choices.map((one) => [one.slug, one.name, visible({ outlet, station: one.slug }).length, one.slug === station || mine.length === 1]);
  const outlets = outletsOf(stations);
  const signature = JSON.stringify([outlet, outlets, shown]);
  bar.hidden = !stations.length;
  if (signature === pickerSignature) return;
  pickerSignature = signature;
  bar.replaceChildren(...(outlets.length > 1 ? [outletPicker(outlets)] : []), ...shown.map(([slug, name, count, isChosen]) =>
    h("button", { class: "station", type: "button", "aria-pressed": String(isChosen), onclick: () => choose({ station: slug }) },
      h("span", {}, name), h("b", { class: "station__count num", "aria-label": t("open_count", { count }) }, count))));
}

function outletPicker(outlets) {
  return h("select", { class: "tool", "aria-label": t("outlet"), onchange: (event) => choose({ outlet: event.target.value, station: "" }) },
    outlets.map(([id, name]) => h("option", { value: id, selected: id === outlet }, name.replace(brand, "").trim() || name)));
}

function choose(chosen) {
  ({ outlet, station } = { outlet, station, ...chosen });
  notes.set("outlet", outlet);
  notes.set("station", station);
  draw();
}
