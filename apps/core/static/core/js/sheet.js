/* Sheets are native dialogs: focus stays inside, Escape closes, the page behind is inert. This adds closing by tapping
 * outside and by any [data-close] button, and a promise-free `onclose`. */

const closers = new WeakMap();

/** Open `dialog`; `onclose` is called once when it closes, however that happens. */
export function openSheet(dialog, onclose) {
  if (!closers.has(dialog)) prepare(dialog);
  closers.set(dialog, onclose);
  if (!dialog.open) dialog.showModal();
}

export function closeSheet(dialog) {
  if (dialog.open) dialog.close();
}

function prepare(dialog) {
  closers.set(dialog, null);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    const region = document.getElementById("toasts");
    if (dialog.contains(region)) document.body.append(region);
    const onclose = closers.get(dialog);
    closers.set(dialog, null);
    if (onclose) onclose();
  });
}
