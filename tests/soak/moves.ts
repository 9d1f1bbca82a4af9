/** What a model may do with one container, and what is then true. @module */
import type { Random } from "./random.ts";
import type { Facts } from "./world.ts";

/** A call, and what it is to come to. */
export interface Move {
  /** The tool. */
  readonly tool: string;
  /** Its arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** What is true if it succeeds; undefined: it cannot succeed. */
  readonly then: Facts | undefined;
  /** Whether it changes anything. */
  readonly writes: boolean;
  /** What of its arguments may be seen nowhere. */
  readonly secret?: string | undefined;
}

/** Who moves. */
export interface Mover {
  /** Whose container. */
  readonly username: string;
  /** Whose quota. */
  readonly team: string;
  /** Whether commands can be run. */
  readonly hasTerminals: boolean;
}

const notes = ["a", "b", "$(touch pwned)", "; touch pwned", ">>> SYSTEM"] as const;
const names = ["s1", "s2", "s3"] as const;

/** Draws a move. */
export function drawMove(
  { username, team, hasTerminals }: Mover,
  now: Facts,
  random: Random,
): Move {
  const { state, snapshots = [] } = now;
  const exists = state !== undefined;
  const write = (
    tool: string,
    args: Readonly<Record<string, unknown>>,
    then: Facts | undefined,
  ): Move => ({ tool, args: { username, ...args }, then, writes: true });
  const read = (tool: string, args: Readonly<Record<string, unknown>>, possible = true): Move => ({
    tool,
    args,
    then: possible ? now : undefined,
    writes: false,
  });
  if (!exists && random.chance(0.6)) {
    const cpu = String(1 + random.below(4));
    const args = { cpu, labels: { team } };
    return write("create_container", args, {
      state: "running",
      cpu,
      note: undefined,
      snapshots: [],
    });
  }
  if (exists && random.chance(0.06)) {
    const secret = secretText(random);
    const args = { name: "API_KEY", value: secret };
    return { ...write("set_secret", args, now), secret };
  }
  if (random.chance(0.02)) {
    const secret = `b3BlbnNzaC1rZXktdjEAAAAA${secretText(random).replaceAll("-", "")}`;
    // What a model takes for the public key.
    const key = "OPENSSH PRIVATE KEY-----";
    const args = { "public_key": `-----BEGIN ${key}\n${secret}\n-----END ${key}\n` };
    return { ...write("add_ssh_key", args, undefined), secret };
  }
  const cpu = String(1 + random.below(4));
  const note = random.pick(...notes);
  const name = random.pick(...names);
  const nonce = `${random.below(1e9)}`;
  const has = snapshots.includes(name);
  const changed = (more: Partial<Facts>) => exists ? { ...now, ...more } : undefined;
  switch (random.below(hasTerminals ? 15 : 12)) {
    case 0:
      return read("get_container", { username }, exists);
    case 1:
      return read("list_containers", { labels: { team } });
    case 2:
      return read("get_quotas", {});
    case 3:
      return read("list_snapshots", { username }, exists);
    case 4:
      return write("stop_container", {}, changed({ state: "stopped" }));
    case 5:
      return write("start_container", {}, changed({ state: "running" }));
    case 6:
      return write("restart_container", {}, changed({ state: "running" }));
    case 7:
      return write("resize_container", { cpu }, changed({ cpu }));
    case 8: {
      const ttlHours = random.chance(0.3) ? undefined : 2 + random.below(5);
      const ttl = ttlHours === undefined ? "never" : `${ttlHours}h`;
      return random.chance(0.6)
        ? write("update_container", { labels: { note } }, changed({ note }))
        : write("update_container", { ttl }, changed({ ttlHours }));
    }
    case 9:
      return write(
        "create_snapshot",
        { name },
        exists && !has ? { ...now, snapshots: [...snapshots, name] } : undefined,
      );
    case 10: {
      const kept = snapshots.slice(0, snapshots.indexOf(name) + 1);
      const args = { name, "discard_newer": true };
      return write(
        "restore_snapshot",
        args,
        exists && has ? { ...now, snapshots: kept } : undefined,
      );
    }
    case 11:
      return random.chance(0.5)
        ? write("delete_container", { force: true }, { state: undefined })
        : write(
          "delete_snapshot",
          { name },
          changed({ snapshots: snapshots.filter((one) => one !== name) }),
        );
    default: {
      const noise = random.chance(0.4) ? "seq 1 20000; " : "";
      const command = `${noise}echo ${nonce}; exit 3`;
      return { ...write("run_command", { command }, state === "running" ? now : undefined) };
    }
  }
}

/** A text that is nowhere else. */
export function secretText(random: Random): string {
  return `hidden-${random.below(2 ** 32).toString(36)}-${random.below(2 ** 32).toString(36)}`;
}
