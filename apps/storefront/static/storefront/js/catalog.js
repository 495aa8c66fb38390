/* The store's catalog: fetched once, looked up by slug or id, asked for again after a failure. */

import { request } from "../../core/js/http.js";

let url = "";
let pending = null;
let loaded = null;

export function setUpCatalog(api) {
  url = `${api}catalog/`;
}

/** The catalog with its lookups; a failed load is not remembered, so calling again retries. */
export function loadCatalog({ fresh = false } = {}) {
  if (fresh) pending = null;
  pending ||= request("GET", url, { cache: "no-cache" }).then(index).catch((problem) => {
    pending = null;
    throw problem;
  });
  return pending;
}

/** What is known now, or null. */
export const knownCatalog = () => loaded;

function index(data) {
  const by = (rows, key) => new Map((rows || []).map((row) => [String(row[key]), row]));
  loaded = {
    ...data,
    productBySlug: by(data.products, "slug"),
    productById: by(data.products, "id"),
    comboBySlug: by(data.combos, "slug"),
    comboById: by(data.combos, "id"),
    flavourBySlug: by(data.flavours, "slug"),
    flavourById: by(data.flavours, "id"),
    groupById: new Map([...by(data.modifier_groups, "slug"), ...by(data.modifier_groups, "id")]),
  };
  return loaded;
}

/** A flavour named by id or by slug. */
export const flavourOf = (catalog, key) => catalog.flavourById.get(String(key)) || catalog.flavourBySlug.get(String(key));

/** Text in the page's language where the store has translated it. */
export function words(item, key) {
  const language = document.documentElement.lang.slice(0, 2).toLowerCase();
  const found = Object.entries(item.translations || {}).find(([code]) => code.toLowerCase().startsWith(language));
  return (found && found[1][key]) || item[key] || "";
}
