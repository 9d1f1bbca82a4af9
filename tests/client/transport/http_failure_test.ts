/** What is said of requests that got no usable response. */
import { assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import { NotSent } from "../../../client/transport/connection.ts";
import { cancelled, overdue } from "../../../client/transport/given_up.ts";
import {
  HttpFailure,
  readBody,
  readRefusal,
  tooLarge,
} from "../../../client/transport/http_failure.ts";
import { ProxyFailure } from "../../../client/transport/proxy_failure.ts";
import type { Incoming } from "../../../client/transport/transport.ts";

const details = { path: "/v1/containers", details: { username: "alice" } };
const url = "http://box:8080/v1/containers";
const sentNote = ". The request was sent, so it may have been carried out; it is not sent again";

function failureOf(method: "GET" | "POST", serverUrl = "http://box:8080"): HttpFailure {
  return new HttpFailure({ ...details, method }, {
    serverUrl: new URL(serverUrl),
    headersTimeoutMs: 5_000,
    totalTimeoutMs: 60_000,
  });
}

function incoming(
  headers: Readonly<Record<string, string>> = {},
  chunks: readonly string[] = [],
): Incoming {
  return {
    status: 307,
    header: (name) => headers[name],
    body: ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk))),
  };
}

function said({ code, reason, message }: ContainariumError): readonly unknown[] {
  return [code, reason, message];
}

const timeout = new DOMException("too long", "TimeoutError");

Deno.test("HttpFailure says that a read failed, and that a write may have been carried out", () => {
  const lost = new Error("Connection reset by peer");
  assertEquals(said(failureOf("GET").explain(lost, undefined)), [
    "unavailable",
    undefined,
    `request failed: GET ${url}: connection reset by peer`,
  ]);
  assertEquals(said(failureOf("POST").explain(lost, undefined)), [
    "ambiguous",
    "response_lost",
    `request failed: POST ${url}: connection reset by peer${sentNote}`,
  ]);
  const { method, path, cause, details } = failureOf("POST").explain(lost, undefined);
  assertEquals([method, path, cause, details.username], ["POST", "/v1/containers", lost, "alice"]);
});

Deno.test("HttpFailure knows that a write without a connection was not sent", () => {
  for (
    const error of [
      new NotSent(new Error("Connection refused")),
      new Error("error sending request: client error (Connect): Connection refused"),
    ]
  ) {
    assertEquals(said(failureOf("POST").explain(error, undefined)), [
      "unavailable",
      undefined,
      `request failed: POST ${url}: connection refused`,
    ]);
  }
});

Deno.test("HttpFailure says how long it waited, until the headers or for all of it", () => {
  const words = (method: "GET" | "POST", response?: Incoming) =>
    said(failureOf(method).explain(timeout, response));
  assertEquals(words("GET"), [
    "timeout",
    undefined,
    `request failed: GET ${url}: no answer in 5 s`,
  ]);
  assertEquals(
    words("GET", incoming()).at(-1),
    `request failed: GET ${url}: no complete answer in 60 s`,
  );
  assertEquals(words("POST"), [
    "ambiguous",
    "response_lost",
    `request failed: POST ${url}: no answer in 5 s${sentNote}`,
  ]);
  const other = new DOMException("Aborted", "AbortError");
  assertEquals(failureOf("GET").explain(other, undefined).code, "unavailable");
});

