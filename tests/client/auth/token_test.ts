import { assert, assertEquals, assertRejects } from "@std/assert";
import { ContainariumError } from "../../../client/errors.ts";
import { Token } from "../../../client/auth/token.ts";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFsaWNlIn0.c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4";

Deno.test("Token shows its value only in a header", () => {
  const token = new Token(` ${jwt}\n`);
  assertEquals(token.authorization(), `Bearer ${jwt}`);
  for (const shown of [`${token}`, JSON.stringify({ token }), Deno.inspect(token)]) {
    assert(!shown.includes("eyJ"), shown);
  }
});

Deno.test("redact() removes the token, and its signature alone", () => {
  const token = new Token(jwt);
  assertEquals(token.redact(`a ${jwt} b ${jwt}`), "a [token] b [token]");
  assertEquals(token.redact(`sig ${jwt.split(".")[2]}`), "sig [token]");
  assertEquals(token.redact("nothing secret"), "nothing secret");
  assertEquals(new Token("a").redact("a placeholder for a token"), "a placeholder for a token");
});

Deno.test("Token drops quotes and Bearer; a variable's name is rejected and not quoted", async () => {
  for (const pasted of [`"${jwt}"`, `Bearer ${jwt}`, `'bearer "${jwt}"'`]) {
    assertEquals(new Token(pasted).authorization(), `Bearer ${jwt}`);
  }
  for (const value of ["$SECRET", "${SECRET}", "%SECRET%", '"$SECRET"', "Bearer ${SECRET}"]) {
    const make = () => Promise.try(() => new Token(value));
    const error = await assertRejects(make, ContainariumError, "was not filled in");
    assert(!error.message.includes("SECRET"), error.message);
  }
  for (const value of ["", '""', "Bearer", "Bearer ''"]) {
    const make = () => Promise.try(() => new Token(value));
    await assertRejects(make, ContainariumError, "The token is empty");
  }
});
