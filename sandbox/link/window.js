"use strict";

// One window, one answer: SUCCESS once signed in, else EXIT when it is closed.
const { origin, nonce, platform } = document.body.dataset;
const screens = document.querySelectorAll("[data-screen]");
let chosen = null;
let answered = false;

function tell(message) {
  answered = true;
  if (window.opener) window.opener.postMessage(JSON.stringify(message), origin);
}

function show(name) {
  for (const screen of screens) screen.hidden = screen.dataset.screen !== name;
  document.querySelector(`[data-screen="${name}"] button`)?.focus();
}

function choose(offer) {
  chosen = offer.dataset.platform;
  for (const place of document.querySelectorAll("[data-title]")) place.textContent = offer.textContent.trim();
  show("sign-in");
}

async function signIn(button) {
  const problem = document.querySelector("[role=alert]");
  button.disabled = true;
  problem.hidden = true;
  try {
    const answer = await fetch(`${location.pathname}/connections`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ platform: chosen }),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error);
    tell({ type: "SUCCESS", publicToken: told.public_token, nonce });
    show("done");
    if (window.opener) window.close();
  } catch (error) {
    problem.textContent = `Signing in failed: ${error.message}`;
    problem.hidden = false;
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.platform) choose(button);
  if (button.name === "back") show("choose");
  if (button.name === "sign-in") signIn(button);
  if (button.name === "close") window.close();
});

window.addEventListener("pagehide", () => {
  if (!answered) tell({ type: "EXIT" });
});

const asked = platform && document.querySelector(`button[data-platform="${platform}"]`);
if (asked) choose(asked);
else show("choose");
