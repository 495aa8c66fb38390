/* What a product asks before it goes into the bag: its version, its pizza, its groups. Knows its price at every moment. */

import { h } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { words } from "./catalog.js";
import { comboPicker } from "./combo.js";
import { choiceRow, groupPickers, question } from "./groups.js";
import { pizzaPicker } from "./pizza.js";

/** productPicker(catalog, product, {flavour}, changed) -> {nodes, price(), body(), missing()}; `body` is for `POST cart/add/`. */
export function productPicker(catalog, product, { flavour } = {}, changed) {
  const variants = product.kind === "variants" ? variantPicker(product, changed) : null;
  const pizza = product.kind === "pizza" && catalog.pizza ? pizzaPicker(catalog, { flavour }, changed) : null;
  const groups = groupPickers(catalog, product.modifier_groups, changed);
  return {
    nodes: [variants?.node, pizza?.node, ...groups.nodes].filter(Boolean),
    price: () => (variants ? variants.price() : pizza ? pizza.price() : Number(product.price)) + groups.extra(),
    body: () => ({
      product_id: product.id, ...(variants ? { variant_id: variants.value() } : {}),
      options: { selections: groups.value(), ...(pizza ? { pizza: pizza.value() } : {}) },
    }),
    missing: () => variants?.missing() || pizza?.missing() || groups.missing(),
  };
}

/** The same for a combo. */
export function comboForm(catalog, combo, changed) {
  const picker = comboPicker(catalog, combo, changed);
  return {
    nodes: picker.nodes,
    price: picker.price,
    body: () => ({ combo_id: combo.id, customizations: { choices: picker.value() } }),
    missing: picker.missing,
  };
}

function variantPicker(product, changed) {
  const open = product.variants.filter((variant) => variant.is_available !== false);
  let current = open.length === 1 ? open[0] : null;
  const rows = product.variants.map((variant) => choiceRow({
    type: "radio", name: `v-${product.id}`, label: words(variant, "name"), off: variant.is_available === false && t("sold_out"),
    checked: variant === current, price: h("span", { class: "choice__price" }, money(variant.price)),
    onpick: () => { current = variant; ask.show(1); changed(); },
  }));
  const ask = question({ title: t("version"), min: 1, max: 1, rows: rows.map((row) => row.node) });
  ask.show(current ? 1 : 0);
  return {
    node: ask.node,
    price: () => Number(current ? current.price : Math.min(...(open.length ? open : product.variants).map((variant) => Number(variant.price)))),
    value: () => current.id,
    missing: () => (current ? null : { node: ask.node, name: t("version") }),
  };
}
