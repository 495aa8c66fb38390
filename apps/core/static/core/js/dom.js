/* Building and finding elements. Text is always set as text, so nothing a store or a customer typed can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/** `h("button", {class: "btn", type: "button", onclick: f}, "Add", icon("plus"))`; null and false children are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (["value", "checked", "disabled", "hidden", "selected", "indeterminate"].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** One of the symbols in core/ui/icons.html. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The JSON island with this id, or null. */
export function island(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}

/** The four-part empty or error state of components.css. */
export function empty({ mark = "info", title, text, action, onaction }) {
  return h("div", { class: "empty" },
    h("span", { class: "empty__mark" }, icon(mark)),
    h("p", { class: "empty__title" }, title),
    text && h("p", { class: "empty__text" }, text),
    action && h("button", { class: "btn btn--primary", type: "button", onclick: onaction }, action));
}
