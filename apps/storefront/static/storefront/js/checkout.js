/* Checkout on one page. The bill is always in sight, a refusal says what to do, and trying again can never order twice. */

import { $, $$, h } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { isOnline, request } from "../../core/js/http.js";
import { bagIsEmpty, bill, choices } from "./bag.js";
import { cartKey, flush, loadCart, onCart, read, uuid, view } from "./cart.js";
import { delivery, feeOf } from "./delivery.js";
import { amount, brazilianPhone, digits, fieldError, keepDraft, notice, showErrors } from "./form.js";

const KEPT = ["customer_name", "customer_phone", "zip_code", "street", "number", "complement", "neighborhood", "city", "state", "notes"];
const REQUIRED = { delivery: ["customer_name", "customer_phone", "street", "number", "neighborhood", "city"], pickup: ["customer_name", "customer_phone"] };
const OUR_ORDERS = "comanda_orders";
const KEPT_ORDERS = 5;

let boot = {};
let form = null;
let fees = null;
let placing = false;
let refusal = null; // what the server said last, until something is changed

export function setUpCheckout(options) {
  boot = options;
  form = $("#checkout-form");
  const { slug } = boot.store;
  keepDraft(form, `comanda_draft:${slug}`, KEPT);
  const brazilian = boot.store.currency === "BRL";
  fees = delivery({ api: boot.api, form, brazilian, onquote: refresh, pickup: has("pickup") ? () => setService("pickup") : null });
  form.addEventListener("change", (event) => {
    if (event.target.name === "delivery_method") setService(event.target.value);
    if (event.target.name === "payment_method") {
      fieldError(form, "payment_method", "");
      refresh();
    }
    if (brazilian && event.target.name === "customer_phone") event.target.value = brazilianPhone(event.target.value);
  });
  form.addEventListener("input", (event) => {
    fieldError(form, event.target.name, "");
    if (!refusal) return;
    refusal = null;
    refresh();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    place();
  });
  onCart(refresh);
  const last = read(`comanda_last:${slug}`, {});
  setService(has(last.service) ? last.service : has("delivery") ? "delivery" : "pickup");
  const paid = form.querySelector(`[name=payment_method][value="${CSS.escape(last.method || "")}"]`);
  if (paid && !paid.disabled) paid.checked = true;
  if (form.elements.notes.value) $("#notes-box").open = true;
  refresh();
}

/** Called when the page shows the checkout. */
export function enterCheckout() {
  loadCart();
  if (service() === "delivery") fees.ask();
  refresh();
}

const has = (name) => Boolean(form.querySelector(`[name=delivery_method][value="${CSS.escape(name || "")}"]`));
const service = () => form.elements.delivery_method?.value || "";
const method = () => form.elements.payment_method?.value || "";

function setService(name) {
  const radio = form.querySelector(`[name=delivery_method][value="${name}"]`);
  if (!radio) return;
  radio.checked = true;
  $$("[data-for]", form).forEach((node) => { node.hidden = node.dataset.for !== name; });
  $$("[data-services]", form).forEach((node) => {
    const fits = node.dataset.services.split(" ").includes(name);
    const input = $("input", node);
    node.hidden = !fits;
    input.disabled = !fits;
    if (!fits) input.checked = false;
  });
  const open = $$("[name=payment_method]", form).filter((input) => !input.disabled);
  if (open.length === 1) open[0].checked = true;
  if (name === "delivery") fees.ask();
  refresh();
}

function fee() {
  const quote = fees.quote();
  if (service() !== "delivery") return 0;
  return quote.status === "known" && !quote.to_be_confirmed ? feeOf(quote, view()) : null;
}

function total() {
  return view().total + (fee() || 0);
}

