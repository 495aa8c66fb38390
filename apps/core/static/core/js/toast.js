/* Short messages at the bottom, with at most one action. */

import { h } from "./dom.js";

const SHOWN_MS = 5000;

/** `toast("Removed", {action: "Undo", onaction: f})` -> a function that takes it away. */
export function toast(text, { action, onaction, duration = SHOWN_MS } = {}) {
  const region = document.getElementById("toasts");
  // An open modal dialog makes the rest of the page inert: a toast outside it could neither be heard nor tapped.
  const top = [...document.querySelectorAll("dialog[open]")].pop() || document.body;
  if (region.parentElement !== top) top.append(region);
  const node = h("div", { class: "toast" }, h("span", {}, text),
    action && h("button", { class: "toast__action", type: "button", onclick: () => { remove(); onaction(); } }, action));
  const timer = setTimeout(remove, duration);
  function remove() {
    clearTimeout(timer);
    node.remove();
  }
  region.replaceChildren(node);
  return remove;
}
