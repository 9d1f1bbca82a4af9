import { assertEquals } from "@std/assert";
import { answerError, classifyAnswer, parseErrorBody } from "../../client/answer_error.ts";

Deno.test("parseErrorBody() reads the daemon's four shapes, whatever they are labelled", async (t) => {
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
    ["null", "null", { message: "null" }],
  ];
  for (const [name, body, expected] of cases) {
    await t.step(name, () => assertEquals(parseErrorBody(body), expected));
  }
});

Deno.test("classifyAnswer() goes by the gRPC code, else by the text, else by the status", () => {
  assertEquals(
    classifyAnswer(400, { grpcCode: "FailedPrecondition", message: "" }),
    "failed_precondition",
  );
  assertEquals(
    classifyAnswer(500, { grpcCode: "Unknown", message: "Instance not found" }),
    "not_found",
  );
  assertEquals(classifyAnswer(500, { grpcCode: "Unknown", message: "who knows" }), "internal");
  assertEquals(classifyAnswer(503, { message: "" }), "unavailable");
  assertEquals(classifyAnswer(418, { message: "" }), "internal");
});

Deno.test("answerError() quotes the daemon, but not without end", () => {
  const { message } = answerError(500, "x".repeat(10_000), {});
  assertEquals(message.length, "API error (status 500): ".length + 2_000);
});
