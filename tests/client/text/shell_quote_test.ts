import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { quote } from "../../../client/text/shell_quote.ts";
import { inEachShell, runIn } from "../../tools/logs/shells.ts";

const argument = fc.string({ unit: "binary" }).map((text) =>
  // No lone surrogates, which UTF-8 cannot encode; no NUL, which an argument cannot hold.
  text.toWellFormed().replaceAll("\0", "'")
);

Deno.test("quote() passes any argument through a real shell unchanged", async (t) => {
  await inEachShell(t, async (shell) => {
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { minLength: 1 }), async (texts) => {
        const words = texts.map(quote).join(" ");
        const { stdout } = await runIn(shell, `printf '%s\\0' ${words}`);
        assertEquals(stdout, texts.map((text) => `${text}\0`).join(""));
      }),
      { numRuns: 40 },
    );
  });
});

Deno.test("quote() leaves nothing for a shell to expand", async (t) => {
  await inEachShell(t, async (shell) => {
    for (
      const text of ["", "-n", "$(id)", "`id`", "'; id; '", "\\", "*", "~", "a\nb", "!!", "${HOME}"]
    ) {
      const { stdout } = await runIn(shell, `printf '%s' --unit=${quote(text)}`);
      assertEquals(stdout, `--unit=${text}`);
    }
  });
});

Deno.test("quote() refuses a NUL", () => {
  let refusal: unknown;
  try {
    quote("a\0b");
  } catch (error) {
    refusal = error;
  }
  assertEquals(refusal instanceof RangeError, true);
});
