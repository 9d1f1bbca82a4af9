/**
 * The form that puts a question to the user, and what its answer means.
 *
 * @module
 */
// @ts-types="@modelcontextprotocol/sdk/types"
import type { ElicitRequest, ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import type { ConsentQuestion } from "../tools/mod.ts";

/** The question as a form of one box, as both revisions have it. */
export function formOf({ message, confirm }: ConsentQuestion): ElicitRequest {
  return {
    method: "elicitation/create",
    params: {
      mode: "form",
      message,
      requestedSchema: {
        type: "object",
        // Without a default: nobody agrees by pressing enter.
        properties: { confirm: { type: "boolean", title: confirm } },
        required: ["confirm"],
      },
    },
  };
}

/** How users say no, in words that follow "the user". */
export const refusals = {
  unchecked: "left the box unchecked",
  declined: "said no",
  closed: "closed the question",
} as const;

/** What an answer says. */
export type Said = "accepted" | "unanswered" | keyof typeof refusals;

/** Only a checked box is a yes, and only a boolean is a box: some clients accept by themselves. */
export function readAnswer({ action, content }: ElicitResult): Said {
  switch (action) {
    case "accept":
      if (content?.confirm === true) return "accepted";
      return content?.confirm === false ? "unchecked" : "unanswered";
    case "decline":
      return "declined";
    case "cancel":
      return "closed";
  }
}

/** Returns whether the user said no, in any of the ways that a form has. */
export function isRefusal(answer: ElicitResult): boolean {
  return Object.hasOwn(refusals, readAnswer(answer));
}
