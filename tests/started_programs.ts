/**
 * Preloaded by `deno test`: notes in the file that `STARTED` names which test file starts which program, a line each
 * with a tab between them. Deno that may start nothing itself is left out.
 *
 * @module
 */
import processes from "node:child_process";

const root = new URL("..", import.meta.url).href;
const file = Deno.mainModule.replace(root, "");
const noted = new Set<string>();

function note(program: string, args: readonly string[]): void {
  if (noted.has(program) || (program === Deno.execPath() && startsNothing(args))) return;
  noted.add(program);
  Deno.writeTextFileSync(Deno.env.get("STARTED") ?? "", `${file}\t${program}\n`, { append: true });
}

function startsNothing([command, ...args]: readonly string[]): boolean {
  return command === "run" && !args.some((arg) => /^(-A|-P|--allow-(all|run))/.test(arg));
}

class NotedCommand extends Deno.Command {
  constructor(program: string | URL, options?: Deno.CommandOptions) {
    note(String(program), options?.args ?? []);
    super(program, options);
  }
}

const { spawn } = processes;

function notedSpawn(program: string, args: unknown, ...rest: readonly unknown[]): unknown {
  note(program, Array.isArray(args) ? args.map(String) : []);
  return Reflect.apply(spawn, processes, [program, args, ...rest]);
}

Object.defineProperty(Deno, "Command", { value: NotedCommand });
Object.defineProperty(processes, "spawn", { value: notedSpawn });
