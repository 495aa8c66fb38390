/* One socket that keeps itself alive: sends its first message, remembers the last sequence, reconnects with a growing
 * pause – also when the line is silent for too long – and, while there is no socket, asks by polling instead. */

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;
const POLL_MS = 5000;
// The server pings every 30 s. A line that is silent for longer may be half open: it would look alive for hours.
const SILENCE_MS = 45000;
// Closed for a reason that another attempt would not change: bad token, not yours.
const FINAL_CODES = [4401, 4403];
// We may look, but at other things than before: come in as a newcomer.
const COME_AGAIN = 4410;

/**
 * live({url, hello, onframe, onstate, poll}) -> {send, stop, seq}
 *   url      path of the socket, "/ws/…"           hello    after => first frame to send, or nothing
 *   onframe  called with each frame but pings      onstate  "open" | "waiting" | "refused"
 *   poll     called every 5 s while not open
 */
export function live({ url, hello, onframe, onstate = () => {}, poll }) {
  let socket = null;
  let pause = FIRST_PAUSE_MS;
  let retry = null;
  let watchdog = null;
  let stopped = false;
  const me = { seq: null, send, stop };
  const poller = poll && setInterval(() => { if (!isOpen() && !document.hidden) poll(); }, POLL_MS);

  function isOpen() {
    return socket !== null && socket.readyState === WebSocket.OPEN;
  }

  function connect() {
    clearTimeout(retry);
    if (stopped || (socket && socket.readyState <= WebSocket.OPEN)) return;
    const opened = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${url}`);
    socket = opened;
    heard();
    opened.onopen = () => {
      if (socket === opened && hello) send(hello(me.seq));
    };
    opened.onmessage = (message) => {
      if (socket !== opened) return;
      heard();
      const frame = JSON.parse(message.data);
      if (frame.type === "ping") {
        // The last thing the server sent us: who did not get it reconnects and is told what is missing.
        if (typeof frame.seq === "number" && frame.seq > (me.seq ?? -1)) again();
        return;
      }
      if (frame.type === "connection_established") {
        pause = FIRST_PAUSE_MS;
        onstate("open");
      } else if (typeof frame.seq === "number") {
        me.seq = frame.seq; // not that of the greeting: what was missed comes after it
      }
      onframe(frame);
    };
    opened.onclose = (event) => {
      if (stopped || socket !== opened) return;
      clearTimeout(watchdog);
      if (FINAL_CODES.includes(event.code)) {
        onstate("refused");
        return;
      }
      if (event.code === COME_AGAIN) {
        me.seq = null; // what was missed of another view brings nothing up to date
        pause = FIRST_PAUSE_MS;
      }
      onstate("waiting");
      retry = setTimeout(connect, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
  }

  function heard() {
    clearTimeout(watchdog);
    watchdog = setTimeout(again, SILENCE_MS);
  }

  /** Give this line up without waiting for its goodbye, which a dead one never sends. */
  function again() {
    const dead = socket;
    socket = null;
    dead.close();
    onstate("waiting");
    connect();
  }

  function send(frame) {
    if (!isOpen()) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function stop() {
    stopped = true;
    clearTimeout(retry);
    clearTimeout(watchdog);
    clearInterval(poller);
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    if (socket) socket.close();
  }

  // Back from a pocket or a tunnel: do not sit out the pause.
  function wake() {
    if (document.hidden || isOpen()) return;
    pause = FIRST_PAUSE_MS;
    connect();
    if (poll) poll();
  }

  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  connect();
  return me;
}
