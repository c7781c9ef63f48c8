// Draws a badge while it is being designed. The page has a button that does the same.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("[data-art]")) {
    const pictures = form.querySelectorAll("[data-art-picture]");
    const problem = form.querySelector("[data-art-problem]");
    const describes = form.querySelector("[data-art-describes]");
    let waiting = 0;
    const draw = async () => {
      const asked = ++waiting;
      const fields = new URLSearchParams(form.dataset.artFields.split(" ").map((name) => [name, new FormData(form).get(name) || ""]));
      const address = `${form.dataset.artUrl}?${fields}`;
      const answer = await fetch(address);
      const text = await answer.text();
      if (asked !== waiting) return;
      problem.textContent = answer.ok ? "" : answer.status === 400 ? text : "";
      if (!answer.ok) return;
      for (const picture of pictures) picture.src = address;
      const said = new DOMParser().parseFromString(text, "image/svg+xml").querySelector("desc");
      describes.textContent = said ? describes.dataset.artWords + said.textContent : "";
    };
    let timer = 0;
    form.addEventListener("input", (event) => {
      if (!form.dataset.artFields.split(" ").includes(event.target.name)) return;
      clearTimeout(timer);
      timer = setTimeout(draw, 200);
    });
  }
})();
