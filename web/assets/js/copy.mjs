// Copy buttons stand hidden in the page and appear only where the browser can copy.
export function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const status = document.getElementById(button.dataset.copyStatus);
    button.hidden = false;
    button.addEventListener("click", async () => {
      let said = "Copied";
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        said = "The browser did not allow copying";
      }
      if (status) status.textContent = said;
    });
  }
}
