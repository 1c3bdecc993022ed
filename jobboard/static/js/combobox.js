// Suggestions for a town (ARIA 1.2 combobox). Without this file the form asks back where a name means several towns.
for (const input of document.querySelectorAll("[data-places]")) {
  const { form } = input;
  const code = form.elements.namedItem(input.dataset.placesCode);
  const choiceName = input.dataset.placesChoice;
  const box = document.createElement("div");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const chosen = document.createElement("input");
  let options = [];
  let active = -1;
  let timer = 0;
  let asked = null;

  box.className = "combobox";
  list.className = "combobox-list";
  list.id = `${input.id}_orte`;
  list.role = "listbox";
  list.ariaLabel = "Orte";
  list.hidden = true;
  status.className = "visually-hidden";
  status.role = "status";
  chosen.type = "hidden";
  chosen.name = choiceName;
  chosen.disabled = true;
  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.ariaExpanded = "false";
  input.setAttribute("aria-controls", list.id);
  input.before(box);
  box.append(input, list, chosen, status);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.ariaExpanded = "false";
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, at) => { item.ariaSelected = String(at === index); });
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  };

  // A choice among radio buttons is one for what stood in the field before.
  const forget = () => {
    chosen.disabled = true;
    for (const radio of form.querySelectorAll(`input[type=radio][name="${choiceName}"]`)) radio.checked = false;
  };

  const choose = (place) => {
    input.value = place.code ? place.name : place.label;
    if (code) code.value = place.code;
    forget();
    chosen.value = place.id;
    chosen.disabled = false;
    close();
    status.textContent = `${place.label} gewählt.`;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (places) => {
    options = places;
    list.replaceChildren(...places.map((place, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}_${at}`;
      item.role = "option";
      item.ariaSelected = "false";
      item.textContent = place.label;
      // Before the field loses the focus.
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); });
      item.addEventListener("click", () => { choose(place); });
      return item;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = places.length === 0;
    input.ariaExpanded = String(places.length > 0);
    status.textContent = places.length ? `${places.length} ${places.length === 1 ? "Ort" : "Orte"}, mit den Pfeiltasten zu wählen.` : "";
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (text.length < 2) { close(); return; }
    try {
      const answer = await fetch(`${input.dataset.places}?q=${encodeURIComponent(text)}`, { signal: asked.signal, credentials: "omit" });
      const { orte } = answer.ok ? await answer.json() : { orte: [] };
      if (document.activeElement === input) show(orte);
    } catch { /* overtaken by the next letter, or offline: the form asks back */ }
  };

  input.addEventListener("input", () => {
    forget();
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("blur", () => { clearTimeout(timer); asked?.abort(); close(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One stop more than there are towns: the field itself.
      const stops = options.length + 1;
      mark((active + 1 + step + stops) % stops - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab" && !list.hidden && active >= 0) {
      choose(options[active]);
    }
  });
}
