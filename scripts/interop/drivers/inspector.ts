/** Carries out command lines of the MCP Inspector's programs, many in one process: each takes a second to load. @module */
import { z } from "zod";
import { linesOf } from "../../lines.ts";
import { inspectorVersion } from "../clients.ts";
import { scenario } from "./driver.ts";

/** The package. */
export const inspector = `npm:@modelcontextprotocol/inspector@${inspectorVersion}`;

/** How Deno runs what is not this project's. */
export const isolated: readonly string[] = ["run", "-A", "-q", "--no-config", "--no-lock"];

/** The era that the Inspector is to negotiate, in its own words. */
export const era = scenario.revision === "2026-07-28" ? "modern" : "legacy";

/** The server's variables, as flags. */
export const variables: readonly string[] = Object.entries(scenario.server.env)
  .flatMap(([name, value]) => ["-e", `${name}=${value}`]);

const home = Deno.env.get("HOME") ?? "";
const mark = "--- next ---";

/** Where there is no keychain, it would say so at each connection. */
export const env: Readonly<Record<string, string>> = { MCP_INSPECTOR_SECRET_STORE: "file" };

/** A program of the Inspector's. */
export interface Program {
  /** The module in its package. */
  readonly module: string;
  /** What the module exports to carry out a command line. */
  readonly run: string;
}

/** Writes a script that runs a program, and returns its path. */
async function scriptOf({ module, run }: Program, name: string, body: string): Promise<string> {
  const path = `${home}/${name}.js`;
  await Deno.writeTextFile(
    path,
    `import { ${run} as run } from "${inspector}/${module}";\n${body}`,
  );
  return path;
}

/** Returns the arguments of Deno that run a program once. */
export async function once(
  program: Program,
  line: readonly string[],
): Promise<readonly string[]> {
  const script = await scriptOf(
    program,
    "once",
    `try { await run(["deno", "inspector", ...Deno.args]); Deno.exit(0); }
     catch (error) { console.log(JSON.stringify({ thrown: error.message })); Deno.exit(1); }`,
  );
  return [...isolated, script, ...line];
}

/** A process that carries out one command line after the other. */
export interface Lines {
  /** Returns what it printed. */
  run(line: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Starts a process for a program. */
export async function startLines(program: Program): Promise<Lines> {
  const script = await scriptOf(
    program,
    "several",
    `let rest = "";
     for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
       const lines = (rest + text).split("\\n");
       rest = lines.pop();
       for (const line of lines) {
         try {
           await run(["deno", "inspector", ...JSON.parse(line)]);
         } catch (error) {
           console.log("\\n" + JSON.stringify({ thrown: error.message }));
         }
         console.log("\\n${mark}");
       }
     }
     Deno.exit(0);`,
  );
  const process = new Deno.Command(Deno.execPath(), {
    args: [...isolated, script],
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = process.stdin.getWriter();
  const output = linesOf(process.stdout);
  return {
    run: async (line) => {
      await input.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
      const printed: string[] = [];
      for (;;) {
        const { value, done } = await output.next();
        if (done === true) throw new Error(`it ended: ${printed.join("\n").slice(-300)}`);
        if (value === mark) return printed.join("\n");
        printed.push(value);
      }
    },
    close: async () => {
      await input.close();
      await process.status;
    },
  };
}

const Thrown = z.looseObject({ thrown: z.string().optional() });

/** Returns the JSON in what was printed. Throws if that only says why there is none. */
export function jsonIn(text: string): unknown {
  // What it printed before it failed comes first.
  const [first = ""] = text.trim().split('\n{"thrown"');
  const printed: unknown = JSON.parse(first);
  const { thrown } = Thrown.safeParse(printed).data ?? {};
  if (thrown !== undefined) throw new Error(thrown);
  return printed;
}
