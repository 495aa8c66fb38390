/* The menu page. The server has already rendered everything one can read; this adds ordering.
 *
 *   main.js      starts the rest, shows what the address says (#/p/slug, #/c/slug, #/f/slug, #/bag, #/checkout)
 *   menu.js      search, category bar, plus buttons        sheets.js    the product sheet
 *   catalog.js   the data behind the sheet                 product.js, groups.js, pizza.js, combo.js   what a thing asks
 *   cart.js      the bag's state and its queue             bag.js       the bag on the screen
 *   checkout.js  the form, delivery.js its fee, form.js its fields
 */

import { $, h, icon, island } from "../../core/js/dom.js";
import { setUp, t } from "../../core/js/format.js";
import { onConnection } from "../../core/js/http.js";
import { toast } from "../../core/js/toast.js";
import { hideBag, setUpBag, showBag } from "./bag.js";
import { loadCart, setUpCart } from "./cart.js";
import { loadCatalog, setUpCatalog } from "./catalog.js";
import { enterCheckout, recentOrder, setUpCheckout } from "./checkout.js";
import { setUpMenu } from "./menu.js";
import { hideProduct, showProduct } from "./sheets.js";

const boot = island("boot");
const title = document.title;
let moved = false; // whether the address was changed inside this page, so that "back" stays on it
let route = "";
let scrolled = 0;

setUp({ words: boot.words, language: boot.language, currency: boot.store.currency, decimals: boot.store.currency_decimals, zone: boot.store.timezone });
setUpCatalog(boot.api);
setUpCart(boot.api, boot.store.slug);
setUpBag(boot.store);
setUpMenu();
setUpCheckout(boot);
connection();
lastOrder();
loadCart();
addEventListener("hashchange", () => { moved = true; show(); });
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-back]")) return;
  event.preventDefault();
  leave();
});
addEventListener("pageshow", returned);
show();
// The sheets need it soon: fetch it once the page itself is done.
(window.requestIdleCallback || setTimeout)(() => loadCatalog().catch(() => undefined));

function show() {
  const before = route;
  route = location.hash.startsWith("#/") ? location.hash.slice(2) : "";
  const [kind, slug] = route.split("/");
  const paying = kind === "checkout";
  if (paying && before !== route) scrolled = $("#checkout").hidden ? scrollY : scrolled;
  if (!["p", "c", "f"].includes(kind)) hideProduct();
  if (kind !== "bag") hideBag();
  toggleCheckout(paying);
  if (["p", "c", "f"].includes(kind) && slug) showProduct(kind, decodeURIComponent(slug), closed(route));
  if (kind === "bag") showBag(closed(route));
}

function toggleCheckout(paying) {
  const was = !$("#checkout").hidden;
  if (was === paying) return;
  $("#shop").hidden = paying;
  $("#checkout").hidden = !paying;
  document.body.classList.toggle("paying", paying);
  document.title = paying ? `${$("#checkout-title").textContent} – ${boot.store.name}` : title;
  scrollTo({ top: paying ? 0 : scrolled, behavior: "instant" });
  if (paying) {
    enterCheckout();
    $("#checkout-title").focus({ preventScroll: true });
  }
}

// What to do when the customer closes a sheet: take its address away, unless the address has already moved on.
function closed(opened) {
  return () => { if (route === opened) leave(); };
}

function leave() {
  if (moved && history.length > 1) {
    history.back();
    return;
  }
  history.replaceState(null, "", location.pathname + location.search);
  show();
}

// Back from the tracking page, out of the browser's memory: the order is placed, so the form must not stand there filled.
function returned(event) {
  if (!event.persisted) return;
  if ($("#checkout").hidden) {
    loadCart();
    return;
  }
  history.replaceState(null, "", boot.page);
  location.reload();
}

function connection() {
  const bar = $("#connection");
  let was = true;
  onConnection((online) => {
    bar.hidden = online;
    $("span", bar).textContent = online ? "" : t("offline");
    if (online && !was) toast(t("back_online"));
    was = online;
  });
}

function lastOrder() {
  const order = recentOrder(boot.store.slug);
  if (!order) return;
  $("#notices").prepend(h("a", { class: "notice notice--info last-order", href: `${boot.page}t/${order.token}/` },
    icon("receipt"), h("span", { class: "grow" }, t("track_order", { number: order.number })), icon("right")));
}
