// On a phone the filters start closed; a filter link inside the results keeps its plain behaviour.
for (const details of document.querySelectorAll("[data-filters]")) {
  const wide = matchMedia("(width >= 60rem)");
  const follow = () => { details.open = wide.matches; };
  wide.addEventListener("change", follow);
  follow();
}
