/**
 * Converts quantities as people write them to the daemon's syntax.
 *
 * @module
 */
import { parseDuration } from "../../client/internal.ts";

/**
 * Reads `2gb`, `10 GB`, `4Gi`. A bare number stays as it is, and so does `4G`, which means 4GB to some tools
 * and 4GiB to others.
 */
export function readSize(text: string): string | undefined {
  const [, digits, prefix = "", binary = "", byte = ""] =
    /^(\d+)\s*([kmgtpe]?)(i?)(b?)$/i.exec(text.trim()) ?? [];
  if (digits === undefined || (binary === "" && byte === "")) return undefined;
  if (binary !== "") return prefix === "" ? undefined : `${digits}${prefix.toUpperCase()}iB`;
  const power = prefix.toUpperCase();
  return `${digits}${power === "K" ? "k" : power}B`;
}

/** Reads `2 cores`, `4 vCPUs`. */
export function readCpu(text: string): string | undefined {
  return /^\s*(\d+(?:\.\d+)?)\s*(?:v?cpus?|cores?)\s*$/i.exec(text)?.[1];
}

/** Maximum length of a duration. */
const MAX_DURATION_CHARS = 100;

/** Reads `1 hour`, `1h 30 min`. A bare `M` could mean months. */
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

/** Reads `10s`, `2 minutes`, and returns the number of seconds. */
export function readSeconds(text: string): string | undefined {
  const seconds = parseDuration(readTtl(text) ?? text);
  return seconds === undefined ? undefined : String(seconds);
}