Deno.test("HttpFailure explains redirects, what is no JSON object, and a call's time that is over", () => {
  assertEquals(said(failureOf("GET").redirected(incoming({ location: "http://else/" }))), [
    "failed_precondition",
    "redirected",
    `request failed: GET ${url}: refused to follow a redirect (status 307) to http://else/`,
  ]);
  assertEquals(
    failureOf("GET").redirected(incoming()).message,
    `request failed: GET ${url}: refused to follow a redirect (status 307) to another address`,
  );
  const html = incoming({ "content-type": "text/html" });
  const cause = new SyntaxError("no");
  assertEquals(said(failureOf("GET").notJson(html, cause)), [
    "internal",
    undefined,
    `request failed: GET ${url}: the answer (status 307, text/html) is not a JSON object`,
  ]);
  assertEquals(said(failureOf("POST").notJson(incoming(), cause)), [
    "ambiguous",
    "response_lost",
    `request failed: POST ${url}: the answer (status 307, no content type) is not a JSON object` +
    sentNote,
  ]);
  const expiry = cancelled({ method: "GET", path: "/" }, undefined);
  assertEquals(said(failureOf("GET").overdue(expiry, cause)).slice(0, 1), ["timeout"]);
  assertEquals(said(failureOf("POST").overdue(expiry, cause)).slice(0, 2), [
    "ambiguous",
    "response_lost",
  ]);
  for (const method of ["GET", "POST"] as const) {
    assertEquals(failureOf(method).notJson(html, cause).cause, cause);
    assertEquals(failureOf(method).overdue(expiry, cause).cause, cause);
    assertEquals(failureOf(method).explain(timeout, undefined).cause, timeout);
  }
});

Deno.test("HttpFailure names what kept the connection from coming about", () => {
  const denied = new Deno.errors.NotCapable("Requires net access");
  const proxy = (isRefusal: boolean, cause?: Error) =>
    new NotSent(new ProxyFailure("proxy:3128", "refused", isRefusal, { cause }));
  const cases = [
    [denied, "failed_precondition", "net_denied", "box:8080"],
    [proxy(true), "failed_precondition", "proxy_failed", "proxy:3128"],
    [proxy(false), "unavailable", "proxy_failed", "proxy:3128"],
    [proxy(false, denied), "failed_precondition", "net_denied", "proxy:3128"],
  ] as const;
  for (const [error, code, reason, host] of cases) {
    for (const method of ["GET", "POST"] as const) {
      const explained = failureOf(method).explain(error, undefined);
      assertEquals([explained.code, explained.reason, explained.details.host], [
        code,
        reason,
        host,
      ]);
      assertEquals(explained.details.username, "alice");
    }
  }
});

Deno.test("HttpFailure does not take what comes after the headers for a failure to connect", () => {
  const error = new Error("invalid peer certificate: UnknownIssuer");
  assertEquals(failureOf("GET").explain(error, undefined).reason, "certificate_untrusted");
  assertEquals(failureOf("GET").explain(error, incoming()).reason, undefined);
});

Deno.test("readBody() reads up to a limit; readRefusal() reads the beginning", async () => {
  const read = (method: string, chunks: readonly string[]) =>
    readBody(incoming({}, chunks), 6, { ...details, method });
  assertEquals(await read("GET", ["abc", "dé"]), "abcdé");
  assertEquals(await read("GET", []), "");
  const error = await assertRejects(() => read("GET", ["abc", "defg"]), ContainariumError);
  assertEquals(
    error.message,
    "request failed: GET /v1/containers: the answer is over 6 bytes",
  );
  assertEquals(
    await readRefusal(incoming({}, ["x".repeat(65_535), "yz", "w"])),
    `${"x".repeat(65_535)}y`,
  );
});

Deno.test("tooLarge() says that the result of a write is unknown", () => {
  const codes = ["GET", "POST", "DELETE"].map((method) => {
    const { code, status } = tooLarge("is too long", { ...details, method }, { status: 200 });
    return [code, status];
  });
  assertEquals(codes, [["resource_exhausted", 200], ["ambiguous", 200], ["ambiguous", 200]]);
});

Deno.test("overdue() and cancelled() say whether a write was sent", () => {
  const request = (method: string) => ({ method, path: "/v1/x" });
  const late = new Error("over 5 s");
  assertEquals(overdue(request("GET"), late).message, "GET /v1/x was not answered: over 5 s");
  assertEquals(overdue(request("POST"), late).message, "POST /v1/x was not sent: over 5 s");
  assertEquals(overdue(request("GET"), late).code, "timeout");
  assertEquals(cancelled(request("GET"), late).message, "Cancelled");
  assertEquals(
    cancelled(request("POST"), late).message,
    "Cancelled while POST /v1/x was in progress: the daemon may still execute it",
  );
  const { code, cause, method, path } = cancelled(request("POST"), late);
  assertEquals([code, cause, method, path], ["cancelled", late, "POST", "/v1/x"]);
});
