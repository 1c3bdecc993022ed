// Suggestions below a field (ARIA 1.2 combobox). Without this file the field is a plain one.
// data-suggest: the address that answers; data-suggest-key: where in the answer they stand; data-suggest-label: what
// they are. data-suggest-code and data-suggest-choice name the fields that a town fills in besides its own.
for (const input of document.querySelectorAll("[data-suggest]")) {
  const { form } = input;
  const { suggest, suggestKey, suggestLabel, suggestCode, suggestChoice } = input.dataset;
  const code = suggestCode && form.elements.namedItem(suggestCode);
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
  list.id = `${input.id}_${suggestKey}`;
  list.role = "listbox";
  list.ariaLabel = suggestLabel;
  list.hidden = true;
  status.className = "visually-hidden";
  status.ariaLive = "polite";
  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.ariaExpanded = "false";
  input.setAttribute("aria-controls", list.id);
  input.before(box);
  box.append(input, list, status);
  if (suggestChoice) {
    chosen.type = "hidden";
    chosen.name = suggestChoice;
    chosen.disabled = true;
    box.append(chosen);
  }

  const close = () => {
    list.hidden = true;
    active = -1;
    input.ariaExpanded = "false";
    input.removeAttribute("aria-activedescendant");
  };

  // Nothing may open below a field whose text is already on its way.
  const leave = () => {
    clearTimeout(timer);
    asked?.abort();
    close();
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
    if (!suggestChoice) return;
    chosen.disabled = true;
    for (const radio of form.querySelectorAll(`input[type=radio][name="${suggestChoice}"]`)) radio.checked = false;
  };

  const choose = (option) => {
    if (code) code.value = option.code;
    input.value = option.code ? (code ? option.name : option.code) : option.label;
    forget();
    chosen.value = option.id;
    chosen.disabled = false;
    leave();
    status.textContent = `${option.label} gewählt.`;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.dispatchEvent(new Event("chosen", { bubbles: true }));
  };

  const show = (found) => {
    options = found;
    list.replaceChildren(...found.map((option, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}_${at}`;
      item.role = "option";
      item.ariaSelected = "false";
      item.textContent = option.label;
      // Before the field loses the focus.
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); });
      item.addEventListener("click", () => { choose(option); });
      return item;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    input.ariaExpanded = String(found.length > 0);
    const words = found.length === 1 ? "1 Vorschlag" : `${found.length} Vorschläge`;
    status.textContent = found.length ? `${words}, mit den Pfeiltasten zu wählen.` : "";
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (text.length < 2) { close(); return; }
    try {
      const answer = await fetch(`${suggest}?q=${encodeURIComponent(text)}`, { signal: asked.signal, credentials: "omit" });
      const found = answer.ok ? (await answer.json())[suggestKey] : [];
      if (document.activeElement === input) show(found);
    } catch { /* overtaken by the next letter, or offline: the server asks back */ }
  };

  input.addEventListener("input", () => {
    forget();
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("blur", leave);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One stop more than there are suggestions: the field itself.
      const stops = options.length + 1;
      mark((active + 1 + step + stops) % stops - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options[active]);
    } else if (event.key === "Enter") {
      leave(); // and the form goes on its way
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab" && !list.hidden && active >= 0) {
      choose(options[active]);
    }
  });
}
