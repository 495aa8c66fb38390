/* One ticket as a card: number and service huge, items large, options indented, notes impossible to miss. */

import { h, icon } from "../../core/js/dom.js";
import { t } from "../../core/js/format.js";
import { ageClass, ageText, timeOf } from "./ages.js";

const SERVICES = { delivery: "bike", pickup: "bag", dine_in: "store", shipping: "bag", digital: "receipt" };
const LIVE = ["pending", "started", "done"];
const MAIN = {
  queued: { verb: "start", word: "start" },
  in_progress: { verb: "done", word: "finish", body: { bump: true } },
  done: { verb: "bump", word: "clear" },
};

/** What one tap does to this ticket. */
export function mainAction(ticket) {
  return ticket.kind === "cancel" ? { verb: "ack", word: "understood" } : MAIN[ticket.status];
}

export function card(ticket, { isStationShown, onmain, onitem, onremake }) {
  const action = mainAction(ticket);
  return h("article", {
    class: "ticket", id: `ticket-${ticket.id}`,
    data: { status: ticket.status, kind: ticket.kind, age: ageClass(ticket) },
    "aria-label": t("ticket_label", { number: ticket.number, age: ageText(ticket) }),
  },
  head(ticket, isStationShown),
  ticket.kind !== "new" && h("p", { class: "ticket__kind" }, icon(ticket.kind === "cancel" ? "close" : "plus"), t(`kind_${ticket.kind}`)),
  ticket.notes && ticket.kind !== "cancel" && h("p", { class: "note note--order" }, icon("alert"), h("span", {}, ticket.notes)),
  h("ul", { class: "items" }, ticket.items.map((item) => row(ticket, item, onitem, onremake))),
  h("button", { class: "ticket__go", type: "button", data: { verb: action.verb }, onclick: () => onmain(ticket, action) },
    t(action.word)));
}

/** The parts that change by themselves, once a second. */
export function refreshAge(node, ticket) {
  const age = ageClass(ticket);
  if (node.dataset.age !== age) node.dataset.age = age;
  const text = node.querySelector(".ticket__age");
  const words = ageText(ticket);
  if (text.textContent !== words) text.textContent = words;
  const mark = node.querySelector(".ticket__mark");
  const word = age === "fresh" ? "" : t(age);
  if (mark.textContent !== word) mark.textContent = word;
}

function head(ticket, isStationShown) {
  const age = ageClass(ticket);
  return h("header", { class: "ticket__head" },
    h("p", { class: "ticket__number num" }, ticket.number),
    h("p", { class: "ticket__when" },
      h("span", { class: "ticket__age num" }, ageText(ticket)), h("span", { class: "ticket__mark" }, age === "fresh" ? "" : t(age))),
    h("p", { class: "ticket__service" }, icon(SERVICES[ticket.service] || "bag"),
      h("strong", {}, ticket.table ? t("table", { name: ticket.table }) : t(`service_${ticket.service}`)),
      h("span", { class: "ticket__who", title: ticket.customer }, ticket.customer),
      isStationShown && h("span", { class: "ticket__station" }, ticket.station.name)),
    ticket.scheduled_for && h("p", { class: "ticket__for num" }, icon("clock"), t("for_time", { time: timeOf(ticket.scheduled_for) })));
}

function row(ticket, item, onitem, onremake) {
  const wanted = item.quantity - item.cancelled_quantity;
  const canTap = ticket.kind !== "cancel" && LIVE.includes(item.status);
  const isDone = item.status === "done";
  const canRemake = canTap && isDone && ticket.status !== "queued";
  return h("li", { class: "item", data: { status: item.status } },
    canRemake && h("button", { class: "item__remake", type: "button", "aria-label": t("remake_item", { name: item.name }), onclick: (event) => askWhy(event, ticket, item, onremake) }, icon("refresh")),
    h(canTap ? "button" : "div", {
      class: "item__tap", type: canTap && "button", "aria-pressed": canTap && String(isDone),
      "aria-label": canTap && `${wanted}× ${item.name}. ${t(isDone ? "item_back" : "item_done", { name: item.name })}`,
      onclick: canTap && (() => onitem(ticket, item)),
    },
    isDone ? h("span", { class: "item__count item__check" }, icon("check")) : quantity(item, wanted),
    h("span", { class: "item__name" }, isDone ? `${wanted}× ${item.name}` : item.name)),
    item.lines.length > 0 && h("ul", { class: "lines" }, item.lines.map((line) =>
      h("li", { class: line.kind === "note" ? "note" : `line line--${line.kind}`, data: { level: Math.min(line.level, 3) } }, line.text))),
    item.notes && h("p", { class: "note" }, item.notes),
    item.remake_reason && h("p", { class: "item__remade" }, t("remade", { reason: item.remake_reason })),
    item.remake_of && h("p", { class: "item__again" }, icon("refresh"), t("again")));
}

function quantity(item, wanted) {
  const isLess = item.cancelled_quantity > 0 && wanted > 0;
  return h("span", { class: "item__count num" },
    isLess && h("s", {}, `${item.quantity}`), isLess && " ", `${isLess ? wanted : item.quantity}×`);
}

/** Why it is made again: a row of reasons under the item; another tap on the arrow folds it up. */
function askWhy(event, ticket, item, onremake) {
  const line = event.currentTarget.closest(".item");
  const open = line.querySelector(".reasons");
  if (open) return open.remove();
  return line.append(h("div", { class: "reasons" }, t("remake_reasons").split("|").map((reason) =>
    h("button", { class: "reason", type: "button", onclick: () => onremake(ticket, item, reason) }, reason))));
}
