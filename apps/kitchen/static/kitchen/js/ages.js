/* How old a ticket is, as text and as one of fresh, late, overdue. */

import { clock, t } from "../../core/js/format.js";
import { now } from "./state.js";

const MINUTE = 60000;

export function ageClass(ticket) {
  if (ticket.kind === "cancel" || ticket.status === "done") return "fresh";
  const moment = now();
  if (moment >= Date.parse(ticket.overdue_at)) return "overdue";
  return moment >= Date.parse(ticket.due_at) ? "late" : "fresh";
}

export function ageText(ticket) {
  const age = now() - Date.parse(ticket.fire_at);
  return age < -MINUTE ? t("in_time", { time: span(-age) }) : span(age);
}

/** A length of time in words short enough for a header. */
export function span(milliseconds) {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  if (minutes < 1) return t("now");
  if (minutes < 60) return t("minutes", { minutes });
  return t("hours", { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, "0") });
}

export function since(moment) {
  const length = now() - Date.parse(moment);
  return length < MINUTE ? t("now") : t("ago", { time: span(length) });
}
export const timeOf = (moment) => clock(moment);
