/* What delivery to the typed address costs: asked as soon as enough is known, again when it changes, never blocking the typing. */

import { $, h, icon } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { request } from "../../core/js/http.js";
import { toast } from "../../core/js/toast.js";
import { cartKey, view } from "./cart.js";
import { brazilianZip, digits, notice } from "./form.js";

const REST_MS = 500;
const TYPING_MS = 250;
const SUGGEST_FROM = 4; // letters
// The store charges by place and the address alone has none on the map: it has to be written better, or sharpened by a pin.
const NEEDS_POINT = ["no_point", "address_not_found", "zip_unknown", "address_required"];
const ASKED_BY = ["zip_code", "neighborhood", "city", "street", "number"];

/** delivery({api, form, brazilian, onquote, pickup}) -> {quote(), point(), ask()}; `pickup` switches the form, or is null if there is none. */
export function delivery({ api, form, brazilian, onquote, pickup }) {
  const box = $("#quote");
  const headers = { "X-Cart-Key": cartKey() };
  let state = { status: "none" };
  let timer = null;
  let asked = "";
  let point = null;
  let typing = null;
  const streets = new Map(); // what was suggested, by the text that stands in the field once it is chosen

  form.addEventListener("input", (event) => {
    if (!ASKED_BY.includes(event.target.name)) return;
    if (brazilian && event.target.name === "zip_code") event.target.value = brazilianZip(event.target.value);
    clearTimeout(timer);
    timer = setTimeout(ask, REST_MS);
  });
  form.elements.street.addEventListener("input", (event) => {
    const known = streets.get(event.target.value.trim());
    if (known) return fill(known);
    clearTimeout(typing);
    typing = setTimeout(() => suggest(event.target.value.trim()), TYPING_MS);
    return undefined;
  });
  form.addEventListener("change", (event) => { if (ASKED_BY.includes(event.target.name)) ask(); });

  const locate = $("[data-action=locate]", form);
  const canLocate = "geolocation" in navigator && isSecureContext;
  locate.hidden = !canLocate;
  locate.addEventListener("click", find);
  neighbourhoods();

  function find() {
    locate.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      locate.removeAttribute("aria-busy");
      point = { lat: Number(coords.latitude.toFixed(6)), lng: Number(coords.longitude.toFixed(6)) };
      ask();
    }, () => {
      locate.removeAttribute("aria-busy");
      toast(t("location_denied"));
    }, { timeout: 10000, maximumAge: 60000 });
  }

  // Names the store delivers to, to choose from while typing; without them the field is simply a field.
  async function neighbourhoods() {
    const data = await request("GET", `${api}delivery-zones/?page_size=500`, { headers }).catch(() => null);
    const names = ((data && (data.zones || data.results)) || []).filter((zone) => zone.kind === "neighbourhood").map((zone) => zone.name);
    $("#neighbourhoods").replaceChildren(...names.map((name) => h("option", { value: name })));
  }

  // Streets to choose from while typing; without them, and without the maps, the field is simply a field.
  async function suggest(text) {
    if (text.length < SUGGEST_FROM) return;
    const query = new URLSearchParams({ q: text, limit: 6 });
    const data = await request("GET", `${api}autosuggest/?${query}`, { headers }).catch(() => null);
    const rows = ((data && data.suggestions) || []).map((row) => row.address).filter((address) => address.street);
    rows.forEach((address) => streets.set(address.street, address));
    $("#streets").replaceChildren(...rows.map((address) => h("option", { value: address.street }, address.neighborhood)));
  }

  function fill(address) {
    for (const name of ["neighborhood", "city", "state", "zip_code"]) {
      const field = form.elements[name];
      if (field && address[name]) field.value = name === "zip_code" && brazilian ? brazilianZip(address[name]) : address[name];
    }
  }

  function question() {
    const field = (name) => form.elements[name]?.value.trim() || "";
    const zip = brazilian ? digits(field("zip_code")) : field("zip_code");
    const known = (brazilian ? zip.length === 8 : zip.length >= 4) || field("neighborhood").length >= 3 || point;
    if (!known) return "";
    return new URLSearchParams(Object.entries({
      neighborhood: field("neighborhood"), zip_code: zip, city: field("city"), street: field("street"), number: field("number"), ...point,
    }).filter(([, value]) => value)).toString();
  }

  async function ask() {
    clearTimeout(timer);
    const query = question();
    if (!query) return set({ status: "none" });
    if (query === asked && state.status !== "failed") return undefined;
    asked = query;
    set({ status: "asking" });
    try {
      const answer = await request("GET", `${api}delivery-fee/?${query}`, { headers });
      if (asked === query) take(answer);
    } catch (problem) {
      if (asked !== query) return undefined;
      if (problem.code === "out_of_area") take({ is_valid: false, message: problem.detail });
      else set({ status: "failed" });
    }
    return undefined;
  }

  function take(answer) {
    const found = answer.address || {};
    for (const [name, value] of Object.entries(found)) {
      const field = form.elements[name];
      if (field && value && !field.value) field.value = value;
    }
    const status = answer.is_valid !== false ? "known" : NEEDS_POINT.includes(answer.code) ? "unlocated" : "outside";
    set({ ...answer, status });
  }

  function set(next) {
    state = next;
    box.replaceChildren(...[face()].flat().filter(Boolean));
    onquote(state);
  }

  function face() {
    if (state.status === "asking") return h("span", { class: "skeleton skeleton--line" });
    if (state.status === "failed") return notice("warn", "alert", t("quote_failed"), "", [[t("retry"), ask]]);
    if (state.status === "unlocated") return notice("info", "target", t("needs_point"), state.message || t("needs_point_text"), [...(canLocate ? [[t("use_location"), find]] : []), ...(pickup ? [[t("switch_pickup"), pickup]] : [])]);
    if (state.status === "outside") return notice("bad", "pin", t("out_of_area"), state.message || t("out_of_area_text"), pickup ? [[t("switch_pickup"), pickup]] : []);
    if (state.status !== "known") return null;
    if (state.to_be_confirmed) return notice("warn", "info", t("fee_pending"), state.message);
    const time = minutes(state.estimated_minutes);
    const fee = feeOf(state, view());
    return h("p", { class: "quote__line" }, icon("bike"), h("span", { class: "grow" }, [state.zone_name, time].filter(Boolean).join(" · "),
      Number(state.free_over) > 0 && fee > 0 && h("span", { class: "muted small quote__free" }, t("free_over", { price: money(state.free_over) }))),
    h("strong", { class: "num" }, fee > 0 ? money(fee) : t("fee_free")));
  }

  return { quote: () => state, point: () => point || {}, ask };
}

/** The fee of a quote for a bag: nothing from `free_over` on, which is compared after discounts. */
export function feeOf(quote, cart) {
  const net = Number(cart.subtotal) - Number(cart.discount || 0);
  return Number(quote.free_over) > 0 && net >= Number(quote.free_over) ? 0 : Number(quote.fee || 0);
}

function minutes(value) {
  if (Array.isArray(value)) return t("minutes", { from: value[0], to: value[1] });
  return value ? t("about_minutes", { count: value }) : "";
}
