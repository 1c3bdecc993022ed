// The list of vacancies: keeps its fields in step with the list, tells the count, and makes a sheet of the filters on a
// phone. Without this file the fields are a plain form.
(() => {
  const form = document.querySelector("[data-search]");
  // What stands in no field is no part of an address.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });

  const list = document.querySelector("[data-found]");
  if (!list) return; // the home page has the form alone

  const column = document.querySelector("[data-filters]");
  const fields = document.querySelector("[data-filter-fields]");
  const sheet = document.querySelector("[data-filter-sheet]");
  const opener = document.querySelector("[data-filter-open]");
  const wide = matchMedia("(width >= 60rem)");

  // Back and forth shows the page as a reload does: the list and its fields from one answer.
  htmx.config.refreshOnHistoryMiss = true;

  const place = () => {
    if (sheet.open) sheet.close();
    (wide.matches ? column : sheet.querySelector("[data-filter-place]")).append(fields);
    column.open = true;
    column.hidden = !wide.matches;
    opener.hidden = wide.matches;
  };

  const heading = () => document.getElementById("anzahl-stellen");

  const isSet = (input) => (input.type === "checkbox" ? input.checked !== ("isUsual" in input.dataset) : input.value.trim() !== "");

  const tell = () => {
    const count = [...fields.querySelectorAll("[name]")].filter(isSet).length;
    opener.querySelector("[data-filter-count]").textContent = count ? ` ${count} gesetzt` : "";
    sheet.querySelector("[data-filter-found]").textContent = heading().textContent;
  };

  // Who types or chooses faster than the server answers is ahead of the answer: the next one will know.
  let isAhead = false;
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => { if (event.target.form === form) isAhead = true; }, true);
  }
  document.body.addEventListener("htmx:beforeSend", () => { isAhead = false; });

  // The fields as the server has them now.
  const takeOver = (fresh) => {
    for (const input of fresh.querySelectorAll("[name]")) {
      const own = document.getElementById(input.id);
      if (!own) continue; // a city that has appeared meanwhile
      if (!isAhead && own.type === "checkbox") own.checked = input.checked;
      else if (!isAhead) own.value = input.value;
      const count = input.parentElement.querySelector(".choice-count");
      if (count) own.parentElement.querySelector(".choice-count").replaceWith(count);
    }
  };

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.target !== form && event.target !== fields) return;
    event.preventDefault();
    takeOver(event.detail.fragment);
  });

  // The fields as a link says, before its list is here: who chooses on meanwhile chooses from there.
  const follow = (link) => {
    const asked = new URLSearchParams(link.search);
    for (const field of form.elements) {
      const values = asked.getAll(field.name);
      if (field.type === "checkbox") field.checked = values.length ? values.includes(field.value) : "isUsual" in field.dataset;
      else if (field.name) field.value = values[0] ?? "";
    }
  };

  const chips = () => [...list.querySelectorAll(".chip")];
  let removed = -1;

  // Links to another list of the same page: what was chosen or undone changes in its place.
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || link.pathname !== location.pathname || link.closest("nav")) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.closest(".htmx-request")) return; // it leads away from a list that is no longer asked for
    removed = chips().indexOf(link);
    follow(link);
    htmx.ajax("GET", link.href, { source: link });
  });

  const failed = list.querySelector("[data-failed]");
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.body.addEventListener(name, () => { failed.hidden = false; });
  }
  document.body.addEventListener("htmx:beforeSwap", () => { failed.hidden = true; });

  list.addEventListener("htmx:afterSettle", () => {
    tell();
    if (document.activeElement !== document.body) return;
    // The link that was used is gone. After a chip comes the next one; the count is told without the focus.
    const left = removed < 0 ? [] : chips();
    (left[Math.min(removed, left.length - 1)] ?? heading()).focus({ preventScroll: true });
  });

  opener.addEventListener("click", () => { sheet.showModal(); });
  sheet.addEventListener("click", (event) => {
    if (event.target.closest("[data-filter-close]")) sheet.close();
  });
  sheet.addEventListener("close", () => { list.scrollIntoView({ block: "start" }); });

  for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
  wide.addEventListener("change", place);
  place();
  tell();
})();
