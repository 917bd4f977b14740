// Forms marked data-unsaved ask before their typed text is left behind.
export function unsavedChanges() {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    const hint = form.querySelector("[data-unsaved-hint]");
    const warn = (event) => event.preventDefault();
    form.addEventListener("input", () => {
      addEventListener("beforeunload", warn);
      if (hint && !hint.textContent) hint.textContent = "You have changes that are not saved.";
    });
    form.addEventListener("submit", () => removeEventListener("beforeunload", warn));
  }
}
