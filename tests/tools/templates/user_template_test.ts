import { assertEquals } from "@std/assert";
import { ownAnswer } from "../../../tools/templates/user_template.ts";

Deno.test("ownAnswer() hides credentials in a repository's address", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    "https://git.example/a.git": "https://git.example/a.git",
    "https://bot:s3cret@git.example/a.git": "https://***@git.example/a.git",
    "https://bot:s3/cr@et@git.example/a.git": "https://***@git.example/a.git",
    "https://git.example/a.git?private_token=s3cret": "https://git.example/a.git?***",
    "https://git.example/a.git#s3cret": "https://git.example/a.git",
    "ssh://bot:s3cret@git.example:22/a.git": "ssh://***@git.example:22/a.git",
    "git@git.example:team/a.git": "git@git.example:team/a.git",
  };
  for (const [source, shown] of Object.entries(cases)) {
    await t.step(shown, () => {
      const fields = { "git_source": source };
      assertEquals(ownAnswer({ name: "web", fields }).sets, { "git_source": shown });
    });
  }
});
