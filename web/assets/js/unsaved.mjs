// Forms marked data-unsaved ask before their typed text is left behind.
export function unsavedChanges() {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    let changed = false;
    const warn = (event) => {
      if (changed) event.preventDefault();
    };
    form.addEventListener("input", () => {
      changed = true;
      const hint = form.querySelector("[data-unsaved-hint]");
      if (hint) hint.textContent = "You have changes that are not saved.";
    });
    form.addEventListener("submit", () => {
      changed = false;
    });
    addEventListener("beforeunload", warn);
  }
}
