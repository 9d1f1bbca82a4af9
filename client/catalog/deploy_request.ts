import { afterWrite } from "../transport/after_write.ts";
import type { ApiPath } from "../transport/api_path.ts";
import { ContainariumError } from "../errors.ts";
import type { Http } from "../transport/http.ts";
import {
  type JsonObject,
  readOptionalObject,
  readText,
  readUnixSeconds,
  unlessEmpty,
} from "../wire.ts";
import type { DeploySpec } from "./deploy_options.ts";
import { MAX_HELD_MS } from "../async/pending_work.ts";
import type { Recipe } from "./recipe.ts";

/** What the daemon answers. */
export interface Deployed {
  /** When the container was created, to tell it from a later one of that name. */
  readonly createdAt: Date | undefined;
  /** Whether the recipe's own commands may still run. */
  readonly isSettingUp: boolean;
  /** The daemon's message. */
  readonly message: string;
  /** Public URL of the application, if the daemon routes to it. */
  readonly url: string | undefined;
}

/** Asks for a deployment and waits for as long as the daemon holds the request. */
export async function requestDeployment(
  http: Http,
  path: ApiPath,
  { id, postStart }: Recipe,
  body: JsonObject,
  signal: AbortSignal,
): Promise<Deployed> {
  const request = (body: JsonObject) =>
    http.request("POST", path, { signal, body, timeoutMs: MAX_HELD_MS });
  const { answer, sent } = await withoutUnknown(request, body);
  const container = await afterWrite(
    `The deployment of ${id}`,
    () => readOptionalObject(answer.container, "container"),
  );
  return {
    createdAt: readUnixSeconds(container?.createdAt),
    isSettingUp: sent.async === true && postStart.length > 0,
    message: readText(answer.message) ?? "Deployed",
    url: readText(answer.url),
  };
}

/** A 400 for an unknown field means nothing was executed, so resending is safe. */
async function withoutUnknown(
  request: (body: JsonObject) => Promise<JsonObject>,
  body: JsonObject,
): Promise<{ readonly answer: JsonObject; readonly sent: JsonObject }> {
  try {
    return { answer: await request(body), sent: body };
  } catch (error) {
    const isUnknown = error instanceof ContainariumError && error.status === 400 &&
      error.details.field === "async";
    if (!isUnknown) throw error;
    // Such a daemon also holds the request until the recipe's own commands have ended.
    const { async: _async, ...sent } = body;
    return { answer: await request(sent), sent };
  }
}

/** Sends only what was set: newer daemons reject unknown keys, and all accept absent ones. */
export function deployBody(options: DeploySpec): JsonObject & { readonly name: string } {
  const { username, parameters = {}, gpu, labels = {}, cpu, memory, disk } = options;
  return {
    name: username,
    async: true,
    parameters: unlessEmpty(parameters),
    resourceOverrides: unlessEmpty({ cpu, memory, disk }),
    labels: unlessEmpty(labels),
    gpu,
  };
}
