import { ContainariumError, type JsonObject } from "../../client/mod.ts";
import { protectedError, visible } from "../../client/internal.ts";
import type { ConsentRequest, ToolContext } from "../tool.ts";
import { callerOf, findOperation, lossOf, refusalOf } from "./api_catalog.ts";
import { type ApiRequest, requestOf } from "./api_request.ts";
import { hideSecrets } from "./hidden_secrets.ts";
import { type Operation, pathParameters, readDescription } from "./operation.ts";
import { ruleOf } from "./rules.ts";

/** Arguments of a call. */
export interface ApiCall {
  readonly operation: string;
  readonly parameters?: JsonObject | undefined;
  readonly body?: JsonObject | undefined;
  readonly "show_secrets": boolean;
}

/** A call that may be made. */
export interface PlannedCall {
  /** Operation to call. */
  readonly operation: Operation;
  /** What is sent. */
  readonly request: ApiRequest;
  /** What a call loses or gives away; absent: nothing. */
  readonly loses?: string | undefined;
  /** Whether secrets in the answer are shown. */
  readonly showsSecrets: boolean;
  /** Reads what a DELETE is about, if the API can. */
  readonly read?: ApiRequest | undefined;
}

/** What the user agreed to: what a DELETE is about, as it was then. */
export interface AgreedCall {
  /** `undefined`: there is nothing to read, or there was nothing. */
  readonly subject: string | undefined;
}

/**
 * Plans a call, or refuses it before anything is sent.
 *
 * @throws {ContainariumError} For an operation that does not exist or is not called this way, a token
 * that cannot, a parameter or key that it does not have
 */
export async function planCall(call: ApiCall, context: ToolContext): Promise<PlannedCall> {
  const { operation: name, parameters = {}, body = {}, show_secrets: showsSecrets } = call;
  const description = await readDescription();
  const operation = findOperation(name, description);
  const caller = await callerOf(context);
  const refusal = refusalOf(operation, caller);
  if (refusal !== undefined) throw refusal;
  const { types, operations } = description;
  const request = requestOf(operation, parameters, body, types);
  refuseTrap(operation, request);
  await refuseUncounted(operation, context);
  await refuseProtectedTenant(operation, parameters, context);
  const { path, method } = operation;
  const reader = [...operations.values()].find((other) =>
    method === "DELETE" && other.method === "GET" && other.path === path &&
    // What has no name is no other one later; its answer may be a measurement.
    pathParameters(operation).length > 0 && refusalOf(other, caller) === undefined
  );
  return {
    operation,
    request,
    loses: request.body?.dryRun === true ? undefined : lossOf(operation),
    showsSecrets,
    read: reader && { ...request, method: "GET", query: commonQuery(reader, request) },
  };
}

/** A reader has some of the parameters, such as whose it is, and not others, such as force. */
function commonQuery({ query }: Operation, request: ApiRequest): ApiRequest["query"] {
  return Object.fromEntries(
    Object.entries(request.query).filter(([name]) => query.some((each) => each.name === name)),
  );
}

/** Refuses requests that a daemon never answers, or that do other than they say. */
function refuseTrap({ id }: Operation, { query }: ApiRequest): void {
  // The daemon reads a boolean in any of Go's spellings: 1, t, TRUE …
  if (id === "GetAppLogs" && !/^(?:false|f|0)$/i.test(query.follow ?? "false")) {
    throw new ContainariumError(
      "invalid_argument",
      "parameters.follow: it is a stream, which does not end; use tailLines",
    );
  }
}

/** What creates containers past the quotas is not for users who are held to some. */
async function refuseUncounted({ id }: Operation, { policy }: ToolContext): Promise<void> {
  if (ruleOf(id).creates !== true || (await policy()).quotas === undefined) return;
  throw new ContainariumError(
    "failed_precondition",
    `${id} is not called: it uses disk and CPUs of the host that no quota counts, and the policy file sets quotas`,
  );
}

/** A tenant's storage holds the disk of the container, which may be protected. */
async function refuseProtectedTenant(
  { id }: Operation,
  { tenant }: JsonObject,
  { client, signal }: ToolContext,
): Promise<void> {
  if (id !== "DeleteTenantStorage" || typeof tenant !== "string") return;
  const containers = await client.containers.list({ signal });
  if (containers.some(({ username, isProtected }) => username === tenant && isProtected)) {
    throw protectedError(tenant);
  }
}

/** Returns the question for the user, if something may be lost or a secret is to be shown. */
export async function questionOf(
  plan: PlannedCall,
  context: ToolContext,
): Promise<ConsentRequest<AgreedCall>> {
  const agreed = await lookAt(plan, context);
  const { operation: { id, summary }, loses, showsSecrets, read } = plan;
  // Nothing is lost where there is nothing.
  const isAbsent = read !== undefined && agreed.subject === undefined;
  const parts = [
    ...(loses === undefined || isAbsent ? [] : [loses]),
    ...(showsSecrets ? ["Secrets in the answer are shown to the model."] : []),
  ];
  if (parts.length === 0) return { agreed };
  return {
    question: {
      message: `${visible(summary)}: ${shownRequest(plan.request)}? ${parts.join(" ")}`,
      confirm: `Call ${id}${showsSecrets ? " and show secrets" : ""}`,
    },
    agreed,
  };
}

function shownRequest({ method, segments, query, body }: ApiRequest): string {
  const path = segments.map(encodeURIComponent).join("/");
  const search = new URLSearchParams(query);
  const suffix = search.size === 0 ? "" : `?${search}`;
  const sent = body === undefined || Object.keys(body).length === 0
    ? ""
    : ` ${visible(JSON.stringify(hideSecrets(body).json, shortened))}`;
  return `${method} /v1/${path}${suffix}${sent}`;
}

/** Longer texts are not shown in a question: an app's archive has megabytes. */
const MAX_TEXT_CHARS = 2_000;

function shortened(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.length > MAX_TEXT_CHARS
    ? `[${value.length} characters]`
    : value;
}

/**
 * Compares what a DELETE is about with what the user agreed to.
 *
 * @throws {ContainariumError} `changed_since_agreed` if it is another one by now
 */
export async function assertAgreed(
  plan: PlannedCall,
  agreed: AgreedCall | undefined,
  context: ToolContext,
): Promise<void> {
  if (agreed === undefined || plan.read === undefined) return;
  if ((await lookAt(plan, context)).subject === agreed.subject) return;
  throw new ContainariumError(
    "failed_precondition",
    `${plan.operation.id} was not called: what it is about has changed since the user was asked`,
    { reason: "changed_since_agreed" },
  );
}

async function lookAt(
  { read }: PlannedCall,
  { client, signal }: ToolContext,
): Promise<AgreedCall> {
  if (read === undefined) return { subject: undefined };
  try {
    const { method, segments, query } = read;
    return { subject: identityOf(await client.api.request(method, segments, { signal, query })) };
  } catch (error) {
    if (error instanceof ContainariumError && error.code === "not_found") {
      return { subject: undefined };
    }
    throw error;
  }
}

/** Keys that distinguish things of the same name. Others, such as a state, change by themselves. */
const identifying = /^(?:id|createdAt|sha256|location)$/;

function identityOf(answer: JsonObject): string {
  const facts: string[] = [];
  for (const each of [answer, ...Object.values(answer)]) {
    if (typeof each !== "object" || each === null || Array.isArray(each)) continue;
    for (const [key, value] of Object.entries(each)) {
      if (identifying.test(key) && typeof value !== "object") facts.push(`${key}=${value}`);
    }
  }
  return facts.length > 0 ? facts.join("\n") : JSON.stringify(answer);
}
