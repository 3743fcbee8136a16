// Opens Rutter Link straight from the click, hears its one answer, and hands the public token to our own server.
"use strict";
(() => {
  const form = document.querySelector("form[data-link]");
  if (!form) return;
  const button = form.querySelector("button");
  const said = document.querySelector("#said");
  const base = new URL(form.dataset.link);
  const size = { width: 800, height: 700 };
  let session = null; // of the window that is open
  let token = null; // signed in, and not yet taken by our server

  const zone = form.elements.time_zone;
  if (!zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

  function say(text, tone) {
    said.textContent = text;
    said.className = tone;
  }

  function address(nonce) {
    const url = new URL(`${base.pathname.replace(/\/$/, "")}/linkstart/${encodeURIComponent(form.dataset.key)}`, base);
    url.searchParams.set("token", form.dataset.key);
    url.searchParams.set("origin", window.location.origin);
    url.searchParams.set("nonce", nonce);
    if (form.elements.platform.value) url.searchParams.set("platform", form.elements.platform.value);
    return url.href;
  }

  function newNonce() {
    const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    return Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => letters[byte % letters.length]).join("");
  }

  function open() {
    const nonce = newNonce();
    const left = window.screenX + (window.outerWidth - size.width) / 2;
    const top = window.screenY + (window.outerHeight - size.height) / 2;
    const features = `popup,width=${size.width},height=${size.height},left=${left},top=${top}`;
    const popup = window.open(address(nonce), "_blank", features);
    if (!popup) {
      say("Your browser blocked the window: allow pop-ups for this page, then click again.", "person");
      return;
    }
    const watch = setInterval(() => {
      // The answer may still be on its way when the window is gone.
      if (popup.closed) setTimeout(() => closed(popup), 300);
    }, 300);
    session = { popup, nonce, watch };
    say("Sign in to the accounting system in the window that opened.", "waits");
  }

  function end() {
    clearInterval(session.watch);
    session = null;
  }

  function closed(popup) {
    if (!session || session.popup !== popup) return;
    end();
    say("The window was closed before anything was linked.", "plain");
  }

  function read(data) {
    if (typeof data !== "string" || data.length > 10000) return null;
    try {
      return JSON.parse(data);
    } catch {
      return null;
    }
  }

  window.addEventListener("message", (event) => {
    if (!session || event.source !== session.popup) return;
    const message = read(event.data);
    if (event.origin !== base.origin) {
      if (message?.nonce === session.nonce) {
        say(`Link answered from ${event.origin}, and only ${base.origin} is heard: see LEDGERHOOK_RUTTER_LINK_URL.`, "person");
      }
      return;
    }
    if (message?.type === "EXIT") closed(session.popup);
    if (message?.type !== "SUCCESS" || message.nonce !== session.nonce || typeof message.publicToken !== "string") return;
    token = message.publicToken;
    end();
    handOver();
  });

  async function handOver() {
    button.disabled = true;
    say("Signed in. Taking the connection over…", "waits");
    const fields = new URLSearchParams(new FormData(form));
    fields.set("public_token", token);
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, credentials: "same-origin", redirect: "error" });
      const told = await answer.json();
      if (answer.ok) {
        location.assign(told.next);
        return;
      }
      if (told.spent) token = null;
      say(told.error, "person");
    } catch {
      say("The service did not answer. You are still signed in at Rutter: click again to go on.", "person");
    }
    button.textContent = token ? "Go on" : "Connect";
    button.disabled = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (session) session.popup.focus();
    else if (token) handOver();
    else open();
  });
})();
