import { assertEquals } from "@std/assert";
import {
  answerError,
  classifyAnswer,
  type Meaning,
  parseErrorBody,
} from "../../../client/transport/response_error.ts";
import { known } from "../known.ts";

Deno.test("parseErrorBody() reads the daemon's four shapes, whatever their content type", async (t) => {
  const cases: readonly (readonly [string, string, ReturnType<typeof parseErrorBody>])[] = [
    ["middleware", '{"error": "invalid token", "code": 401}\n', { message: "invalid token" }],
    [
      "gateway",
      '{"code":404,"error":"rpc error: code = NotFound desc = Not Found"}\n',
      { grpcCode: "NotFound", message: "Not Found" },
    ],
    [
      "streaming",
      '{"error":{"code":14,"message":"gone","details":[]}}',
      { message: "gone" },
    ],
    ["plain text", "Container not found: x\n", { message: "Container not found: x" }],
    [
      "JSON that is none",
      '{"error":"backend "nope" not found"}\n',
      { message: '{"error":"backend "nope" not found"}' },
    ],
    ["empty", "", { message: "" }],
    [
      "a message that is no text",
      '{"error":{"message":{"toString":1}}}',
      { message: '{"error":{"message":{"toString":1}}}' },
    ],
    ["no end of a message", JSON.stringify({ error: "x".repeat(9_000) }), {
      message: "x".repeat(4_096),
    }],
    ["no end of a body", "{},".repeat(1_000_000), { message: "{},".repeat(1_366).slice(0, 4_096) }],
    ["null", "null", { message: "null" }],
  ];
  for (const [name, body, expected] of cases) {
    await t.step(name, () => assertEquals(parseErrorBody(body), expected));
  }
});

Deno.test("classifyAnswer() goes by the gRPC code, else by the text, else by the status", () => {
  const cases: readonly (readonly [...Parameters<typeof classifyAnswer>, Meaning])[] = [
    [400, { grpcCode: "FailedPrecondition", message: "" }, { code: "failed_precondition" }],
    [500, { grpcCode: "Unknown", message: "Instance not found" }, { code: "not_found" }],
    [500, { grpcCode: "Unknown", message: "who knows" }, { code: "internal" }],
    [503, { message: "" }, { code: "unavailable" }],
    [503, { grpcCode: "Unavailable", message: "peer gone" }, { code: "unavailable" }],
    [503, { grpcCode: "Unavailable", message: "alerting is not configured" }, {
      code: "failed_precondition",
      reason: "alerting_off",
    }],
    [418, { message: "" }, { code: "internal" }],
  ];
  for (const [status, body, meaning] of cases) {
    assertEquals(known(classifyAnswer(status, body)), meaning);
  }
});

