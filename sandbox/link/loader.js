"use strict";

// Rutter.create({publicKey, onSuccess, onExit, onError, onLoad, debug}).open({platform}), as Rutter's plain script offers
// it. Of onSuccess and onExit exactly one is called, once for each open(). The window comes from where this file came.
(() => {
  const base = new URL(document.currentScript.src).origin;
  const SIZE = { width: 800, height: 700 };
  const CLOSED_AFTER_MS = 300;

  function address(publicKey, nonce, options) {
    const url = new URL(`/linkstart/${encodeURIComponent(publicKey)}`, base);
    url.searchParams.set("token", publicKey);
    url.searchParams.set("origin", window.location.origin);
    url.searchParams.set("nonce", nonce);
    for (const name of ["platform", "storeName", "region", "autoLoad"]) {
      if (options[name] !== undefined) url.searchParams.set(name, String(options[name]));
    }
    return url.href;
  }

  function newNonce() {
    const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    return Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => letters[byte % letters.length]).join("");
  }

  function features() {
    const left = window.screenX + (window.outerWidth - SIZE.width) / 2;
    const top = window.screenY + (window.outerHeight - SIZE.height) / 2;
    return `popup,width=${SIZE.width},height=${SIZE.height},left=${left},top=${top}`;
  }

  function read(data) {
    try {
      return JSON.parse(data);
    } catch {
      return null;
    }
  }

  function create(config) {
    const said = config.debug ? console.log.bind(console, "[link]") : () => {};
    const failed = config.onExit || config.onError || (() => {});
    let current = null;

    function end(session, publicToken, error) {
      if (session.over) return;
      session.over = true;
      window.removeEventListener("message", session.hear);
      clearInterval(session.watch);
      if (current === session) current = null;
      said(error || "success");
      if (publicToken) config.onSuccess(publicToken);
      else failed(error);
    }

    function open(options = {}) {
      if (current) {
        current.popup.focus();
        return;
      }
      const nonce = newNonce();
      const popup = window.open(address(config.publicKey, nonce, options), "_blank", features());
      if (!popup) {
        failed("UNKNOWN_ERROR");
        return;
      }
      const session = { popup, over: false };
      session.hear = (event) => {
        if (event.origin !== base || event.source !== popup) return;
        const message = read(event.data);
        if (message?.type === "SUCCESS" && message.nonce === nonce) end(session, message.publicToken);
        if (message?.type === "EXIT") end(session, null, "MERCHANT_CLOSED");
      };
      session.watch = setInterval(() => {
        if (popup.closed) setTimeout(() => end(session, null, "MERCHANT_CLOSED"), CLOSED_AFTER_MS);
      }, CLOSED_AFTER_MS);
      window.addEventListener("message", session.hear);
      current = session;
    }

    function exit() {
      current?.popup.close();
    }

    if (config.onLoad) queueMicrotask(config.onLoad);
    return { open, exit };
  }

  window.Rutter = { create };
})();
