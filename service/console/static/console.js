// Keeps a page fresh while nobody is using it: what is shown is asked for again and put in place.
"use strict";
const main = document.querySelector("main[data-refresh]");
if (main) {
  const every = Number(main.dataset.refresh) * 1000;
  // A link that opened elsewhere keeps the focus, and nobody is using it.
  const used = (focused) => main.contains(focused) && !focused.matches('a[target="_blank"]');
  const busy = () =>
    document.hidden ||
    used(document.activeElement) ||
    main.querySelector("details[open]") !== null ||
    String(window.getSelection()) !== "";
  const refresh = async () => {
    if (busy()) return;
    const where = new URL(location.href);
    where.searchParams.delete("told");
    try {
      const answer = await fetch(where, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = next.querySelector("main[data-refresh]");
      if (fresh === null || busy()) return;
      main.replaceChildren(...fresh.childNodes);
      document.querySelector(".rail nav").replaceWith(next.querySelector(".rail nav"));
    } catch {
      main.querySelector("footer .paused").hidden = false;
    }
  };
  setInterval(refresh, every);
}
