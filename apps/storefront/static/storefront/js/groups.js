/* Modifier groups: a list of options with limits, some of which open further groups. */

import { h, icon } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { words } from "./catalog.js";

let serial = 0;

/** "Choose 1", "Choose up to 5", "Choose 1 to 2". */
export function ruleText(min, max) {
  if (!Number.isFinite(max)) return min === 0 ? t("choose_any") : t("choose_at_least", { count: min });
  if (min === max) return min === 1 ? t("choose_one") : t("choose_exactly", { count: min });
  return min === 0 ? t("choose_up_to", { max }) : t("choose_between", { min, max });
}

/** Heading, limit and state of one question; `rows` are its answers. */
export function question({ title, min, max, rows }) {
  const id = `q${++serial}`;
  const state = h("span", { class: "badge" });
  const node = h("section", { class: "ask", role: "group", "aria-labelledby": id },
    h("div", { class: "ask__head" },
      h("div", { class: "grow" }, h("h3", { id, tabindex: "-1" }, title), h("p", { class: "muted small" }, ruleText(min, max))), state),
    h("div", { class: "ask__rows" }, rows));
  function show(count) {
    const satisfied = count >= min && count > 0;
    state.className = satisfied ? "badge badge--ok" : "badge";
    state.replaceChildren(...(satisfied ? [icon("check"), t("done")] : [min > 0 ? t("required") : t("optional")]));
    if (count >= min) node.classList.remove("ask--missing");
  }
  show(0);
  return { node, show };
}

/** "+ R$ 4,00", "free" or nothing for an answer that costs nothing among others that do not either. */
export function extraPrice(amount) {
  return Number(amount) > 0 ? h("span", { class: "choice__price" }, `+ ${money(amount)}`) : null;
}

/** One answer with a radio or a checkbox. `onpick(checked)`. */
export function choiceRow({ type, name, label, about, price, off, checked, onpick }) {
  const control = h("input", { class: "choice__control", type, name, checked: Boolean(checked), disabled: Boolean(off), onchange: () => onpick(control.checked) });
  const node = h("label", { class: off ? "choice choice--off" : "choice" }, control,
    h("span", { class: "grow" }, label, about && h("span", { class: "choice__about" }, about), off && h("span", { class: "choice__about" }, off)), price);
  return { node, control };
}

/** − 2 + with names for a reader, or only a plus while there is none if `folded`. `onstep(value)`. */
export function stepper({ label, value, min = 0, onstep, folded = false }) {
  const shown = h("span", { class: "stepper__value", "aria-live": "polite" }, String(value));
  const less = h("button", { class: "stepper__btn", type: "button", "aria-label": `${t("less")}: ${label}`, onclick: () => onstep(value - 1) }, icon("minus"));
  const more = h("button", { class: "stepper__btn", type: "button", "aria-label": `${t("more")}: ${label}`, onclick: () => onstep(value + 1) }, icon("plus"));
  function set(next, { full = false } = {}) {
    value = next;
    shown.textContent = String(value);
    less.disabled = value <= min;
    more.disabled = full;
    node.classList.toggle("stepper--none", folded && value === 0);
  }
  const node = h("span", { class: "stepper", role: "group", "aria-label": label }, less, shown, more);
  set(value);
  return { node, set };
}

/** groupPicker(catalog, group id, changed) -> {node, value(), extra(), missing()}: `missing` is the first question still open. */
export function groupPicker(catalog, id, changed) {
  const group = catalog.groupById.get(String(id));
  const max = group.max ?? Infinity;
  const single = max === 1;
  const several = !single && group.options.some((option) => option.max > 1);
  const name = `g${++serial}`;
  const chosen = new Map(); // option -> {quantity, pickers}
  const rows = group.options.map(optionRow);
  const ask = question({ title: words(group, "name"), min: group.min, max, rows: rows.map((row) => [row.node, row.nested]) });
  const open = group.options.filter((option) => option.is_available !== false);
  if (group.min === 1 && open.length === 1) choose(open[0], 1, { quiet: true });
  refresh();

  function optionRow(option) {
    const nested = h("div", { class: "nested", hidden: true });
    const off = option.is_available === false && t("sold_out");
    const label = words(option, "name");
    if (several && !off) {
      const count = stepper({ label, value: 0, folded: true, onstep: (quantity) => choose(option, quantity) });
      const node = h("div", { class: "choice" }, h("span", { class: "grow" }, label, extraPrice(option.price) && h("span", { class: "choice__about" }, `+ ${money(option.price)}`)), count.node);
      return { option, node, nested, show: (quantity, full) => count.set(quantity, { full: full || quantity >= option.max }) };
    }
    const type = single && group.min > 0 ? "radio" : "checkbox";
    const { node, control } = choiceRow({ type, name, label, off, price: extraPrice(option.price), onpick: (checked) => choose(option, checked ? 1 : 0) });
    return {
      option, node, nested,
      show(quantity, full) {
        control.checked = quantity > 0;
        control.disabled = Boolean(off) || (full && !single && quantity === 0);
        node.classList.toggle("choice--off", control.disabled);
      },
    };
  }

  function choose(option, quantity, { quiet = false } = {}) {
    if (single && quantity > 0) [...chosen.keys()].filter((other) => other !== option).forEach((other) => drop(other));
    if (quantity <= 0) drop(option);
    else if (chosen.has(option)) chosen.get(option).quantity = quantity;
    else chosen.set(option, { quantity, pickers: openNested(option) });
    refresh();
    if (!quiet) changed();
  }

  function openNested(option) {
    const pickers = (option.opens || []).filter((key) => catalog.groupById.has(String(key))).map((key) => groupPicker(catalog, key, changed));
    const { nested } = rows.find((row) => row.option === option);
    nested.replaceChildren(...pickers.map((picker) => picker.node));
    nested.hidden = pickers.length === 0;
    return pickers;
  }

  function drop(option) {
    chosen.delete(option);
    const { nested } = rows.find((row) => row.option === option);
    nested.replaceChildren();
    nested.hidden = true;
  }

  function count() {
    return [...chosen.values()].reduce((sum, { quantity }) => sum + quantity, 0);
  }

  function refresh() {
    const full = count() >= max;
    rows.forEach((row) => row.show(chosen.get(row.option)?.quantity || 0, full));
    ask.show(count());
  }

  return {
    node: ask.node,
    value: () => [...chosen].map(([option, { quantity, pickers }]) => ({
      group: group.id, option: option.id, quantity, options: pickers.flatMap((picker) => picker.value()),
    })),
    extra: () => [...chosen].reduce((sum, [option, { quantity, pickers }]) =>
      sum + quantity * (Number(option.price) + pickers.reduce((inner, picker) => inner + picker.extra(), 0)), 0),
    missing: () => (count() < group.min ? { node: ask.node, name: words(group, "name") }
      : [...chosen.values()].flatMap(({ pickers }) => pickers).map((picker) => picker.missing()).find(Boolean) || null),
  };
}

/** All groups of a product together. */
export function groupPickers(catalog, ids, changed) {
  const pickers = (ids || []).map((entry) => (typeof entry === "object" ? entry.id : entry))
    .filter((id) => catalog.groupById.has(String(id))).map((id) => groupPicker(catalog, id, changed));
  return {
    nodes: pickers.map((picker) => picker.node),
    value: () => pickers.flatMap((picker) => picker.value()),
    extra: () => pickers.reduce((sum, picker) => sum + picker.extra(), 0),
    missing: () => pickers.map((picker) => picker.missing()).find(Boolean) || null,
  };
}
