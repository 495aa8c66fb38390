/* Two ways in: a code that a manager types elsewhere (the screen needs no keyboard), or e-mail and password. */

import { $, h } from "../../core/js/dom.js";
import { duration, t } from "../../core/js/format.js";
import { request } from "../../core/js/http.js";
import { remember } from "./session.js";

const POLL_MS = 2500;
const RETRY_MS = 5000;
let pairing = null; // {code, secret, ends}
let timers = [];
let slug = "";
let onsuccess = () => {};

export function setUpSignIn(boot, success) {
  slug = boot.slug;
  onsuccess = success;
  $("#login").addEventListener("submit", logIn);
}

/** Show the sign-in; `why` says what happened if somebody was signed in before. */
export function showSignIn(why = "") {
  $("#signin").hidden = false;
  document.body.classList.add("is-signed-out");
  $("#signin-why").hidden = !why;
  $("#signin-why").textContent = why;
  stop();
  pair();
}

function leave() {
  stop();
  $("#signin").hidden = true;
  document.body.classList.remove("is-signed-out");
  onsuccess();
}

function stop() {
  timers.forEach(clearTimeout);
  timers = [];
}

const later = (call, milliseconds) => timers.push(setTimeout(call, milliseconds));

async function pair() {
  try {
    const started = await request("POST", "/api/v1/devices/pair/", {});
    pairing = { ...started, ends: Date.parse(started.expires_at) };
  } catch {
    $("#code-life").textContent = t("code_failed");
    later(pair, RETRY_MS);
    return;
  }
  $("#code").replaceChildren(...[...pairing.code].map((letter) => h("span", { class: "pair__letter" }, letter)));
  later(poll, POLL_MS);
  countDown();
}

function countDown() {
  const left = (pairing.ends - Date.now()) / 1000;
  $("#code-life").textContent = t("code_expires", { time: duration(left) });
  if (left > 0) later(countDown, 1000);
}

async function poll() {
  let answer = null;
  try {
    answer = await request("POST", "/api/v1/devices/pair/poll/", { body: { secret: pairing.secret } });
  } catch {
    later(poll, RETRY_MS);
    return;
  }
  if (answer.status === "claimed" && answer.token) claimed(answer);
  else if (answer.status === "pending") later(poll, POLL_MS);
  else {
    stop();
    pair();
  }
}

function claimed(answer) {
  if (answer.store && answer.store.slug !== slug) {
    // A manager of another store typed the code: the screen belongs there.
    localStorage.setItem(`comanda.kitchen.${answer.store.slug}`, JSON.stringify({ kind: "Device", token: answer.token }));
    location.assign(`/k/${answer.store.slug}/`);
    return;
  }
  remember("Device", answer.token);
  leave();
}

async function logIn(event) {
  event.preventDefault();
  const form = event.target;
  const button = $("button[type=submit]", form);
  const error = $("#login-error");
  error.textContent = "";
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await request("POST", "/api/v1/auth/login/", { body: { email: form.email.value.trim(), password: form.password.value } });
    remember("Token", answer.token);
    form.reset();
    leave();
  } catch (problem) {
    error.textContent = problem.status === 400 || problem.status === 401 ? t("login_failed") : problem.detail || t("load_failed");
    form.password.focus();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
