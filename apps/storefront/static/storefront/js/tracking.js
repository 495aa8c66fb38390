/* The tracking page: redraws what the server rendered whenever the order moves, by socket or, without one, by asking. */

import { $, h, icon, island } from "../../core/js/dom.js";
import { clock, setUp, t } from "../../core/js/format.js";
import { onConnection, request } from "../../core/js/http.js";
import { live } from "../../core/js/live.js";
import { toast } from "../../core/js/toast.js";
import { setUpPix, stopPix } from "./pix.js";

const boot = island("boot");
const known = boot.tracking;
let order = boot.order;
let asking = false;
let askAgain = false;
let expired = false;
let connected = false;

setUp({ words: boot.words, language: boot.language, currency: boot.store.currency, decimals: boot.store.currency_decimals, zone: boot.store.timezone });
draw();
if (awaitingPix()) {
  setUpPix(order, () => {
    expired = true;
    draw();
    ask();
  });
}
connection();
const socket = live({ url: `/ws/orders/${boot.token}/`, onframe: frame, onstate: (state) => { connected = state === "open"; badge(state); }, poll: ask });

function frame({ type, order: news }) {
  if (type === "connection_established") {
    if (!news || news.status !== order.status || news.payment_status !== order.payment_status) ask();
  } else if (type === "status_update") ask();
}

async function ask() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    take(await request("GET", `${boot.orders_api}${boot.token}/`));
    if (!connected) badge("asked");
  } catch {
    badge("waiting");
  }
  asking = false;
  if (askAgain) {
    askAgain = false;
    ask();
  }
}

function take(next) {
  const before = order;
  order = next;
  if (before.status === next.status && before.payment_status === next.payment_status && before.estimated_ready_at === next.estimated_ready_at) return;
  const paid = before.payment_status !== "paid" && next.payment_status === "paid";
  if (!awaitingPix()) stopPix();
  draw();
  const headline = $("#headline").textContent;
  $("#announce").textContent = t("updated", { status: headline });
  if (paid) toast(t("paid"));
  else if (before.status !== next.status && $("#hero").getBoundingClientRect().bottom < 0) toast(headline);
  if (finished()) socket.stop();
}

function road() {
  return known.roads[order.service || order.delivery_method] || known.roads.pickup;
}

function finished() {
  return order.status === "cancelled" || order.status === "completed";
}

function awaitingPix() {
  return Boolean(order.pix_code) && ["pending", "failed", undefined, null].includes(order.payment_status) && order.status !== "cancelled";
}

function headlineKey() {
  if (order.status === "cancelled") return order.cancel_kind === "payment_expired" ? "expired" : "cancelled";
  if (order.status === "pending" && awaitingPix()) return expired ? "expired" : "awaiting_payment";
  if (order.status === "ready" && road() === known.roads.pickup) return "ready_pickup";
  return known.headlines[order.status] ? order.status : "pending";
}

function draw() {
  const key = headlineKey();
  const [title, text] = known.headlines[key];
  const hero = $("#hero");
  if (!hero.classList.contains(`hero--${key}`)) {
    hero.className = `hero hero--${key} hero--moved`;
    $(".hero__mark", hero).replaceChildren(icon(known.icons[key]));
    $("#headline").textContent = title;
    $("#headline-text").textContent = text;
  }
  document.title = `${title} – ${order.display_number || order.order_number}`;
  const eta = $("#eta");
  const open = ["confirmed", "preparing", "ready", "out_for_delivery"].includes(order.status);
  eta.hidden = !(open && order.estimated_ready_at);
  if (!eta.hidden) eta.replaceChildren(icon("clock"), t("about_time", { time: clock(order.estimated_ready_at) }));
  drawRoad();
}

function drawRoad() {
  const times = Object.fromEntries((order.timeline || []).filter((row) => row.at).map((row) => [row.status, row.at]));
  times.pending ||= order.created_at;
  const statuses = order.status === "cancelled" ? road().filter((status) => times[status]) : road();
  const over = known.final.includes(order.status) || order.status === "cancelled";
  const here = statuses.indexOf(order.status);
  const place = here >= 0 ? here : over ? statuses.length - 1 : 0;
  $("#road").replaceChildren(...statuses.map((status, index) => {
    const state = index < place || over ? "done" : index === place ? "current" : "todo";
    const at = index <= place || over ? times[status] : null;
    return h("li", { class: `road__step road__step--${state}`, "aria-current": state === "current" ? "step" : null },
      h("span", { class: "road__dot" }, state === "done" && icon("check")), h("span", { class: "grow" }, known.labels[status]),
      at && h("time", { class: "num", datetime: at }, clock(at)));
  }), ...(order.status === "cancelled" ? [h("li", { class: "road__step road__step--bad" }, h("span", { class: "road__dot" }, icon("close")),
    h("span", { class: "grow" }, known.headlines[headlineKey()][0]), times.cancelled && h("time", { class: "num" }, clock(times.cancelled)))] : []));
}

function badge(state) {
  const node = $("#live-state");
  node.hidden = finished();
  node.className = `badge badge--dot ${{ open: "badge--ok", asked: "" }[state] ?? "badge--warn"}`;
  node.textContent = { open: t("live"), asked: t("as_of", { time: clock(Date.now()) }) }[state] ?? t("reconnecting");
}

function connection() {
  const bar = $("#connection");
  onConnection((online) => {
    bar.hidden = online;
    $("span", bar).textContent = online ? "" : t("offline");
  });
}
