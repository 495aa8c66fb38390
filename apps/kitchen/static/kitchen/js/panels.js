/* The side panel: what is to be made in all, or what was cleared last. It stands beside the board and never covers a tap. */

import { $, h, icon } from "../../core/js/dom.js";
import { t } from "../../core/js/format.js";
import { toast } from "../../core/js/toast.js";
import { since } from "./ages.js";
import { view } from "./board.js";
import { act } from "./queue.js";
import { api } from "./session.js";
import { isSeen, onChange, take, visible } from "./state.js";

const SHOWN = 30;
const SETTLE_MS = 300; // a tap is answered within this time: ask for the list after it, once
let soon = null;
let shown = ""; // "all-day", "recall" or nothing

export function setUpPanels() {
  for (const name of ["all-day", "recall"]) $(`#${name}`).addEventListener("click", () => show(shown === name ? "" : name));
  addEventListener("keydown", (event) => event.key === "Escape" && show(""));
  onChange(() => {
    if (shown === "all-day") allDay();
    clearTimeout(soon);
    if (shown === "recall") soon = setTimeout(recall, SETTLE_MS);
  });
}

function show(name) {
  shown = name;
  $("#panel").hidden = !name;
  for (const one of ["all-day", "recall"]) $(`#${one}`).setAttribute("aria-expanded", String(one === name));
  if (name === "all-day") allDay();
  if (name === "recall") {
    fill(t("recall"), t("recall_text"), h("span", { class: "skeleton skeleton--block" }));
    recall();
  }
}

function fill(title, text, ...content) {
  $("#panel").replaceChildren(
    h("header", { class: "panel__head" }, h("h2", {}, title),
      h("button", { class: "tool tool--icon", type: "button", "aria-label": t("close"), onclick: () => show("") }, icon("close"))),
    h("p", { class: "panel__text" }, text), ...content);
}

/** Counted from the tickets on the screen, so it is right while offline too. Same rule as queries.tickets.all_day. */
function allDay() {
  const totals = new Map();
  for (const ticket of visible(view())) {
    if (ticket.kind === "cancel" || ticket.status === "done") continue;
    for (const item of ticket.items.filter((one) => ["pending", "started"].includes(one.status))) {
      const key = JSON.stringify([item.name, item.lines]);
      const total = totals.get(key) || { name: item.name, lines: item.lines, units: new Map(), tickets: new Set() };
      const line = item.order_item_id || item.id;
      const stations = total.units.get(line) || {};
      stations[ticket.station.id] = (stations[ticket.station.id] || 0) + item.quantity - item.cancelled_quantity;
      total.units.set(line, stations);
      total.tickets.add(ticket.id);
      totals.set(key, total);
    }
  }
  // A line that assembly and oven both work on is one thing to make, not two.
  for (const total of totals.values()) total.count = [...total.units.values()].reduce((sum, stations) => sum + Math.max(...Object.values(stations)), 0);
  const rows = [...totals.values()].sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
  fill(t("all_day"), t("all_day_text"), rows.length
    ? h("ul", { class: "totals" }, rows.map((row) => h("li", { class: "total" },
      h("b", { class: "total__count num" }, row.count),
      h("div", {}, h("p", { class: "total__name" }, row.name),
        row.lines.length > 0 && h("p", { class: "total__lines" }, row.lines.map((line) => line.text).join(" · ")),
        h("p", { class: "total__on" }, t("on_tickets", { count: row.tickets.size }))))))
    : h("p", { class: "panel__empty" }, t("all_day_empty")));
}

async function recall() {
  const { station } = view();
  let rows;
  try {
    rows = (await api("GET", `tickets/?status=bumped&limit=${SHOWN}&station=${encodeURIComponent(station)}`)).results;
  } catch {
    if (shown === "recall") fill(t("recall"), t("load_failed"), h("button", { class: "btn btn--wide", type: "button", onclick: recall }, t("retry")));
    return;
  }
  if (shown !== "recall") return;
  rows = rows.filter((ticket) => isSeen(ticket, view()));
  rows.forEach(take);
  fill(t("recall"), t("recall_text"), rows.length
    ? h("ul", { class: "recalls" }, rows.map(recallRow))
    : h("p", { class: "panel__empty" }, t("recall_empty")));
}

function recallRow(ticket) {
  const row = h("li", { class: "recall" },
    h("p", { class: "recall__head" }, h("b", { class: "num" }, ticket.number), h("span", {}, since(ticket.bumped_at))),
    h("p", { class: "recall__items" }, ticket.items.map((item) => `${item.quantity}× ${item.name}`).join(", ")),
    h("button", { class: "btn", type: "button", onclick: () => {
      act("recall", ticket.id);
      row.remove();
      toast(t("back_toast", { number: ticket.number }));
    } }, icon("undo"), t("bring_back")));
  return row;
}
