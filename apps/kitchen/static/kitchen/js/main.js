/* The kitchen screen.
 *
 *   session.js  who this screen is          signin.js  pairing and login
 *   state.js    what the server said        queue.js   taps on their way, preview.js what they will do
 *   board.js    cards and stations          card.js    one ticket, ages.js how old it is
 *   panels.js   all-day and recall          sound.js   rings
 */

import { $, icon, island } from "../../core/js/dom.js";
import { clock, setUp, t } from "../../core/js/format.js";
import { onConnection } from "../../core/js/http.js";
import { live } from "../../core/js/live.js";
import { toast } from "../../core/js/toast.js";
import { draw, loadStations, setUpBoard, view } from "./board.js";
import { setUpPanels } from "./panels.js";
import { flush, setUpQueue } from "./queue.js";
import { api, forget, setUpSession, token } from "./session.js";
import { setUpSignIn, showSignIn } from "./signin.js";
import { setUpSound, ring, toggleSound } from "./sound.js";
import { isLoaded, isSeen, now, replaceAll, reset, setClock, take } from "./state.js";

const MOST_OPEN = 400;
const STATIONS_MS = 60000;

const boot = island("boot");
let socket = null;
let socketState = "connecting";
let unsent = 0;
let online = true;

setUp({ words: boot.words, language: boot.language, zone: boot.timezone });
setUpSession(boot);
setUpQueue({ onconflict, onsignedout: () => signOut(t("signed_out")), onlength: (count) => { unsent = count; showLink(); } });
setUpBoard(boot.store);
setUpPanels();
setUpSignIn(boot, enter);
setUpSound(showSound);
$("#sound").addEventListener("click", toggleSound);
onConnection((isOnline) => {
  online = isOnline;
  if (isOnline) flush();
  showLink();
});
setInterval(tick, 1000);
setInterval(() => socket && loadStations().catch(() => undefined), STATIONS_MS);
tick();
keepAwake();
if (token()) enter();
else signOut("");

// -- the connection ----------------------------------------------------------------------------------------------

function enter() {
  for (const part of ["#tools", "#stations"]) $(part).hidden = false;
  draw();
  loadStations().then(connect, (problem) => (problem.temporary ? connect() : refused(problem)));
}

function connect() {
  if (socket) socket.stop();
  socketState = "connecting";
  socket = live({
    url: boot.socket,
    hello: (after) => ({ type: "auth", token: token(), after }),
    onframe,
    onstate(state) {
      if (state === "refused") recheck();
      else socketState = state === "open" ? "open" : "waiting";
      if (state === "open") flush();
      if (state === "waiting" && !isLoaded()) poll(); // no socket from the start: do not sit out the first pause
      showLink();
    },
    poll,
  });
  showLink();
}

function onframe(frame) {
  if (frame.now) setClock(frame.now);
  if (frame.type === "snapshot") replaceAll(frame.tickets).forEach(announce);
  else if (frame.ticket && take(frame.ticket)) announce(frame.ticket);
}

function announce(ticket) {
  if (isSeen(ticket, view())) ring(ticket.kind === "cancel" ? "cancel" : "ticket");
}

/** While there is no socket the screen asks instead, every five seconds. */
async function poll() {
  try {
    replaceAll((await api("GET", `tickets/?status=open&limit=${MOST_OPEN}`)).results).forEach(announce);
  } catch (problem) {
    if (problem.status === 401) signOut(t("signed_out"));
  }
}

/** The socket was refused for good: either our rights changed – then start again – or we have none. */
function recheck() {
  loadStations().then(connect, (problem) => (problem.temporary ? setTimeout(recheck, 3000) : refused(problem)));
}

function refused(problem) {
  signOut(problem.status === 401 ? t("signed_out") : t("not_yours"));
}

function signOut(why) {
  if (socket) socket.stop();
  socket = null;
  forget();
  reset();
  for (const part of ["#tools", "#stations"]) $(part).hidden = true;
  showLink();
  showSignIn(why);
}

function onconflict(problem) {
  toast(problem.status === 409 || problem.status === 404 ? t("conflict") : t("failed", { detail: problem.detail }));
  poll();
}

// -- the top bar -------------------------------------------------------------------------------------------------

function showLink() {
  const isLost = !online;
  const state = isLost ? "offline" : socketState === "open" ? "live" : socketState === "waiting" ? "reconnecting" : "connecting";
  const link = $("#link");
  link.hidden = !socket;
  link.dataset.state = state;
  const text = t(state) + (unsent && state !== "live" ? ` · ${t("unsent", { count: unsent })}` : "");
  const label = $(".link__text", link);
  if (label.textContent !== text) label.textContent = text;
  $("#offline").hidden = !isLost || !socket;
}

function showSound({ isOn, isBlocked }) {
  const button = $("#sound");
  button.setAttribute("aria-pressed", String(isOn));
  button.dataset.blocked = String(isBlocked);
  button.title = t(isBlocked ? "sound_blocked" : isOn ? "sound_on" : "sound_off");
  button.setAttribute("aria-label", button.title);
  button.replaceChildren(icon(isOn ? "sound" : "mute"));
}

function tick() {
  const text = clock(now());
  if ($("#clock").textContent !== text) $("#clock").textContent = text;
}

// -- the tablet --------------------------------------------------------------------------------------------------

async function keepAwake() {
  if (!navigator.wakeLock) return;
  const ask = () => !document.hidden && navigator.wakeLock.request("screen").catch(() => undefined); // low battery may refuse
  document.addEventListener("visibilitychange", ask);
  await ask();
}
