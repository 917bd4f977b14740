// Warns before an idle session ends. The page itself says how long the session lives and which address keeps it alive.
export function idleWarning() {
  const dialog = document.querySelector("dialog[data-idle-seconds]");
  if (!dialog || typeof dialog.showModal !== "function") return;

  const lifetime = Number(dialog.dataset.idleSeconds) * 1000;
  const warning = Math.min(5 * 60 * 1000, lifetime / 2);
  const remaining = dialog.querySelector("[data-idle-remaining]");
  const stay = dialog.querySelector("[data-idle-stay]");
  let dismissed = false;
  let endsAt = Date.now() + lifetime;

  const tick = () => {
    const left = endsAt - Date.now();
    if (left > 0) setTimeout(tick, Math.min(30000, left > warning ? left - warning : left) + 50);
    if (left > warning) return;
    const minutes = Math.ceil(left / 60000);
    const text =
      left <= 0
        ? "You have been signed out. What you typed stays on this page; sign in when you send it."
        : `You will be signed out in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
    if (remaining.textContent !== text) remaining.textContent = text;
    stay.hidden = left <= 0;
    if (!dialog.open && !dismissed) dialog.showModal();
  };

  stay.addEventListener("click", async () => {
    const answer = await fetch(dialog.dataset.idleStayPath, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
    if (answer && answer.ok) {
      endsAt = Date.now() + lifetime;
      dialog.close();
    } else {
      remaining.textContent = "The portal did not answer. Save what you typed, or try again.";
    }
  });
  dialog.querySelector("[data-idle-close]").addEventListener("click", () => {
    dismissed = true;
    dialog.close();
  });
  tick();
}
