import type { ContainariumError } from "../../client/mod.ts";
import { oneLine } from "../../client/internal.ts";
import { advise } from "./advice.ts";
import { fence } from "../text/fence.ts";

/**
 * Returns what a model reads of a failure: what happened, why, what to do next, and last the
 * container's or the daemon's own words, fenced or on one line.
 *
 * @param meant Username that was probably meant, if the given one does not exist
 */
export function explain(error: ContainariumError, meant?: string): string {
  const { why, next } = advise(error, meant);
  const daemon = daemonWords(error);
  return [
    sentence(oneLine(error.message)),
    ...(why === undefined ? [] : [`Why: ${why}`]),
    ...(next === undefined ? [] : [`Next: ${next}`]),
    ...(error.containerText === undefined
      ? []
      : [fence(error.containerText, "container", "the container")]),
    ...(daemon === undefined ? [] : [`Daemon: ${oneLine(daemon)}`]),
  ].join("\n");
}

/** Returns the daemon's response as the vendor's server quotes it, so that its troubleshooting page applies. */
function daemonWords({ status, responseText }: ContainariumError): string | undefined {
  return status === undefined || responseText === undefined
    ? undefined
    : `API error (status ${status}): ${responseText === "" ? "(empty)" : responseText}`;
}

function sentence(text: string): string {
  return /[.?!:]$/.test(text) ? text : `${text}.`;
}