/** What stands in the way, if anything: {title, text, actions}. */
function obstacle() {
  const cart = view();
  if (cart.failed) return notice("warn", "offline", t("cart_failed"), t("load_failed_text"), [[t("retry"), loadCart]]);
  if (!cart.loading && !cart.lines.length) return notice("info", "bag", t("bag_empty"), "", [[t("see_menu"), () => { location.hash = "#/"; }]]);
  if (boot.store.is_open === false) return notice("warn", "clock", t("closed"), $("#open-state")?.textContent || "");
  if (!service() || !$$("[name=payment_method]", form).some((input) => !input.disabled)) return notice("warn", "info", t("no_service"), t("no_service_text"));
  const quote = fees.quote();
  const least = Number((service() === "delivery" && quote.status === "known" ? quote.min_order : null) ?? (boot.store.min_order || {})[service()] ?? 0);
  if (cart.lines.length && cart.subtotal < least) {
    return notice("warn", "info", t("below_minimum"), t("min_missing", { price: money(least - cart.subtotal), min: money(least) }),
      [[t("add_more"), () => { location.hash = "#/"; }], ...(has("pickup") && service() === "delivery" ? [[t("switch_pickup"), () => setService("pickup")]] : [])]);
  }
  return null;
}

function refresh() {
  if (!form || !fees) return;
  const cart = view();
  const known = fee();
  const delivered = service() === "delivery";
  const row = delivered ? h("div", {}, h("dt", {}, t("delivery")), h("dd", {}, known === null ? h("span", { class: "muted" }, t("fee_pending")) : known > 0 ? money(known) : t("fee_free"))) : null;
  $("#summary").replaceChildren(cart.loading ? h("span", { class: "skeleton skeleton--block" })
    : h("div", {}, h("ul", { class: "lines" }, cart.lines.map(line)), bill(cart, [row].filter(Boolean), total())));
  const block = refusal || obstacle();
  $("#checkout-notice").replaceChildren(...(block ? [block] : []));
  $$("[data-total]", form).forEach((node) => { node.textContent = money(total()); });
  $("[data-method=cash]", form).hidden = method() !== "cash";
  const button = $("#place-order");
  // What the customer can mend is explained on the press; a closed store or an empty bag is not theirs to mend.
  button.disabled = boot.store.is_open === false || cart.loading || placing || bagIsEmpty();
}

function line(row) {
  return h("li", { class: "line" }, h("span", { class: "line__qty num" }, `${row.quantity}×`),
    h("span", { class: "grow" }, row.product_name || row.combo_name, row.variant_name && h("span", { class: "muted" }, ` ${row.variant_name}`),
      choices(row) && h("span", { class: "muted small line__options" }, choices(row))),
    h("span", { class: "num" }, money(row.line_total)));
}

function problems() {
  const value = (name) => form.elements[name]?.value.trim() || "";
  const found = {};
  (REQUIRED[service()] || []).filter((name) => !value(name)).forEach((name) => { found[name] = t("required_field"); });
  const phone = digits(value("customer_phone"));
  if (value("customer_phone") && (phone.length < (boot.store.currency === "BRL" ? 10 : 7) || phone.length > 15)) found.customer_phone = t("bad_phone");
  const zip = value("zip_code");
  if (service() === "delivery" && boot.store.currency === "BRL" && zip && digits(zip).length !== 8) found.zip_code = t("bad_zip");
  if (!method()) found.payment_method = t("choose_payment");
  if (method() === "cash" && value("change_for") && !(amount(value("change_for")) >= total())) found.change_for = t("bad_change", { price: money(total()) });
  return found;
}

function order() {
  const value = (name) => form.elements[name]?.value.trim() || "";
  const phone = value("customer_phone");
  return {
    customer_name: value("customer_name"), customer_phone: phone.startsWith("+") ? `+${digits(phone)}` : digits(phone), customer_email: "",
    delivery_method: service(), payment_method: method(), notes: value("notes"),
    ...(method() === "cash" && value("change_for") ? { change_for: amount(value("change_for")) } : {}),
    ...(service() === "delivery" ? { delivery_address: {
      street: value("street"), number: value("number"), complement: value("complement"), neighborhood: value("neighborhood"),
      city: value("city"), state: value("state"), zip_code: boot.store.currency === "BRL" ? digits(value("zip_code")) : value("zip_code"), ...fees.point(),
    } } : {}),
  };
}

