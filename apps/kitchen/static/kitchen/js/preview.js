/* What a tap will do, shown before the server has said so. A pure mirror of services/work.py and services/items.py. */

const LIVE = ["pending", "started", "done"];

const STEPS = {
  start(ticket) {
    ticket.status = "in_progress";
    moveItems(ticket, ["pending"], "started");
  },
  done(ticket, action) {
    moveItems(ticket, ["pending", "started"], "done");
    ticket.status = action.body && action.body.bump ? "bumped" : "done";
  },
  bump(ticket) {
    ticket.status = "bumped";
  },
  recall(ticket) {
    ticket.status = "in_progress";
    moveItems(ticket, ["done"], "started");
  },
  undo(ticket) {
    if (ticket.status === "in_progress") {
      ticket.status = "queued";
      moveItems(ticket, ["started"], "pending");
    } else {
      STEPS.recall(ticket);
    }
  },
  ack(ticket) {
    if (ticket.kind === "cancel") ticket.status = "bumped";
  },
  "item-done"(ticket, action) {
    setItem(ticket, action.item, "done");
    const live = ticket.items.filter((item) => LIVE.includes(item.status));
    ticket.status = live.every((item) => item.status === "done") ? "done" : "in_progress";
  },
  "item-undo"(ticket, action) {
    const item = ticket.items.find((one) => one.id === action.item);
    setItem(ticket, action.item, item && item.status === "done" ? "started" : "pending");
    ticket.status = "in_progress";
  },
  "item-remake"(ticket, action) {
    setItem(ticket, action.item, "remade");
    ticket.status = "in_progress";
  },
};

/** `ticket` after `action`; the given one is not touched. */
export function preview(ticket, action) {
  const copy = { ...ticket, items: ticket.items.map((item) => ({ ...item })), waiting: true };
  STEPS[action.verb](copy, action);
  return copy;
}

function moveItems(ticket, from, to) {
  for (const item of ticket.items) if (from.includes(item.status)) item.status = to;
}

function setItem(ticket, id, status) {
  for (const item of ticket.items) if (item.id === id) item.status = status;
}
