// Small comforts. Every page works without them.
(() => {
  "use strict";

  for (const box of document.querySelectorAll("[data-copy]")) {
    const field = box.querySelector("[data-copy-source]");
    const copy = box.querySelector("[data-copy-button]");
    box.querySelector("[data-copy-buttons]").hidden = false;
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    copy.after(said);
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = copy.dataset.copied;
      } catch {
        field.select();
      }
    });
    box.querySelector("[data-print-button]").addEventListener("click", () => window.print());
  }

  for (const form of document.querySelectorAll("[data-drop]")) {
    const input = form.querySelector("input[type=file]");
    const light = (on) => form.classList.toggle("am-drop--over", on);
    form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      light(true);
    });
    form.addEventListener("dragleave", (event) => {
      if (!form.contains(event.relatedTarget)) light(false);
    });
    form.addEventListener("drop", (event) => {
      light(false);
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      input.files = event.dataTransfer.files;
    });
  }
})();
