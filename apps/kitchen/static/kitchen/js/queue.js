/* Taps on their way to the server. Each is kept until it is answered – through a reload, a dead router, an hour offline – and
 * they are sent one by one in the order they were made, so that "start" never overtakes "done". */

import { api, notes } from "./session.js";
import { changed, overlay, take } from "./state.js";

const RETRY_MS = 2000;
const OLDEST_MS = 12 * 3600 * 1000; // yesterday's taps are nobody's wish any more

let waiting = [];
let sending = null;
let retry = null;
let hooks = { onconflict() {}, onsignedout() {}, onlength() {} };

export function setUpQueue(options) {
  hooks = { ...hooks, ...options };
  waiting = notes.get("taps", []).filter((action) => Date.now() - action.at < OLDEST_MS);
  overlay((id) => waiting.filter((action) => action.ticket === id));
  addEventListener("online", flush);
  report();
}

/** Do `verb` ("start", "item-done" …) to a ticket; returns the action, for `takeBack`. */
export function act(verb, ticket, { item, body } = {}) {
  const action = { verb, ticket, item, body, at: Date.now() };
  waiting.push(action);
  report();
  changed();
  flush();
  return action;
}

/** Undo: a tap that is not sent yet is simply dropped, else the server is asked. */
export function takeBack(action) {
  const place = waiting.indexOf(action);
  if (place >= 0 && action !== sending) {
    waiting.splice(place, 1);
    report();
    changed();
    return;
  }
  act(action.item ? "item-undo" : "undo", action.ticket, { item: action.item });
}

export async function flush() {
  if (sending || !waiting.length) return;
  clearTimeout(retry);
  while (waiting.length) {
    sending = waiting[0];
    const verdict = await send(sending);
    sending = null;
    if (verdict === "later") {
      retry = setTimeout(flush, RETRY_MS);
      break;
    }
    if (verdict === "signed out") break;
    report();
  }
  changed();
}

async function send(action) {
  let answer = null;
  try {
    answer = await api("POST", pathOf(action), action.body);
  } catch (problem) {
    if (problem.temporary) return "later";
    if (problem.status === 401) {
      hooks.onsignedout();
      return "signed out";
    }
    drop(action);
    hooks.onconflict(problem, action);
    return "refused";
  }
  drop(action);
  take(answer);
  return "sent";
}

function drop(action) {
  const place = waiting.indexOf(action);
  if (place >= 0) waiting.splice(place, 1);
}

function pathOf(action) {
  const base = `tickets/${action.ticket}/`;
  return action.item ? `${base}items/${action.item}/${action.verb.replace("item-", "")}/` : `${base}${action.verb}/`;
}

function report() {
  notes.set("taps", waiting);
  hooks.onlength(waiting.length);
}
