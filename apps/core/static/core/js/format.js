/* Words, money and time in the language of the page and the currency and zone of the store.
 * The catalogue of words comes from the server with the page: {key: "text"} or {key: {one, other}} for counted things. */

let words = {};
let language = "en";
let currency = "BRL";
let decimals = 2;
let zone;

const SYMBOLS = { BRL: "R$", EUR: "€", IDR: "Rp", USD: "$" };

export function setUp(options) {
  ({ words = {}, language = "en", currency = "BRL", decimals = 2, zone } = options);
}

/** `t("add")`, `t("from", {price})`, `t("items", {count: 3})` -> text. An unknown key is shown as it is, so that it is noticed. */
export function t(key, values = {}) {
  let text = words[key];
  if (text === undefined) return key;
  if (typeof text === "object") text = text[new Intl.PluralRules(language).select(values.count)] || text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** The same text as apps/core/ui/price.py writes. */
export function money(amount) {
  const value = Number(amount) || 0;
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "always" }).format(Math.abs(value));
  const symbol = SYMBOLS[currency];
  const short = language.slice(0, 2);
  let text;
  if (short === "de" || short === "es") text = `${number}\u00a0${symbol || currency}`;
  else if (short === "en") text = symbol ? symbol + number : `${currency}\u00a0${number}`;
  else text = `${symbol || currency}\u00a0${number}`;
  return value < 0 ? `-${text}` : text;
}

/** "19:40" in the store's zone. */
export function clock(moment) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: zone, hour12: false }).format(new Date(moment));
}

/** Seconds as "4:05". */
export function duration(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** "today", "tomorrow" or a weekday for a moment, seen from now in the store's zone. */
export function dayOf(moment, now = new Date()) {
  const key = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(date);
  const date = new Date(moment);
  if (key(date) === key(now)) return t("today");
  if (key(date) === key(new Date(now.getTime() + 86400000))) return t("tomorrow");
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: zone }).format(date);
}
