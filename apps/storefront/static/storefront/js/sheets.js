/* The product sheet: skeleton while the catalog comes, the questions with a running price, then into the bag. */

import { $, empty, h, icon } from "../../core/js/dom.js";
import { money, t } from "../../core/js/format.js";
import { closeSheet, openSheet } from "../../core/js/sheet.js";
import { loadCatalog, words } from "./catalog.js";
import { addToCart } from "./cart.js";
import { stepper } from "./groups.js";
import { comboForm, productPicker } from "./product.js";

const sheet = $("#product-sheet");
const MAX_QUANTITY = 99;
let shown = "";

/** Open the sheet of `kind` (p product, c combo, f flavour) and slug; `onclose` when it is closed by the customer. */
export async function showProduct(kind, slug, onclose) {
  const me = `${kind}/${slug}`;
  shown = me;
  skeleton();
  openSheet(sheet, () => {
    shown = "";
    onclose();
  });
  try {
    const catalog = await loadCatalog();
    if (shown === me) draw(catalog, kind, slug);
  } catch {
    if (shown === me) body(empty({ mark: "offline", title: t("load_failed"), text: t("load_failed_text"), action: t("retry"), onaction: () => showProduct(kind, slug, onclose) }));
  }
}

export function hideProduct() {
  closeSheet(sheet);
}

function body(...nodes) {
  $("[data-body]", sheet).replaceChildren(...nodes);
  $("[data-foot]", sheet).hidden = true;
}

function skeleton() {
  $(".sheet__title", sheet).textContent = "";
  const line = (extra = "") => h("span", { class: `skeleton skeleton--line ${extra}` });
  body(h("p", { class: "visually-hidden", role: "status" }, t("loading")), h("span", { class: "skeleton skeleton--block" }), line(), line(), line("skeleton--short"));
}

function find(catalog, kind, slug) {
  if (kind === "c") return { item: catalog.comboBySlug.get(slug) };
  if (kind === "f") {
    const flavour = catalog.flavourBySlug.get(slug);
    return { item: flavour && catalog.products.find((product) => product.kind === "pizza"), flavour };
  }
  return { item: catalog.productBySlug.get(slug) };
}

function draw(catalog, kind, slug) {
  const { item, flavour } = find(catalog, kind, slug);
  if (!item) {
    body(empty({ mark: "search", title: t("not_found"), text: t("not_found_text"), action: t("see_menu"), onaction: hideProduct }));
    return;
  }
  let quantity = 1;
  const refresh = () => { price.textContent = money(form.price() * quantity); };
  const form = kind === "c" ? comboForm(catalog, item, () => refresh()) : productPicker(catalog, item, { flavour: flavour?.slug }, () => refresh());
  const price = h("span", { class: "num" });
  const count = stepper({ label: t("quantity"), value: 1, min: 1, onstep: (next) => { quantity = next; count.set(next, { full: next >= MAX_QUANTITY }); refresh(); } });
  const notes = h("textarea", { class: "field__input", id: "item-notes", rows: "2", maxlength: "280", placeholder: t("notes_placeholder") });
  const add = h("button", { class: "btn btn--primary btn--large grow add", type: "button", onclick: () => submit(form, notes, quantity, item) }, h("span", {}, t("add")), price);
  $(".sheet__title", sheet).textContent = words(item, "name");
  body(intro(kind, item), ...form.nodes, h("div", { class: "field ask" }, h("label", { class: "field__label", for: "item-notes" }, t("notes")), notes));
  const foot = $("[data-foot]", sheet);
  const off = item.is_available === false;
  foot.replaceChildren(off ? h("p", { class: "notice notice--warn" }, icon("clock"), h("span", {}, reason(item))) : h("div", { class: "row" }, count.node, add));
  foot.hidden = false;
  $("[data-body]", sheet).scrollTop = 0;
  refresh();
}

function intro(kind, item) {
  const image = item.main_image_url || item.image_url;
  const allergens = item.allergens || [];
  return h("div", { class: "intro" }, image && h("img", { class: "intro__image", src: image, alt: "", width: "560", height: "320" }),
    words(item, "description") && h("p", {}, words(item, "description")),
    allergens.length ? h("p", { class: "muted small" }, t("allergens", { list: allergens.join(", ") })) : null);
}

// The menu behind the sheet already says why something cannot be had.
function reason(item) {
  return $(`.item[data-id="${CSS.escape(item.id)}"] .item__price .badge`)?.textContent || t("sold_out");
}

function submit(form, notes, quantity, item) {
  const missing = form.missing();
  if (missing) {
    missing.node.classList.add("ask--missing");
    missing.node.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    $("h3", missing.node).focus({ preventScroll: true });
    return;
  }
  addToCart({ ...form.body(), quantity, notes: notes.value.trim() }, words(item, "name"));
  hideProduct();
}
