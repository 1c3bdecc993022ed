// The desk of a city page: sentences taken over at once, fields that grow, the keyboard, and a question before text is lost.
for (const form of document.querySelectorAll("[data-editing]")) {
  const status = form.querySelector("[data-saved]");
  let isDirty = form.dataset.editing === "unsaved"; // a form that came back holds what is stored nowhere

  const fill = (row, sentence, section) => {
    const field = form.elements[`${row}-evidence`];
    field.value = sentence;
    if (section) form.elements[`${row}-section`].value = section;
    field.closest("details").open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  form.addEventListener("click", (event) => {
    const way = event.target.closest("a[href^='#']");
    const line = way && document.getElementById(decodeURIComponent(way.hash.slice(1)))?.closest(".desk-line");
    if (line) line.querySelector("details").open = true;
    const button = event.target.closest("[data-take]");
    if (!button) return;
    event.preventDefault();
    fill(button.dataset.take, button.dataset.sentence, button.dataset.section);
  });

  form.addEventListener("change", (event) => {
    const { pick } = event.target.dataset;
    if (!pick || !event.target.value) return;
    const sentence = event.target.value;
    event.target.selectedIndex = 0; // it stands in the field now, and can be changed there
    fill(pick, sentence);
  });

  // A list of sentences is as old as the page: renewed when somebody is about to choose.
  form.addEventListener("focusin", (event) => {
    const { sentences } = event.target.dataset;
    if (!sentences) return;
    const found = [...document.querySelectorAll(`#${sentences}-list li`)].map((each) => each.textContent);
    event.target.length = 1;
    for (const sentence of found) event.target.add(new Option(sentence));
  });

  form.addEventListener("input", () => {
    isDirty = true;
    status.textContent = "Noch nicht gespeichert";
  });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });

  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.querySelector("[name=_continue]").click();
    }
  });

  // What says the same stays: nobody loses their place in it, and no voice reads it out again.
  form.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.target.isEqualNode(event.detail.fragment.firstElementChild)) event.preventDefault();
  });

  form.addEventListener("htmx:sendError", () => {
    status.textContent = "Die Vorschau wartet: Die Verbindung ist unterbrochen. Ihr Text bleibt hier stehen.";
  });
  form.addEventListener("htmx:responseError", () => {
    status.textContent = "Die Vorschau wartet: Der Server antwortet gerade nicht richtig. Ihr Text bleibt hier stehen.";
  });

  if (!CSS.supports("field-sizing", "content")) {
    const grow = (field) => {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 4}px`;
    };
    form.querySelectorAll("textarea").forEach(grow);
    form.addEventListener("input", (event) => { if (event.target.matches("textarea")) grow(event.target); });
  }
}
