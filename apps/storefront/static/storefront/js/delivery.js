/* What delivery to the typed address costs: asked as soon as enough is known, again when it changes, never blocking the typing. */

import { $, h, icon } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { request } from "../../core/js/http.js";
import { cartKey } from "./cart.js";
import { brazilianZip, digits, notice } from "./form.js";

const REST_MS = 500;
const ASKED_BY = ["zip_code", "neighborhood", "city", "street", "number"];

/** delivery({api, form, brazilian, onquote, pickup}) -> {quote(), ask()}; `pickup` switches the form, or is null if there is none. */
export function delivery({ api, form, brazilian, onquote, pickup }) {
  const box = $("#quote");
  const headers = { "X-Cart-Key": cartKey() };
  let state = { status: "none" };
  let timer = null;
  let asked = "";
  let point = null;

  form.addEventListener("input", (event) => {
    if (!ASKED_BY.includes(event.target.name)) return;
    if (brazilian && event.target.name === "zip_code") event.target.value = brazilianZip(event.target.value);
    clearTimeout(timer);
    timer = setTimeout(ask, REST_MS);
  });
  form.addEventListener("change", (event) => { if (ASKED_BY.includes(event.target.name)) ask(); });

  const locate = $("[data-action=locate]", form);
  if ("geolocation" in navigator && isSecureContext) {
    locate.hidden = false;
    locate.addEventListener("click", () => {
      locate.setAttribute("aria-busy", "true");
      const done = () => locate.removeAttribute("aria-busy");
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        done();
        point = { lat: coords.latitude.toFixed(6), lng: coords.longitude.toFixed(6) };
        ask();
      }, () => {
        done();
        box.replaceChildren(h("p", { class: "muted small" }, t("location_denied")));
      }, { timeout: 10000, maximumAge: 60000 });
    });
  }
  neighbourhoods();

  // Names the store delivers to, to choose from while typing; without them the field is simply a field.
  async function neighbourhoods() {
    const data = await request("GET", `${api}delivery-zones/`, { headers }).catch(() => null);
    const names = ((data && data.zones) || []).map((zone) => zone.name).filter(Boolean);
    $("#neighbourhoods").replaceChildren(...names.map((name) => h("option", { value: name })));
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
    set(answer.is_valid === false ? { status: "outside", ...answer } : { status: "known", ...answer });
  }

  function set(next) {
    state = next;
    box.replaceChildren(...[face()].flat().filter(Boolean));
    onquote(state);
  }

  function face() {
    if (state.status === "asking") return h("span", { class: "skeleton skeleton--line" });
    if (state.status === "failed") return notice("warn", "alert", t("quote_failed"), "", [[t("retry"), ask]]);
    if (state.status === "outside") return notice("bad", "pin", t("out_of_area"), state.message || t("out_of_area_text"), pickup ? [[t("switch_pickup"), pickup]] : []);
    if (state.status !== "known") return null;
    const time = minutes(state.estimated_minutes);
    return h("p", { class: "quote__line" }, icon("bike"), h("span", { class: "grow" }, [state.zone_name, time].filter(Boolean).join(" · "),
      Number(state.free_over) > 0 && Number(state.fee) > 0 && h("span", { class: "muted small quote__free" }, t("free_over", { price: money(state.free_over) }))),
    h("strong", { class: "num" }, Number(state.fee) > 0 ? money(state.fee) : t("fee_free")));
  }

  return { quote: () => state, ask };
}

function minutes(value) {
  if (Array.isArray(value)) return t("minutes", { from: value[0], to: value[1] });
  return value ? t("about_minutes", { count: value }) : "";
}
