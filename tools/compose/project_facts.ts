import { decodeBytes } from "../text/decode_bytes.ts";
import { composeFiles, composePrograms } from "./compose_scripts.ts";

/** A Compose project in a container. */
export interface Project {
  /** Its folder, absolute. */
  readonly dir: string;
  /** Name of its file. */
  readonly file: string;
  /** States of its containers. */
  readonly states: readonly string[];
}

/** What a script printed. */
export interface ComposeFacts {
  /** The program: `podman compose`; empty: there is none. */
  readonly program: string;
  /** The user's home, absolute. */
  readonly home: string;
  /** Where its first word is. */
  readonly path: string;
  /** Names of units that start projects at boot. */
  readonly units: ReadonlySet<string>;
  /** Projects by folder. */
  readonly projects: readonly Project[];
  /** Containers of the project: name, state, status, image. */
  readonly containers: readonly (readonly string[])[];
  /** Other facts that were printed. */
  readonly done: ReadonlySet<string>;
}

/** How many texts follow the name of a fact. */
const lengths: ReadonlyMap<string, number> = new Map([
  ["program", 1],
  ["home", 1],
  ["path", 1],
  ["unit", 1],
  ["project", 3],
  ["container", 1],
  ["lingers", 1],
  ["started", 1],
]);

/** Maximum lengths of a name or a state, and of a path. */
const MAX_CHARS = 300;
const MAX_PATH_CHARS = 1_000;

/**
 * Reads what a script printed; ends at the first thing that is none of its facts. A container may print
 * anything: what cannot be is left out, and what is long is cut.
 */
export function readFacts(stdout: Uint8Array): ComposeFacts {
  const texts = decodeBytes(stdout).split("\0");
  let [program, home, path] = ["", "", ""];
  const units = new Set<string>();
  const done = new Set<string>();
  const projects = new Map<string, Project>();
  const containers: string[][] = [];
  for (let at = 0; at < texts.length;) {
    const name = texts[at] ?? "";
    const length = lengths.get(name);
    if (length === undefined || at + length >= texts.length) break;
    const [first = "", file = "", states = ""] = texts.slice(at + 1, at + 1 + length);
    at += 1 + length;
    switch (name) {
      case "program":
        program = composePrograms.includes(first) ? first : "";
        break;
      case "home":
        home = first;
        break;
      case "path":
        path = first;
        break;
      case "unit":
        units.add(first);
        break;
      case "container":
        containers.push(first.split("\t").map((text) => cut(text, MAX_CHARS)));
        break;
      case "project":
        if (!composeFiles.includes(file)) break;
        keep(projects, {
          dir: cut(first, MAX_PATH_CHARS),
          file,
          states: states.split(" ").filter((state) => state !== ""),
        });
        break;
      default:
        done.add(name);
    }
  }
  return {
    program,
    home,
    path,
    units,
    done,
    containers,
    projects: [...projects.values()].sort(byDir),
  };
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A folder with several files is one project, of the file that Compose prefers. */
function keep(projects: Map<string, Project>, project: Project): void {
  const other = projects.get(project.dir);
  const rank = ({ file }: Project) => composeFiles.indexOf(file);
  if (other === undefined || rank(project) < rank(other)) projects.set(project.dir, project);
}

function byDir(one: Project, other: Project): number {
  return one.dir < other.dir ? -1 : 1;
}
