/* The PIX box: copying the code, and the time left to pay it. */

import { $ } from "../../core/js/dom.js";
import { duration, t } from "../../core/js/format.js";
import { toast } from "../../core/js/toast.js";

let timer = null;

/** Start for an order that waits for its PIX; `onexpire` once when the time is over. */
export function setUpPix(order, onexpire) {
  const box = $("#pix");
  $("#pix-copy").addEventListener("click", () => copy($("#pix-code").textContent.trim()));
  clearInterval(timer);
  const until = order.pix_expires_at ? new Date(order.pix_expires_at).getTime() : 0;
  if (!until) return;
  const slot = $("#pix-time");
  slot.hidden = false;
  const tick = () => {
    const left = (until - Date.now()) / 1000;
    slot.textContent = t("expires_in", { time: duration(left) });
    slot.classList.toggle("pix__time--soon", left < 120);
    if (left > 0) return;
    clearInterval(timer);
    $("[data-live]", box).hidden = true;
    $("[data-expired]", box).hidden = false;
    onexpire();
  };
  timer = setInterval(tick, 1000);
  tick();
}

export function stopPix() {
  clearInterval(timer);
  $("#pix").hidden = true;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    // No clipboard without https: select the code so that one long press copies it.
    const range = document.createRange();
    range.selectNodeContents($("#pix-code"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    toast(document.execCommand("copy") ? t("copied") : t("copy_failed"));
  }
}
