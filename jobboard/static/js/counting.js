// Tells our own server that an ad is being read or its way to apply was used, or what a search missed: an empty message.
const tell = (address) => { navigator.sendBeacon(address); };

const ad = document.querySelector("[data-seen]");
if (ad) {
  // A page that was only opened in the background or in advance has not been read yet.
  const seen = () => {
    if (document.visibilityState !== "visible" || document.prerendering) return;
    document.removeEventListener("visibilitychange", seen);
    document.removeEventListener("prerenderingchange", seen);
    tell(ad.dataset.seen);
  };
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("prerenderingchange", seen);
  seen();
}

// A list names here what was looked for in vain; every new answer is a new search.
let missed = "";
const tellMissed = () => {
  const list = document.querySelector("[data-missed]");
  if (list && list.dataset.missed !== missed) tell(list.dataset.missed);
  missed = list ? list.dataset.missed : "";
};
document.addEventListener("htmx:afterSettle", tellMissed);
tellMissed();

for (const link of document.querySelectorAll("[data-clicked]")) {
  let told = false;
  const clicked = (event) => {
    if (told || event.button > 1) return; // the right button opens a menu, it does not follow the link
    told = true;
    tell(link.dataset.clicked);
  };
  link.addEventListener("click", clicked);
  link.addEventListener("auxclick", clicked);
}
