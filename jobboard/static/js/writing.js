// Around a form that saves itself: says what goes on, tries again when the line is down, asks before something is lost.
for (const form of document.querySelectorAll("[data-writing]")) {
  const status = form.querySelector("[data-saved]");
  let typed = 0; // how often something was typed …
  let sent = 0; // … by the time of the last request
  let kept = 0; // … and of the last one that came through
  let again = 0;

  const later = (words) => {
    status.textContent = words;
    clearTimeout(again);
    again = setTimeout(() => { htmx.trigger(form, "change"); }, 10_000);
  };

  for (const name of ["input", "change"]) {
    form.addEventListener(name, (event) => { if (event.isTrusted || event.target !== form) typed += 1; });
  }
  form.addEventListener("htmx:beforeSend", () => {
    sent = typed;
    clearTimeout(again);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && !event.detail.xhr.getResponseHeader("HX-Retarget")) kept = sent;
  });
  form.addEventListener("htmx:sendError", () => {
    later("Nicht gespeichert: Die Verbindung ist unterbrochen. Ihr Text bleibt hier stehen, wir versuchen es gleich wieder.");
  });
  form.addEventListener("htmx:responseError", () => {
    later("Nicht gespeichert: Der Server antwortet gerade nicht richtig. Ihr Text bleibt hier stehen, wir versuchen es gleich wieder.");
  });
  form.addEventListener("submit", () => { kept = typed = 0; });
  addEventListener("beforeunload", (event) => { if (typed > kept) event.preventDefault(); });
  // A page from the browser's back store may be older than what is stored.
  addEventListener("pageshow", (event) => { if (event.persisted) htmx.trigger(form, "change"); });
}
