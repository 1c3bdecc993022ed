// Shows buttons for passkeys where the browser knows them, and says in words why one did not work.
(() => {
  const show = (reason) => {
    for (const box of document.querySelectorAll("[data-passkey-message]")) {
      const text = box.querySelector(`[data-when="${reason}"]`) || box.querySelector('[data-when="other"]');
      for (const each of box.children) each.hidden = each !== text;
      box.hidden = false;
    }
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    show(event.detail.exception?.name);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (window.PublicKeyCredential) {
      for (const part of document.querySelectorAll("[data-passkey-only]")) part.hidden = false;
    } else if (document.querySelector("[data-passkey]")) {
      for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = true;
      show("unsupported");
    }
  });
})();
