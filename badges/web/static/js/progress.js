// How far a list is that is being awarded. The page works without it: "Look again" asks anew.
(() => {
  "use strict";

  // A list that is being awarded: how far it is, every two seconds; the page is asked for anew when that changes.
  for (const line of document.querySelectorAll("[data-progress]")) {
    const bar = document.querySelector("progress");
    const look = async () => {
      try {
        const answer = await fetch(line.dataset.progress, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const now = await answer.json();
        if (now.state !== line.dataset.state) {
          window.location.reload();
          return;
        }
        if (bar) {
          bar.value = now.awarded;
          line.textContent = now.text;
        }
      } catch {
        // The network is away for a moment.
      }
      window.setTimeout(look, 2000);
    };
    window.setTimeout(look, 2000);
  }
})();
