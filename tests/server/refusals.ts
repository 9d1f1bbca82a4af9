/** Answers to the form of a question, none of which is a yes. @module */

/** What the client answers, and what the model reads of it. */
export const refusals: Readonly<Record<string, readonly [unknown, string]>> = {
  "left unchecked": [
    { action: "accept", content: { confirm: false } },
    "The user declined: Lose it all?\nWhy: this server asked, and the user left the box unchecked.",
  ],
  "checked in words": [
    { action: "accept", content: { confirm: "true" } },
    "Not done: Lose it all?\nWhy: this client returned no answer to the form",
  ],
  "accepted without content": [
    { action: "accept" },
    "Not done: Lose it all?\nWhy: this client returned no answer to the form",
  ],
  "accepted with empty content": [
    { action: "accept", content: {} },
    "Not done: Lose it all?\nWhy: this client returned no answer to the form",
  ],
  "declined with an empty form": [
    { action: "decline", content: { confirm: null } },
    "The user declined: Lose it all?\nWhy: this server asked, and the user said no.",
  ],
  "declined with content of another shape": [
    { action: "decline", content: { confirm: { is: ["no"] } } },
    "The user declined: Lose it all?\nWhy: this server asked, and the user said no.",
  ],
  "closed with an empty form": [
    { action: "cancel", content: { confirm: null } },
    "the user closed the question",
  ],
  "accepted with null": [
    { action: "accept", content: { confirm: null } },
    "Not done: Lose it all?\nWhy: this client returned no answer to the form",
  ],
  declined: [{ action: "decline" }, "The user declined: Lose it all?\nWhy: "],
  closed: [{ action: "cancel" }, "the user closed the question"],
  nonsense: [{ action: "maybe" }, "could not be asked: "],
};