Deno.test("classifyAnswer() reads reason and facts from the daemon's words", async (t) => {
  const cases: readonly (readonly [number, string, string | undefined, Meaning])[] = [
    [403, "scope required: containers:write", "PermissionDenied", {
      code: "permission_denied",
      reason: "scope_missing",
      details: { scope: "containers:write" },
    }],
    [403, "role required: admin", "PermissionDenied", {
      code: "permission_denied",
      reason: "admin_required",
    }],
    [403, "admin role required for KMS administration", "PermissionDenied", {
      code: "permission_denied",
      reason: "admin_required",
    }],
    [403, 'requires role "admin" or scope "tokens:read"', "PermissionDenied", {
      code: "permission_denied",
      reason: "admin_required",
    }],
    [403, "not authorized for this tenant", "PermissionDenied", {
      code: "permission_denied",
      reason: "other_tenant",
    }],
    [429, "too many failed authentication attempts; try again later", undefined, {
      code: "resource_exhausted",
      reason: "too_many_auth_failures",
    }],
    [429, "CPU capacity exceeded on this backend: 4 of 2", "ResourceExhausted", {
      code: "resource_exhausted",
      reason: "cpu_exhausted",
    }],
    [400, 'proto: (line 1:21): unknown field "enableDocker"', "InvalidArgument", {
      code: "invalid_argument",
      reason: "unknown_field",
      details: { field: "enableDocker" },
    }],
    [500, "failed to start container: The instance is already running", "Unknown", {
      code: "failed_precondition",
      reason: "already_in_state",
    }],
    [500, "failed to install stack: unknown stack or base script: nope", "Unknown", {
      code: "invalid_argument",
      reason: "unknown_stack",
    }],
    [500, 'failed to create container: backend "nosuch" not found', "Unknown", {
      code: "invalid_argument",
      reason: "unknown_backend",
    }],
    [500, 'no healthy backend found in pool "nosuch"', "Unknown", {
      code: "failed_precondition",
      reason: "no_healthy_backend",
    }],
    [500, "(operation failed): Image not provided for instance creation", "Unknown", {
      code: "invalid_argument",
      reason: "image_missing",
    }],
    // Proxies, and the daemon's own server, about a filter that is too long.
    [414, "URI Too Long", undefined, { code: "invalid_argument" }],
    [431, "Request Header Fields Too Large", undefined, { code: "invalid_argument" }],
    [404, "Not Found", "NotFound", { code: "unsupported", reason: "daemon_too_old" }],
    [501, "Method Not Allowed", "Unimplemented", {
      code: "unsupported",
      reason: "daemon_too_old",
    }],
    [400, 'list snapshots of /x: exec: "zfs": executable file not found in $PATH: ', undefined, {
      code: "invalid_argument",
      reason: "no_zfs",
    }],
    [400, "cannot open '/x/bob-container': dataset does not exist", "FailedPrecondition", {
      code: "failed_precondition",
      reason: "no_dataset",
    }],
    [400, "cannot open '/x/bob-container@old': dataset does not exist", "FailedPrecondition", {
      code: "failed_precondition",
      reason: "snapshot_missing",
    }],
  ];
  for (const [status, message, grpcCode, meaning] of cases) {
    await t.step(
      message,
      () => assertEquals(known(classifyAnswer(status, { grpcCode, message })), meaning),
    );
  }
});

Deno.test("answerError() quotes the daemon, shortened", () => {
  const { message, responseText } = answerError(500, "x".repeat(10_000), {});
  assertEquals(message, `The daemon failed: ${"x".repeat(300)}…`);
  assertEquals(responseText?.length, 2_000);
});

Deno.test("answerError() ignores text after the first 16,384 characters", () => {
  const { message, responseText } = answerError(500, `${" ".repeat(16_384)}late`, {});
  assertEquals([message, responseText], ["The daemon failed with status 500 and no words", ""]);
});

Deno.test("answerError() says in plain words what happened", async (t) => {
  const grpc = (code: string, desc: string) =>
    JSON.stringify({ code: 0, error: `rpc error: code = ${code} desc = ${desc}` });
  const missing = grpc("Unknown", 'Failed to fetch instance "alise-container": Instance not found');
  const cases: readonly (readonly [number, string, string])[] = [
    [500, missing, "There is no container for alise"],
    [404, '{"error":"container not found"}', "There is no container for alise"],
    [
      404,
      grpc("NotFound", "app not found: alise/web"),
      "The daemon refused: app not found: alise/web",
    ],
    [401, '{"error": "invalid token", "code": 401}', "The daemon rejects the token"],
    [403, grpc("PermissionDenied", "scope required: a:b"), "The token lacks the scope a:b"],
    [
      403,
      grpc("PermissionDenied", "not authorized for this tenant"),
      "The token does not reach alise's container",
    ],
    [501, grpc("Unimplemented", "unknown service"), "The daemon does not offer this"],
    [400, grpc("InvalidArgument", 'unknown field "pool"'), "The daemon does not know pool"],
    [500, grpc("Unknown", "Invalid value: lots"), "The daemon refused: Invalid value: lots"],
    [500, "", "The daemon failed with status 500 and no words"],
  ];
  for (const [status, body, message] of cases) {
    await t.step(message, () => {
      const error = answerError(status, body, { method: "GET", details: { username: "alise" } });
      assertEquals(error.message, message);
      assertEquals(error.details.username, "alise");
      assertEquals(error.responseText, body);
    });
  }
});
