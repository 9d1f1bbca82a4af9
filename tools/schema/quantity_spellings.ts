/**
 * Quantities as people write them, in the daemon's own form.
 *
 * @module
 */
import { parseDuration } from "../../client/internal.ts";

/**
 * `2gb`, `10 GB`, `4Gi`. A number alone stays as it is, and so does `4G`: 4GB to one tool, 4GiB to another.
 */
export function readSize(text: string): string | undefined {
  const [, digits, prefix = "", binary = "", byte = ""] =
    /^(\d+)\s*([kmgtpe]?)(i?)(b?)$/i.exec(text.trim()) ?? [];
  if (digits === undefined || (binary === "" && byte === "")) return undefined;
  if (binary !== "") return prefix === "" ? undefined : `${digits}${prefix.toUpperCase()}iB`;
  const power = prefix.toUpperCase();
  return `${digits}${power === "K" ? "k" : power}B`;
}

/** `2 cores`, `4 vCPUs`. */
export function readCpu(text: string): string | undefined {
  return /^\s*(\d+(?:\.\d+)?)\s*(?:v?cpus?|cores?)\s*$/i.exec(text)?.[1];
}

/** No duration is longer. */
const MAX_DURATION_CHARS = 100;

/** `1 hour`, `1h 30 min`. `M` alone might be months. */
export function readTtl(text: string): string | undefined {
  if (text.length > MAX_DURATION_CHARS) return undefined;
  if (/^\s*never\s*$/i.test(text)) return "never";
  const words =
    /(\d{1,9})\s*([Dd]ays?|[Hh](?:ou)?rs?|[Mm]in(?:ute)?s?|[Ss]econds?|[Ss]ecs?|[dhms])(?![A-Za-z])/g;
  const parts = [...text.matchAll(words)];
  const isAll = parts.length > 0 && text.replaceAll(words, "").trim() === "";
  return isAll
    ? parts.map(([, digits = "", unit = ""]) => `${digits}${unit.charAt(0).toLowerCase()}`).join("")
    : undefined;
}

/** `10s`, `2 minutes`, as the number of seconds. */
export function readSeconds(text: string): string | undefined {
  const seconds = parseDuration(readTtl(text) ?? text);
  return seconds === undefined ? undefined : String(seconds);
}
