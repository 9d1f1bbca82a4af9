/**
 * Reads the operating system from an image's description.
 *
 * @module
 */

import { memoize } from "../text/memoize.ts";
import { own } from "../wire.ts";

/** Words for distributions in descriptions, with the daemon's names for them. */
const distributions: ReadonlyMap<string, string> = new Map([
  ["ubuntu", "ubuntu"],
  ["rocky", "rocky"],
  ["rockylinux", "rocky"],
  ["rhel", "rhel"],
  ["redhat", "rhel"],
  ["windows", "windows"],
  ...[
    ...["almalinux", "alpine", "amazonlinux", "archlinux", "busybox", "centos", "debian"],
    ...["devuan", "fedora", "gentoo", "kali", "mint", "nixos", "opensuse", "openwrt", "oracle"],
    ...["slackware", "springdalelinux", "voidlinux"],
  ].map((name): [string, string] => [name, name]),
]);

/** Releases of Ubuntu by their numbers, for the daemon's `ubuntu_2404`. */
const ubuntuReleases: Readonly<Record<string, string>> = {
  bionic: "1804",
  focal: "2004",
  jammy: "2204",
  noble: "2404",
  oracular: "2410",
  plucky: "2504",
  questing: "2510",
};

/**
 * Returns whether the description of an image contradicts the operating system that the daemon
 * states: it says `ubuntu_2404` of every image that was not chosen by an operating system.
 *
 * @param image Description, e.g. `"Debian bookworm amd64 (20260815_05:24)"`
 * @param os What the daemon states, e.g. `"ubuntu_2404"`
 */
export function contradictsOs(image: string, os: string): boolean {
  if (image.length + os.length > LONG) return contradicts(image, os);
  return knownVerdicts(os)(image);
}

/** Longer descriptions are not kept in memory. */
const LONG = 300;

/** A host has few images for many containers. */
const knownVerdicts = memoize(
  (os) => memoize((image) => contradicts(image, os), 50),
  20,
);

function contradicts(image: string, os: string): boolean {
  const words = image.toLowerCase().replaceAll("red hat", "redhat").split(/[^a-z0-9.]+/);
  const named = words.flatMap((word) => distributions.get(word) ?? []);
  if (named.length === 0) return false;
  const [stated = "", release = ""] = os.split("_");
  if (!named.includes(stated)) return true;
  const releases = words.flatMap((word) => releaseOf(word, stated) ?? []);
  return releases.length > 0 && !releases.includes(release);
}

function releaseOf(word: string, distribution: string): string | undefined {
  switch (distribution) {
    case "ubuntu":
      return /^\d\d\.\d\d$/.test(word) ? word.replace(".", "") : own(ubuntuReleases, word);
    case "rocky":
    case "rhel":
      return /^\d{1,2}$/.test(word) ? word : undefined;
    default:
      return undefined;
  }
}

/**
 * Returns the reference that gets the same image from an image server, if the description has the
 * form that image servers write: `Ubuntu noble amd64 (20260815_07:42)`.
 *
 * @returns E.g. `"images:ubuntu/noble"`
 */
export function imageReference(image: string): string | undefined {
  const [, name, release, variant] =
    /^([A-Za-z]+) ([\w.-]+) (?:amd64|arm64|armhf|i386|ppc64el|riscv64|s390x)(?: \((\w+)\))? \(\d{8}_\d\d:\d\d\)$/
      .exec(image) ?? [];
  if (name === undefined || release === undefined) return undefined;
  const parts = [name.toLowerCase(), release, variant].filter((part) => part !== undefined);
  return `images:${parts.join("/")}`;
}
