import { assertEquals } from "@std/assert";
import { networkWords, runtimeCode, runtimeWords } from "../../../client/transport/words.ts";

function withCode(code: unknown, message = "read failed"): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("networkWords() puts Node's codes into the words of Go's clients", () => {
  const words = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection reset by peer",
    EHOSTUNREACH: "no route to host",
    ENETUNREACH: "network is unreachable",
    ENOTFOUND: "no such host",
    EPIPE: "broken pipe",
    ETIMEDOUT: "connection timed out",
    EOTHER: "read failed",
  };
  for (const [code, text] of Object.entries(words)) {
    assertEquals(networkWords(withCode(code)), text);
    assertEquals(networkWords(new Error("outer", { cause: withCode(code) })), text);
  }
});

Deno.test("networkWords() takes the last part of what the runtime said, without its number", () => {
  const cases = {
    "error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)":
      "connection refused",
    "Connection reset by peer (os error 104)": "connection reset by peer",
    "Failed (os error 104) again": "failed (os error 104) again",
    "DNS error": "dNS error",
  };
  for (const [said, text] of Object.entries(cases)) {
    assertEquals(networkWords(new Error(said)), text);
  }
  assertEquals(networkWords("Gone"), "gone");
});

Deno.test("runtimeWords() and runtimeCode() look at the error that is behind fetch's", () => {
  const behind = new Error("certificate expired");
  assertEquals(
    runtimeWords(new TypeError("error sending request", { cause: behind })),
    behind.message,
  );
  assertEquals(runtimeWords(new TypeError("outer", { cause: "no error" })), "outer");
  assertEquals(runtimeWords(undefined), "undefined");
  assertEquals(
    runtimeCode(new Error("a", { cause: new Error("b", { cause: withCode("E") }) })),
    "E",
  );
  assertEquals(runtimeCode(withCode(20)), undefined);
  assertEquals(runtimeCode(new Error("a", { cause: { code: "E" } })), undefined);
});
