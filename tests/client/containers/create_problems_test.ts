import { assertEquals, assertThrows } from "@std/assert";
import { ContainariumError } from "../../../client/mod.ts";
import {
  gitRefProblem,
  gitSourceProblem,
  gpuProblem,
  refuseMisread,
} from "../../../client/containers/create_problems.ts";

/** Which texts have no problem. */
function accepted(
  problemOf: (text: string) => string | undefined,
  texts: readonly string[],
): readonly string[] {
  return texts.filter((text) => problemOf(text) === undefined);
}

Deno.test("gitSourceProblem() accepts URLs of repositories, and the short form of SSH", () => {
  const good = [
    "https://example.com/a.git",
    "http://example.com/a",
    "git://example.com/a",
    "ssh://git@example.com/a",
    "git@github.com:owner/repository.git",
    `https://e.x/${"a".repeat(2_036)}`,
  ];
  assertEquals(accepted(gitSourceProblem, good), good);
  const bad = [
    "",
    "--upload-pack=x",
    "-x@host:path",
    "file:///etc",
    "xhttps://example.com/a",
    "https://example.com/a b",
    "https://example.com/a\u0007",
    "git@host:a b",
    "git@host",
    "x git@host:path",
  ];
  assertEquals(accepted(gitSourceProblem, bad), []);
  assertEquals(
    gitSourceProblem(`https://e.x/${"a".repeat(2_037)}`),
    "expected at most 2048 characters",
  );
});

Deno.test("gitSourceProblem() refuses a password or token in the URL, which SSH has none of", () => {
  for (const source of ["https://me:pw@e.x/a", "https://token@e.x/a", "ssh://me:pw@e.x/a"]) {
    assertEquals(gitSourceProblem(source)?.startsWith("expected no password"), true, source);
  }
  assertEquals(gitSourceProblem("ssh://me@e.x/a"), undefined);
});

Deno.test("gitRefProblem() accepts branches, tags and commits, and no option", () => {
  const good = ["main", "v1.0", "feature/a-b", "4d42", "a".repeat(250)];
  assertEquals(accepted(gitRefProblem, good), good);
  const bad = ["", "-x", "+x", "a b", "a:b", "a?", "a*", "a^", "a~1", "a[", "a\\b", "a\u0000"];
  assertEquals(accepted(gitRefProblem, [...bad, "a".repeat(251)]), []);
});

Deno.test("gpuProblem() accepts indices and PCI addresses", () => {
  const good = ["0", "127", "01:00.0", "0000:01:00.7", "00000000:AF:1f.0"];
  assertEquals(accepted(gpuProblem, good), good);
  const bad = ["", "1000", "-1", "x0", "0x", "01:00", "01:00.8", "000:01:00.0", "nvidia"];
  assertEquals(accepted(gpuProblem, bad), []);
});

Deno.test("refuseMisread() names the option, and what it expects", () => {
  const message = (options: Parameters<typeof refuseMisread>[0]) => {
    const error = assertThrows(() => refuseMisread(options), ContainariumError);
    assertEquals(error.code, "invalid_argument");
    return error.message;
  };
  const username = "alice";
  const gitSource = "https://example.com/a.git";
  refuseMisread({ username });
  refuseMisread({ username, gitSource, gitRef: "main", workspacePath: "/w", gpus: ["0"] });
  assertEquals(
    message({ username, gitSource: "nonsense" }),
    "gitSource: expected the URL of a Git repository: https://, git://, ssh://, or git@host:path. " +
      "Nothing was sent",
  );
  assertEquals(
    message({ username, gitSource, gitRef: "-x" }),
    "gitRef: expected the name of a branch or tag, or a commit. Nothing was sent",
  );
  assertEquals(message({ username, gpus: ["0", "x"] }).split(":")[0], "gpus");
  for (const alone of [{ gitRef: "main" }, { workspacePath: "/w" }]) {
    assertEquals(
      message({ username, ...alone }),
      "gitRef: expected gitSource with it: the daemon ignores it alone. Nothing was sent",
    );
  }
});
