/* A pizza: size, then flavours up to what the size takes, then crust and edge. The price follows the store's rule. */

import { h } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { flavourOf, words } from "./catalog.js";
import { choiceRow, extraPrice, question } from "./groups.js";

const SHARES = { 2: "½", 3: "⅓", 4: "¼" };
let serial = 0;

/**
 * pizzaPicker(catalog, {flavour, size, allowed, priced}, changed) -> {node, price(), value(), missing()}
 *   flavour  slug chosen beforehand     size     fixed by a combo      allowed  flavour ids of a combo
 *   priced   false in a combo, where only crust and edge cost extra
 */
export function pizzaPicker(catalog, { flavour, size: fixedSize, allowed, priced = true } = {}, changed) {
  const rules = catalog.pizza;
  const flavours = (allowed && allowed.length ? allowed.map((key) => flavourOf(catalog, key)).filter(Boolean) : [...(catalog.flavours || [])]);
  const first = flavour && catalog.flavourBySlug.get(flavour);
  if (first) flavours.sort((one, other) => Number(other === first) - Number(one === first));
  const picked = new Set(first ? [first] : []);
  let size = rules.sizes.find((row) => row.slug === fixedSize) || startSize();
  let crust = null;
  let edge = null;
  const node = h("div", { class: "pizza" });
  draw();

  function startSize() {
    const fits = rules.sizes.filter((row) => !first || first.prices[row.slug] !== undefined);
    return fits.find((row) => row.max_flavours > 1) || fits[0] || rules.sizes[0];
  }

  function offered(rows) {
    return (rows || []).filter((row) => row.prices[size.slug] !== undefined);
  }

  function draw() {
    if (!offered(rules.crusts).includes(crust)) crust = offered(rules.crusts)[0] || null;
    if (!offered(rules.edges).includes(edge)) edge = offered(rules.edges)[0] || null;
    [...picked].slice(size.max_flavours).forEach((extra) => picked.delete(extra));
    node.replaceChildren(...[
      fixedSize ? null : sizes(), flavourList(),
      extras(t("crust"), rules.crusts, crust, (row) => { crust = row; }),
      extras(t("edge"), rules.edges, edge, (row) => { edge = row; }),
    ].filter(Boolean));
  }

  function sizes() {
    const name = `s${++serial}`;
    const rows = rules.sizes.map((row) => choiceRow({
      type: "radio", name, label: words(row, "name"), checked: row === size,
      about: [row.slices && t("slices", { count: row.slices }), t("up_to_flavours", { count: row.max_flavours })].filter(Boolean).join(" · "),
      price: h("span", { class: "choice__price" }, t("from", { price: money(cheapest(row)) })),
      onpick: () => { size = row; draw(); refocus(name); changed(); },
    }));
    const ask = question({ title: t("size"), min: 1, max: 1, rows: rows.map((row) => row.node) });
    ask.show(1);
    return ask.node;
  }

  function cheapest(row) {
    return Math.min(...flavours.map((one) => one.prices[row.slug]).filter((price) => price !== undefined).map(Number));
  }

  function flavourList() {
    const rows = flavours.filter((one) => one.prices[size.slug] !== undefined).map((one) => {
      const off = one.is_available === false && t("sold_out");
      const row = choiceRow({
        type: size.max_flavours === 1 ? "radio" : "checkbox", name: `f${serial}`, label: words(one, "name"), about: words(one, "description"),
        off, checked: picked.has(one), price: priced ? h("span", { class: "choice__price" }, money(one.prices[size.slug])) : null,
        onpick: (checked) => pick(one, checked),
      });
      return { ...row, one, off };
    });
    const ask = question({ title: t("flavours"), min: 1, max: size.max_flavours, rows: [
      priced && size.max_flavours > 1 && rules.price_rule !== "sum" && h("p", { class: "muted small ask__hint" }, t(`price_rule_${rules.price_rule}`)),
      rows.map((row) => row.node)] });
    flavourList.refresh = () => {
      const full = picked.size >= size.max_flavours;
      rows.forEach(({ node: line, control, one, off }) => {
        control.checked = picked.has(one);
        control.disabled = Boolean(off) || (full && size.max_flavours > 1 && !picked.has(one));
        line.classList.toggle("choice--off", control.disabled);
        line.dataset.share = picked.has(one) && picked.size > 1 ? SHARES[picked.size] || "" : "";
      });
      ask.show(picked.size);
    };
    flavourList.node = ask.node;
    flavourList.refresh();
    return ask.node;
  }

  function pick(one, checked) {
    if (size.max_flavours === 1) picked.clear();
    if (checked) picked.add(one);
    else picked.delete(one);
    flavourList.refresh();
    changed();
  }

  function extras(title, rows, current, set) {
    if (offered(rows).length < 2) return null;
    const name = `x${++serial}`;
    const ask = question({ title, min: 1, max: 1, rows: offered(rows).map((row) => choiceRow({
      type: "radio", name, label: words(row, "name"), checked: row === current, price: extraPrice(row.prices[size.slug]),
      onpick: () => { set(row); changed(); },
    }).node) });
    ask.show(1);
    return ask.node;
  }

  // Drawing anew takes the focus away from the size just chosen.
  function refocus() {
    const checked = node.querySelector("input:checked");
    if (checked) checked.focus();
  }

  function flavourPrice() {
    const prices = [...picked].map((one) => Number(one.prices[size.slug]));
    if (!prices.length) return cheapest(size);
    if (rules.price_rule === "highest") return Math.max(...prices);
    return prices.reduce((sum, price) => sum + price, 0) / prices.length;
  }

  return {
    node,
    price: () => (priced ? flavourPrice() : 0) + Number(crust?.prices[size.slug] || 0) + Number(edge?.prices[size.slug] || 0),
    value: () => ({ size: size.slug, crust: crust?.slug, edge: edge?.slug, flavours: [...picked].map((one) => one.id) }),
    missing: () => (picked.size ? null : { node: flavourList.node, name: t("flavours") }),
  };
}
