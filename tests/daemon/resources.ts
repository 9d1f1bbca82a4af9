/** CPU, memory and disk as the daemon and Incus read them. @module */

/** A CPU request: how many cores it counts for, and how it reads back. */
export type CpuRequest =
  | { readonly ok: true; readonly cores: number; readonly written: string }
  | { readonly ok: false; readonly problem: string };

/** Reads `4`, `0.5`, `250m`, `0-3` or `0,2-4`. */
export function readCpu(request: string): CpuRequest {
  const number = /^(\d+(?:\.\d+)?|\.\d+)(m?)$/.exec(request);
  if (number !== null) {
    const millis = Math.round(Number(number[1]) * (number[2] === "m" ? 1 : 1000));
    if (millis <= 0) {
      return { ok: false, problem: `CPU request "${request}" resolves to zero cores` };
    }
    const written = millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
    return { ok: true, cores: millis / 1000, written };
  }
  const invalid = `invalid CPU request "${request}"`;
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(request)) return { ok: false, problem: invalid };
  const cores = request.split(",").map((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return last - first + 1;
  });
  if (cores.some((count) => count < 1)) return { ok: false, problem: invalid };
  return { ok: true, cores: cores.reduce((sum, count) => sum + count, 0), written: request };
}

/** What Incus says of a memory limit; undefined when it takes it. */
export function memoryProblem(memory: string): string | undefined {
  if (/^\d+%$/.test(memory)) return undefined;
  if (!isSize(memory)) return `Invalid value: ${memory}`;
  return Number.parseInt(memory, 10) === 0 ? "Memory limit can't be 0" : undefined;
}

/** What Incus says of a disk size; undefined when it takes it. */
export function diskProblem(disk: string): string | undefined {
  if (isSize(disk)) return undefined;
  return `Invalid devices: Device validation failed for "root": Invalid value for device option "size": Invalid value: ${disk}`;
}

/** How many cores a stored CPU limit counts for. */
export function coresOf(cpu: string): number {
  const request = readCpu(cpu);
  return request.ok ? request.cores : 0;
}

function isSize(size: string): boolean {
  return /^\d+(B|bytes|bit|([kMGTPE]i?|Ki)(B|bit))?$/.test(size);
}
