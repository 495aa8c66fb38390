/* What the server last said: open tickets, the ones cleared last, and its clock. Taps that are not sent yet lie over it. */

import { preview } from "./preview.js";

const OPEN = ["queued", "in_progress", "done"];
const MOST_CLOSED = 60;

const open = new Map();
const closed = new Map(); // newest last
const revisions = new Map();
const listeners = new Set();
let pending = () => [];
let skew = 0;
let loaded = false;

export const onChange = (listener) => listeners.add(listener);
export const changed = () => listeners.forEach((listener) => listener());
export const isLoaded = () => loaded;

/** The queue tells which taps wait for a ticket. */
export function overlay(pendingOf) {
  pending = pendingOf;
}

/** The server's clock, whatever the tablet believes. */
export const now = () => Date.now() + skew;

export function setClock(moment) {
  if (moment) skew = new Date(moment).getTime() - Date.now();
}

/** The whole truth: forget everything that is not in it. Returns the tickets that are new to a screen that was running. */
export function replaceAll(tickets) {
  const fresh = loaded ? tickets.filter((ticket) => !revisions.has(ticket.id)) : [];
  for (const ticket of open.values()) if (!tickets.some((other) => other.id === ticket.id)) keepClosed(ticket);
  open.clear();
  for (const ticket of tickets) put(ticket);
  loaded = true;
  changed();
  return fresh;
}

/** Another person, another store: know nothing. */
export function reset() {
  for (const map of [open, closed, revisions]) map.clear();
  loaded = false;
  changed();
}

/** One ticket as it now is. Returns whether it is new here; what is older than what we know is ignored. */
export function take(ticket) {
  if ((revisions.get(ticket.id) || 0) >= ticket.revision) return false;
  const isNew = !open.has(ticket.id) && !closed.has(ticket.id) && OPEN.includes(ticket.status);
  put(ticket);
  changed();
  return isNew;
}

function put(ticket) {
  revisions.set(ticket.id, ticket.revision);
  if (OPEN.includes(ticket.status)) {
    open.set(ticket.id, ticket);
    closed.delete(ticket.id);
  } else {
    open.delete(ticket.id);
    keepClosed(ticket);
  }
}

function keepClosed(ticket) {
  closed.delete(ticket.id);
  closed.set(ticket.id, ticket);
  if (closed.size > MOST_CLOSED) closed.delete(closed.keys().next().value);
}

/** A ticket with its unsent taps applied, or undefined. */
export function ticketNow(id) {
  const ticket = open.get(id) || closed.get(id);
  return ticket && pending(id).reduce(preview, ticket);
}

/** Whether a ticket belongs to a view `{outlet, station}`; an empty one takes all. */
export const isSeen = (ticket, { outlet, station }) => (!outlet || ticket.outlet_id === outlet) && (!station || ticket.station.slug === station);

/** What is to be shown: cancellations first – they save food –, then by when work should begin. */
export function visible(view) {
  const ids = new Set([...open.keys(), ...[...closed.keys()].filter((id) => pending(id).length)]);
  return [...ids].map(ticketNow)
    .filter((ticket) => OPEN.includes(ticket.status) && isSeen(ticket, view))
    .sort((one, other) => rank(one) - rank(other) || Date.parse(one.fire_at) - Date.parse(other.fire_at) || one.id.localeCompare(other.id));
}

const rank = (ticket) => (ticket.kind === "cancel" ? 0 : 1);
