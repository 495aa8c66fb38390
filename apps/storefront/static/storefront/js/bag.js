/* The bag on the screen: as a panel beside the menu on a desk, as a sheet on a phone, and as the bar at the bottom. */

import { $, $$, empty, h, icon } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { closeSheet, openSheet } from "../../core/js/sheet.js";
import { loadCart, onCart, removeLine, setQuantity, view } from "./cart.js";
import { stepper } from "./groups.js";

const MAX_QUANTITY = 99;
const WIDE = matchMedia("(min-width: 1100px)");
let shop = {};

export function setUpBag(store) {
  shop = store;
  onCart(draw);
}

export function showBag(onclose) {
  if (WIDE.matches) {
    $("#bag-panel").scrollIntoView({ block: "nearest" });
    onclose();
    return;
  }
  openSheet($("#bag-sheet"), onclose);
}

export function hideBag() {
  closeSheet($("#bag-sheet"));
}

function draw(cart) {
  const sheet = $("#bag-sheet");
  const panel = $("#bag-panel");
  const focused = document.activeElement?.dataset?.focus;
  fill($("[data-body]", sheet), $("[data-foot]", sheet), cart);
  if (panel) {
    const foot = h("div", { class: "panel__foot" });
    const body = h("div", { class: "panel__body" });
    fill(body, foot, cart);
    panel.replaceChildren(h("h2", { class: "panel__title" }, t("bag")), body, foot);
  }
  if (focused) [...document.querySelectorAll(`[data-focus="${CSS.escape(focused)}"]`)].find((node) => node.offsetParent)?.focus();
  counts(cart);
}

function fill(body, foot, cart) {
  foot.hidden = true;
  if (cart.loading) {
    body.replaceChildren(...[1, 2].map(() => h("div", { class: "line" }, h("span", { class: "skeleton grow" }))));
  } else if (cart.failed) {
    body.replaceChildren(empty({ mark: "offline", title: t("cart_failed"), text: t("load_failed_text"), action: t("retry"), onaction: loadCart }));
  } else if (!cart.lines.length) {
    body.replaceChildren(empty({ mark: "bag", title: t("bag_empty"), text: t("bag_empty_text") }), ...waiting(cart));
  } else {
    body.replaceChildren(h("ul", { class: "lines" }, cart.lines.map(line)), ...waiting(cart));
    foot.replaceChildren(...totals(cart));
    foot.hidden = false;
  }
}

function waiting(cart) {
  return cart.waiting ? [h("p", { class: "muted small waiting" }, icon("refresh"), t("waiting_changes", { count: cart.waiting }))] : [];
}

function line(row) {
  const name = row.product_name || row.combo_name;
  const problems = row.problems || [];
  const count = stepper({ label: name, value: row.quantity, min: 1, onstep: (quantity) => setQuantity(row, quantity) });
  count.set(row.quantity, { full: row.quantity >= MAX_QUANTITY });
  $$("button", count.node).forEach((button, place) => { button.dataset.focus = `${row.id}-${place}`; });
  return h("li", { class: "line line--bag" },
    h("div", { class: "grow" },
      h("p", { class: "line__name" }, name),
      row.variant_name && h("p", { class: "muted small" }, row.variant_name),
      choices(row) && h("p", { class: "muted small" }, choices(row)),
      row.notes && h("p", { class: "small line__notes" }, `“${row.notes}”`),
      problems.map((problem) => h("p", { class: "field__error" }, icon("alert"), problem.detail || t("line_problem")))),
    h("p", { class: "line__total num" }, money(row.line_total)),
    h("div", { class: "line__tools" }, count.node,
      h("button", { class: "btn btn--icon btn--quiet line__remove", type: "button", "aria-label": `${t("remove")}: ${name}`, data: { focus: `${row.id}-x` }, onclick: () => removeLine(row) }, icon("trash"))));
}

/** What was chosen, without the version that is shown on a line of its own. */
export function choices(row) {
  const text = row.options_text || "";
  const version = row.variant_name || "";
  return version && text.startsWith(version) ? text.slice(version.length).replace(/^[,:]\s*/, "") : text;
}

/** Rows of the bill for a bag; `extra` rows go before the total. */
export function bill(cart, extra = [], total = cart.total) {
  const row = (label, amount, sign = "") => h("div", {}, h("dt", {}, label), h("dd", {}, sign + money(amount)));
  return h("dl", { class: "sums num" }, row(t("subtotal"), cart.subtotal),
    Number(cart.discount) > 0 && row(t("discount"), cart.discount, "-"),
    Number(cart.service_charge) > 0 && row(t("service_charge"), cart.service_charge),
    Number(cart.tax) > 0 && shop.tax_mode === "added" && row(t("tax"), cart.tax),
    extra, h("div", { class: "sums__total" }, h("dt", {}, t("total")), h("dd", {}, money(total))));
}

function totals(cart) {
  const problems = (cart.problems || []).filter((problem) => !problem.line);
  return [
    problems.map((problem) => h("p", { class: "notice notice--warn" }, icon("alert"), h("span", {}, problem.detail))),
    bill(cart), minimum(cart), h("a", { class: "btn btn--primary btn--large btn--wide", href: "#/checkout" }, t("checkout")),
  ].flat().filter(Boolean);
}

function minimum(cart) {
  const least = Number((shop.min_order || {}).delivery || 0);
  if (!least || cart.subtotal >= least) return null;
  const meter = h("progress", { max: least, value: cart.subtotal, class: "meter", "aria-hidden": "true" });
  meter.setAttribute("value", cart.subtotal);
  return h("div", { class: "minimum" }, meter, h("p", { class: "muted small" }, t("min_missing", { price: money(least - cart.subtotal), min: money(least) })));
}

function counts(cart) {
  $$("[data-bag-count]").forEach((node) => {
    node.textContent = String(cart.item_count);
    node.hidden = cart.item_count === 0;
  });
  $$("[data-bag-total]").forEach((node) => { node.textContent = money(cart.total); });
  document.body.classList.toggle("has-bag", cart.item_count > 0);
  $("#bag-bar").hidden = cart.item_count === 0;
}

export const bagIsEmpty = () => !view().loading && view().lines.length === 0;
