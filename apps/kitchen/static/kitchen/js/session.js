/* Who this screen is: a paired device or a logged-in person. Kept per store, so two stores on one tablet do not mix. */

import { request } from "../../core/js/http.js";

let base = "";
let key = "";
let credential = null;

export function setUpSession(boot) {
  base = boot.api;
  key = `comanda.kitchen.${boot.slug}`;
  try {
    credential = JSON.parse(localStorage.getItem(key));
  } catch {
    credential = null;
  }
}

export const token = () => (credential ? credential.token : null);

/** `kind`: "Device" or "Token", the word the API wants before it. */
export function remember(kind, value) {
  credential = { kind, token: value };
  localStorage.setItem(key, JSON.stringify(credential));
}

export function forget() {
  credential = null;
  localStorage.removeItem(key);
}

/** A call below `/kitchen/`. Throws `Problem`. */
export function api(method, path, body) {
  const headers = credential ? { Authorization: `${credential.kind} ${credential.token}` } : {};
  return request(method, base + path, { body, headers });
}

/** Small things this screen remembers: chosen station, sound, taps that are not sent yet. */
export const notes = {
  get(name, otherwise) {
    try {
      const text = localStorage.getItem(`${key}.${name}`);
      return text === null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`${key}.${name}`, JSON.stringify(value));
    } catch {
      // A full or forbidden storage costs only the memory over a reload.
    }
  },
};
