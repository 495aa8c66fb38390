/* A combo: slots with choices. A slot of several units whose choices need answers is asked once per unit. */

import { h } from "../../core/js/dom.js";
import { t } from "../../core/js/format.js";
import { words } from "./catalog.js";
import { choiceRow, extraPrice, groupPickers, question, stepper } from "./groups.js";
import { pizzaPicker } from "./pizza.js";

let serial = 0;

/** comboPicker(catalog, combo, changed) -> {nodes, price(), value(), missing()}; value is the list of choices. */
export function comboPicker(catalog, combo, changed) {
  const slots = combo.slots.map((slot) => {
    const asks = slot.choices.some((choice) => needsAnswers(catalog, choice));
    return asks || slot.max === 1 ? unitSlot(catalog, slot, changed) : countSlot(slot, changed);
  });
  return {
    nodes: slots.flatMap((slot) => slot.nodes),
    price: () => Number(combo.price) + slots.reduce((sum, slot) => sum + slot.extra(), 0),
    value: () => slots.flatMap((slot) => slot.value()),
    missing: () => slots.map((slot) => slot.missing()).find(Boolean) || null,
  };
}

function needsAnswers(catalog, choice) {
  const product = catalog.productById.get(String(choice.product_id));
  return Boolean(product && (product.kind === "pizza" || (product.modifier_groups || []).length));
}

function labelOf(choice) {
  return [words(choice, "product_name"), words(choice, "variant_name")].filter(Boolean).join(" · ");
}

/** Every unit is a question of its own: one choice, and below it what that choice asks. */
function unitSlot(catalog, slot, changed) {
  const units = Array.from({ length: slot.max }, (_, index) => unit(index));
  return {
    nodes: units.map((one) => one.node),
    extra: () => units.reduce((sum, one) => sum + one.extra(), 0),
    value: () => units.map((one) => one.value()).filter(Boolean),
    missing: () => units.map((one) => one.missing()).find(Boolean) || null,
  };

  function unit(index) {
    const required = index < slot.min;
    const name = `u${++serial}`;
    const title = slot.max > 1 ? `${words(slot, "name")} – ${t("unit", { number: index + 1, total: slot.max })}` : words(slot, "name");
    const below = h("div", { class: "nested", hidden: true });
    let current = null;
    let detail = null;
    const open = slot.choices.filter((choice) => choice.is_available !== false);
    const rows = slot.choices.map((choice) => choiceRow({
      type: required ? "radio" : "checkbox", name, label: labelOf(choice), price: extraPrice(choice.extra),
      off: choice.is_available === false && t("sold_out"), checked: required && open.length === 1 && choice === open[0],
      onpick: (checked) => { choose(checked ? choice : null); changed(); },
    }));
    const ask = question({ title, min: required ? 1 : 0, max: 1, rows: [rows.map((row) => row.node), below] });
    if (required && open.length === 1) {
      choose(open[0]);
      // Nothing to choose between: go straight to what it asks.
      if (slot.choices.length === 1 && detail.nodes.length) {
        rows[0].node.hidden = true;
        below.classList.add("nested--flat");
      }
    }

    function choose(choice) {
      current = choice;
      detail = choice && details(choice);
      rows.forEach((row, place) => { row.control.checked = slot.choices[place] === choice; });
      below.replaceChildren(...(detail ? detail.nodes : []));
      below.hidden = !detail || !detail.nodes.length;
      ask.show(choice ? 1 : 0);
    }

    function details(choice) {
      const product = catalog.productById.get(String(choice.product_id));
      const groups = groupPickers(catalog, product?.modifier_groups, changed);
      const pizza = product?.kind === "pizza" && catalog.pizza
        ? pizzaPicker(catalog, { size: choice.size, allowed: choice.flavours, priced: false }, changed) : null;
      return { groups, pizza, nodes: [pizza?.node, ...groups.nodes].filter(Boolean) };
    }

    return {
      node: ask.node,
      extra: () => (current ? Number(current.extra || 0) + detail.groups.extra() + (detail.pizza ? detail.pizza.price() : 0) : 0),
      value: () => current && {
        slot: slot.id, choice: current.id, product_id: current.product_id, variant_id: current.variant_id, quantity: 1,
        options: { selections: detail.groups.value(), ...(detail.pizza ? { pizza: detail.pizza.value() } : {}) },
      },
      missing: () => (required && !current ? { node: ask.node, name: title }
        : current ? detail.pizza?.missing() || detail.groups.missing() : null),
    };
  }
}

/** Several of the same kind without questions: plus and minus until the slot is full. */
function countSlot(slot, changed) {
  const counts = new Map(slot.choices.map((choice) => [choice, 0]));
  const total = () => [...counts.values()].reduce((sum, quantity) => sum + quantity, 0);
  const rows = slot.choices.map((choice) => {
    const off = choice.is_available === false;
    const count = stepper({ label: labelOf(choice), value: 0, folded: true, onstep: (quantity) => { counts.set(choice, quantity); refresh(); changed(); } });
    const node = h("div", { class: off ? "choice choice--off" : "choice" },
      h("span", { class: "grow" }, labelOf(choice), off && h("span", { class: "choice__about" }, t("sold_out"))), extraPrice(choice.extra), off ? null : count.node);
    return { choice, node, count };
  });
  const ask = question({ title: words(slot, "name"), min: slot.min, max: slot.max, rows: rows.map((row) => row.node) });
  refresh();

  function refresh() {
    const full = total() >= slot.max;
    rows.forEach(({ choice, count }) => count.set(counts.get(choice), { full }));
    ask.show(total());
  }

  return {
    nodes: [ask.node],
    extra: () => [...counts].reduce((sum, [choice, quantity]) => sum + quantity * Number(choice.extra || 0), 0),
    value: () => [...counts].filter(([, quantity]) => quantity).map(([choice, quantity]) => ({ slot: slot.id, choice: choice.id, product_id: choice.product_id, variant_id: choice.variant_id, quantity })),
    missing: () => (total() < slot.min ? { node: ask.node, name: words(slot, "name") } : null),
  };
}
