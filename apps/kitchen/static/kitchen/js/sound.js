/* Sounds made in the browser: no file to load, nothing to miss. A new ticket rings, and goes on ringing every few seconds until
 * somebody touches the screen; a cancellation sounds different, because it means "stop". */

import { notes } from "./session.js";

const AGAIN_MS = 12000;
const RINGS = { ticket: [[880, 0], [1318, 0.16], [1760, 0.32]], cancel: [[660, 0], [440, 0.22], [330, 0.44]] };

let context = null;
let isOn = true;
let ringing = null;
let report = () => {};

export function setUpSound(onstate) {
  report = onstate;
  isOn = notes.get("sound", true);
  // Browsers let a page make noise only after somebody has touched it.
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, touched);
  tell();
}

export function toggleSound() {
  isOn = !isOn;
  notes.set("sound", isOn);
  if (isOn) play("ticket");
  else hush();
  tell();
}

/** Ring now and again until somebody comes. `kind`: "ticket" or "cancel". */
export function ring(kind) {
  play(kind);
  hush();
  ringing = setInterval(() => play(kind), AGAIN_MS);
}

export function hush() {
  clearInterval(ringing);
  ringing = null;
}

function touched() {
  hush();
  if (!context && window.AudioContext) context = new AudioContext();
  if (context && context.state === "suspended") context.resume().then(tell);
  tell();
}

function tell() {
  report({ isOn, isBlocked: isOn && (!context || context.state !== "running") });
}

function play(kind) {
  if (!isOn || !context || context.state !== "running") return;
  for (const [frequency, delay] of RINGS[kind]) note(frequency, context.currentTime + delay);
}

function note(frequency, at) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = "triangle";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.55);
}