// One key for one intention: the same bag and form keep their key over failures and reloads, a change makes a new one.
function attemptKey(body) {
  const slot = `comanda_attempt:${boot.store.slug}`;
  const lines = view().lines.map((row) => [row.id, row.quantity, row.unit_price]);
  const intent = JSON.stringify([body, lines]);
  let attempt = read(slot, {});
  if (attempt.intent !== intent) attempt = { intent, key: uuid() };
  localStorage.setItem(slot, JSON.stringify(attempt));
  return attempt.key;
}

function standsInTheWay() {
  const unreachable = service() === "delivery" && ["outside", "unlocated"].includes(fees.quote().status);
  const node = unreachable ? $("#quote") : obstacle() && $("#checkout-notice");
  if (node) node.scrollIntoView({ block: "center" });
  return Boolean(node);
}

async function place() {
  if (placing || standsInTheWay()) return;
  const found = problems();
  if (Object.keys(found).length) {
    showErrors(form, found);
    return;
  }
  refusal = null;
  busy(true);
  try {
    await flush();
    if (bagIsEmpty()) {
      busy(false);
      return;
    }
    const body = order();
    const answer = await request("POST", `${boot.api}checkout/`, { body, headers: { "X-Cart-Key": cartKey(), "Idempotency-Key": attemptKey(body) }, timeout: 30000 });
    if (answer.payment_error && !answer.access_token) throw Object.assign(new Error("payment"), { detail: String(answer.payment_error), status: 422, errors: {} });
    placed(answer);
  } catch (problem) {
    busy(false);
    refused(problem);
  }
}

function placed(answer) {
  const { slug } = boot.store;
  localStorage.removeItem(`comanda_attempt:${slug}`);
  localStorage.setItem(`comanda_last:${slug}`, JSON.stringify({ service: service(), method: method() }));
  const own = read(OUR_ORDERS, []).filter((row) => row.token !== answer.access_token);
  own.unshift({ slug, token: answer.access_token, number: answer.display_number || answer.order_number, at: Date.now() });
  localStorage.setItem(OUR_ORDERS, JSON.stringify(own.slice(0, KEPT_ORDERS)));
  form.elements.notes.value = "";
  form.dispatchEvent(new Event("input", { bubbles: true }));
  location.assign(`${boot.page}t/${answer.access_token}/`);
}

function refused(problem) {
  const flat = {};
  for (const [name, value] of Object.entries(problem.errors || {})) {
    if (value && typeof value === "object" && !Array.isArray(value)) Object.entries(value).forEach(([key, inner]) => { flat[key] = inner; });
    else flat[name] = value;
  }
  const homeless = showErrors(form, flat);
  // A clear no is no order: the next press is a new attempt, not the same one asked again.
  if (problem.status >= 400 && problem.status < 500 && ![409, 429].includes(problem.status)) localStorage.removeItem(`comanda_attempt:${boot.store.slug}`);
  const again = !isOnline() || problem.status === 0 || problem.status === undefined || problem.status >= 500;
  const text = again ? t("try_again_same") : homeless[0] || problem.detail || t("fix_fields");
  refusal = notice("bad", again ? "offline" : "alert", t("order_failed"), text, again ? [[t("retry"), place]] : []);
  refresh();
  if (problem.status === 409 || problem.status === 422) loadCart();
  if (!Object.keys(flat).length || homeless.length) $("#checkout-notice").scrollIntoView({ block: "center" });
}

function busy(now) {
  placing = now;
  const button = $("#place-order");
  button.toggleAttribute("aria-busy", now);
  if (now) button.setAttribute("aria-busy", "true");
  $("span", button).textContent = now ? t("placing") : t("place_order");
  button.disabled = now;
  if (!now) refresh();
}

/** The newest order of this browser at this store from the last day, or null. */
export function recentOrder(slug) {
  const day = 24 * 3600 * 1000;
  return read(OUR_ORDERS, []).find((row) => row.slug === slug && Date.now() - row.at < day) || null;
}

