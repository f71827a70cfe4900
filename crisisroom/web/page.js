"use strict";
// The terminal makes a link of every address that it finds in a text, whoever wrote it. In the
// room a link is looked at by a key, which shows where it leads; so none is opened by a click.
window.open = () => null;
// Keys go to the room at once, without a click on it first.
window.addEventListener("load", () =>
  setTimeout(() => document.querySelector(".xterm-helper-textarea")?.focus()),
);
