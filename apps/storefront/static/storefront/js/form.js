/* Small help for forms: errors next to their field, phone and postal code as people write them, a draft that is kept. */

import { $, $$, h, icon } from "../../core/js/dom.js";
import { read } from "./cart.js";

/** Put a message under a field (or take it away with an empty one). */
export function fieldError(form, name, message) {
  const field = $(`[data-field="${name}"]`, form);
  if (!field) return false;
  const slot = $(".field__error", field);
  slot.replaceChildren(...(message ? [icon("alert"), h("span", {}, message)] : []));
  field.classList.toggle("field--bad", Boolean(message));
  field.querySelectorAll("input, textarea").forEach((input) => input.toggleAttribute("aria-invalid", Boolean(message)));
  return true;
}

/** Show several at once and put the cursor into the first. Returns the messages that belong to no field. */
export function showErrors(form, errors) {
  const homeless = [];
  const marked = [];
  for (const [name, messages] of Object.entries(errors)) {
    const key = name.replace(/^delivery_address\./, "");
    if (fieldError(form, key, [].concat(messages)[0])) marked.push($(`[data-field="${key}"]`, form));
    else homeless.push(...[].concat(messages));
  }
  const first = $$("[data-field]", form).find((field) => marked.includes(field));
  if (first) {
    first.closest("details")?.setAttribute("open", "");
    $("input, textarea", first)?.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  }
  return homeless;
}

export const digits = (text) => (text || "").replace(/\D/g, "");

/** (63) 99999-0101; numbers from elsewhere are left as they were typed. */
export function brazilianPhone(text) {
  const raw = digits(text).replace(/^55(?=\d{10,11}$)/, "");
  if (text.trim().startsWith("+") && !text.trim().startsWith("+55")) return text;
  const match = raw.match(/^(\d{2})(\d{4,5})(\d{4})$/);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : text;
}

export function brazilianZip(text) {
  const raw = digits(text).slice(0, 8);
  return raw.length > 5 ? `${raw.slice(0, 5)}-${raw.slice(5)}` : raw;
}

/** "1.234,50", "1,234.50" or "50" as a number; NaN if it is none. The last separator followed by one or two digits is the decimal one. */
export function amount(text) {
  const clean = text.replace(/[^\d.,]/g, "");
  if (!clean) return Number.NaN;
  const match = clean.match(/^(.*)[.,](\d{1,2})$/);
  return match ? Number(`${digits(match[1])}.${match[2]}`) : Number(digits(clean));
}

/** Fill `form` from what was kept under `key` and keep it from then on; `names` are the fields worth keeping. */
export function keepDraft(form, key, names) {
  const draft = read(key, {});
  names.forEach((name) => {
    const field = form.elements[name];
    if (field && draft[name]) field.value = draft[name];
  });
  form.addEventListener("input", () => {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(names.map((name) => [name, form.elements[name]?.value || ""]))));
  });
}

/** A sentence with a sign, and what can be done about it. */
export function notice(kind, mark, title, text, actions = []) {
  return h("div", { class: `notice notice--${kind}` }, icon(mark), h("div", { class: "grow" }, h("strong", {}, title), text && h("p", {}, text),
    actions.length > 0 && h("div", { class: "notice__actions" }, actions.map(([label, onclick]) => h("button", { class: "btn", type: "button", onclick }, label)))));
}

