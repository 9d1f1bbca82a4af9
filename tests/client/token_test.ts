import { assert, assertEquals } from "@std/assert";
import { Token } from "../../client/token.ts";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFsaWNlIn0.c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4";

Deno.test("a token shows itself in a header and nowhere else", () => {
  const token = new Token(` ${jwt}\n`);
  assertEquals(token.authorization(), `Bearer ${jwt}`);
  for (const shown of [`${token}`, JSON.stringify({ token }), Deno.inspect(token)]) {
    assert(!shown.includes("eyJ"), shown);
  }
});

Deno.test("redact() takes out the token, and its signature alone", () => {
  const token = new Token(jwt);
  assertEquals(token.redact(`a ${jwt} b ${jwt}`), "a [token] b [token]");
  assertEquals(token.redact(`sig ${jwt.split(".")[2]}`), "sig [token]");
  assertEquals(token.redact("nothing secret"), "nothing secret");
  assertEquals(new Token("a").redact("a placeholder for a token"), "a placeholder for a token");
});
