/* The server-rendered menu, made quicker: search as you type, the category bar that follows, plus buttons that add. */

import { $, $$, empty } from "../../core/js/dom.js";
import { t } from "../../core/js/format.js";
import { addToCart, countOf, onCart } from "./cart.js";

const JUMP_MS = 1200;

export function setUpMenu() {
  search();
  follow();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add]");
    if (!button) return;
    addToCart({ product_id: button.dataset.add, quantity: 1, options: {}, notes: "" }, $(".item__name", button.closest(".item")).textContent);
  });
  onCart(() => $$(".item").forEach(mark));
}

// The plus of something already in the bag shows how many.
function mark(item) {
  const count = countOf(item.dataset.id);
  const button = $(".item__add", item);
  if (!button) return;
  button.classList.toggle("item__add--in", count > 0);
  if (count) button.dataset.count = String(count);
  else delete button.dataset.count;
}

const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function search() {
  const box = $("#search");
  if (!box) return;
  const index = $$(".item").map((node) => [node, fold(node.textContent)]);
  const apply = () => {
    const terms = fold(box.value.trim()).split(/\s+/).filter(Boolean);
    let count = 0;
    index.forEach(([node, text]) => {
      node.hidden = !terms.every((term) => text.includes(term));
      count += node.hidden ? 0 : 1;
    });
    $$(".section").forEach((section) => { section.hidden = !$$(".item", section).some((node) => !node.hidden); });
    const nothing = $("#nothing");
    nothing.hidden = count > 0;
    if (!count) nothing.replaceChildren(empty({ mark: "search", title: t("nothing_found", { query: box.value.trim() }), text: t("nothing_found_text"), action: t("clear_search"), onaction: () => { box.value = ""; apply(); box.focus(); } }));
    $("#found").textContent = terms.length ? t("results", { count }) : "";
  };
  box.addEventListener("input", apply);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") box.blur(); });
}

function follow() {
  const links = $$(".cat");
  const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
  const strip = $(".cats");
  if (!strip) return;
  let current = 0;
  const set = (place) => {
    if (place === current) return;
    links[current].removeAttribute("aria-current");
    current = place;
    const link = links[place];
    link.setAttribute("aria-current", "true");
    strip.scrollTo({ left: link.offsetLeft - strip.clientWidth / 2 + link.clientWidth / 2, behavior: "smooth" });
  };
  const line = () => $("#finder").getBoundingClientRect().bottom + 24;
  let waiting = false;
  let held = 0;
  // A category that was tapped stays marked, even if the page is too short to bring it to the top.
  links.forEach((link, place) => link.addEventListener("click", () => {
    set(place);
    held = Date.now() + JUMP_MS;
  }));
  addEventListener("scroll", () => {
    if (waiting || Date.now() < held) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const passed = sections.filter((section) => section.getBoundingClientRect().top <= line()).length - 1;
      const bottom = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
      set(bottom && scrollY > 0 ? sections.length - 1 : Math.max(0, passed));
    });
  }, { passive: true });
}
