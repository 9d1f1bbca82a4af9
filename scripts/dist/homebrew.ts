import { sha256 } from "./checksums.ts";
import {
  description,
  downloads,
  folder,
  homepage,
  license,
  type Made,
  version,
} from "./release.ts";
import { type Target, targets } from "./targets.ts";

/** A binary that a formula installs, and its checksum. */
interface MadeBinary {
  readonly target: Target;
  readonly sum: string;
}

/** Writes the Homebrew formula, of the binaries that were made for systems with Homebrew. */
export async function makeFormula(): Promise<Made> {
  const binaries: MadeBinary[] = [];
  const skipped: string[] = [];
  for (const target of targets.filter(({ node }) => !node.startsWith("win32"))) {
    try {
      binaries.push({ target, sum: await sha256(`${folder}/${target.binary}`) });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      skipped.push(`${target.name} of the Homebrew formula: its binary was not made`);
    }
  }
  if (binaries.length === 0) return { made: [], skipped };
  await Deno.writeTextFile(`${folder}/mcp-server.rb`, formula(binaries));
  return { made: ["mcp-server.rb"], skipped };
}

/** Returns the formula. */
export function formula(binaries: readonly MadeBinary[]): string {
  const blocks = (["macos", "linux"] as const).flatMap((system) => {
    const those = binaries.filter(({ target }) => target.name.startsWith(system));
    if (those.length === 0) return [];
    const inner = those.flatMap(({ target, sum }) => [
      `    on_${target.name.endsWith("aarch64") ? "arm" : "intel"} do`,
      `      url "${downloads}/${target.binary}"`,
      `      sha256 "${sum}"`,
      "    end",
    ]);
    return [`  on_${system} do`, ...inner, "  end", ""];
  });
  return [
    "class McpServer < Formula",
    `  desc "${description}"`,
    `  homepage "${homepage}"`,
    `  version "${version}"`,
    `  license "${license}"`,
    "",
    ...blocks,
    "  def install",
    '    bin.install Dir["mcp-server-*"].first => "mcp-server"',
    "  end",
    "",
    "  test do",
    '    assert_equal version.to_s, shell_output("#{bin}/mcp-server --version").strip',
    "  end",
    "end",
    "",
  ].join("\n");
}
