// Editors marked data-live-preview show how the text will look while it is typed. The server draws it, just as for the
// preview button, and nothing is saved.
const pause = 700;

export function livePreviews() {
  for (const form of document.querySelectorAll("form[data-live-preview]")) livePreview(form);
}

function livePreview(form) {
  const byId = (id) => document.getElementById(id);
  const [choice, box, status] = ["live-preview-choice", "live-preview", "live-preview-status"].map(byId);
  let timer = 0;
  let request = null;

  const draw = async () => {
    request?.abort();
    const mine = (request = new AbortController());
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin", redirect: "error", signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["preview", "words"]) byId(id).replaceChildren(...document.adoptNode(drawn.getElementById(id)).childNodes);
      status.textContent = "";
    } catch {
      if (!mine.signal.aborted) status.textContent = "The preview could not be drawn. Press the preview button to see why.";
    }
  };
  const later = () => {
    clearTimeout(timer);
    if (box.checked) timer = setTimeout(draw, pause);
  };

  choice.hidden = false;
  form.addEventListener("input", later);
  box.addEventListener("change", later);
}
