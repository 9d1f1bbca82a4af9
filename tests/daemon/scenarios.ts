/**
 * The recordings in the order and the circumstances in which they were made. What was there before a stretch began
 * and was not recorded itself (made by hand, or by exchanges of features not simulated) is seeded.
 *
 * @module
 */

import type { ContainerSeed } from "./mod.ts";
import {
  becomes,
  deleteDuringCreate,
  deleteDuringProvisioning,
  firstSet,
  onPeer,
  parallelAsync,
  parallelSync,
} from "./races.ts";
import { type Cast, play, playOneOf, playSpan, type Step } from "./replay.ts";

/** One stretch of the recordings on one daemon. */
export interface Scenario {
  readonly title: string;
  readonly cast: Cast;
  readonly steps: readonly Step[];
}

const small = { cpu: "1", memory: "512MB", disk: "5GB" };
const smaller = { cpu: "1", memory: "256MB", disk: "2GB" };

/** Left over from the first set, resized and labeled there. */
const alice: ContainerSeed = {
  username: "alice",
  resources: { cpu: "64", memory: "1GB", disk: "1GB" },
  labels: { team: "dev", owner: "x" },
  idleThresholdMinutes: 30,
};
const bob: ContainerSeed = { username: "bob", resources: small };
/** Made for the exec experiments between the two sets. */
const hx1: ContainerSeed = { username: "hx1", resources: small };
const snp1: ContainerSeed = { username: "snp1", resources: small };
/** As `cf-all` left it. */
const snpf: ContainerSeed = {
  username: "snpf",
  resources: smaller,
  labels: { team: "dev", "a b": "x=y" },
  ttlSeconds: 3600,
  autoSleep: true,
  idleThresholdMinutes: 30,
  deleteAfterStoppedSeconds: 7200,
};
/** The same, resized since. */
const larger: ContainerSeed = { ...snpf, resources: { ...smaller, cpu: "2" } };
const snpk: ContainerSeed = { username: "snpk", resources: smaller };
const snpu: ContainerSeed = { username: "snpu", resources: smaller };
const second: readonly ContainerSeed[] = [alice, bob, hx1, snp1];
/** Thirty empty instances, made with Incus alone: no label, no limits, no image. */
const empties: readonly ContainerSeed[] = Array.from({ length: 30 }, (_, index) => ({
  username: `x${index + 1}`,
  state: "CONTAINER_STATE_STOPPED",
  resources: { cpu: "", memory: "", disk: "" },
  osType: "OS_TYPE_UNSPECIFIED",
  image: "",
}));

/** Recorded without a store and with one. */
const secretsTwice = [
  "se-set",
  "se-set2",
  "se-set-file",
  "se-badname",
  "se-emptyname",
  "se-emptyvalue",
  "se-missing-box",
  "se-big",
  "se-list",
  "se-get",
  "se-get-missing",
  "se-get-carol",
  "se-list-ro",
  "se-refresh",
  "se-refresh-missing",
  "se-del",
  "se-del-missing",
];

/** All of them. */
export const scenarios: readonly Scenario[] = [
  {
    title: "the first set, in order, creations held in their states",
    cast: { baseDomain: null, appHosting: false },
    steps: firstSet(),
  },
  {
    title: "a container by itself: create, stop, start, resize, delete (sse)",
    // The recorder waited for the creation by its events.
    cast: {},
    steps: [
      play("sse-create"),
      becomes("ivy", "CONTAINER_STATE_RUNNING"),
      playSpan("sse-stop", "sse-del"),
    ],
  },
  {
    title: "a protected container, which is deleted nevertheless (pol)",
    cast: {
      containers: [
        { ...alice, resources: { cpu: "1", memory: "512MB", disk: "1GB" } },
        { ...bob, resources: { cpu: "2", memory: "1GB", disk: "5GB" } },
        { username: "dana", resources: small },
      ],
    },
    steps: [playSpan("pol-on", "pol-delete")],
  },
  {
    title: "snapshots: names, deletes, rollbacks, whose (sn, sd, sr, sm, sa)",
    // Incus's own was taken with ZFS itself.
    cast: { containers: [{ ...snp1, snapshots: ["snapshot-sync0"] }, bob], zfs: true },
    steps: [playSpan("sn-list-0", "sa-admro-rollback")],
  },
  {
    title: "a disk whose key is not loaded (sk)",
    cast: {
      containers: [
        { ...snp1, state: "CONTAINER_STATE_STOPPED", snapshots: ["s1"], keyLoaded: false },
      ],
      zfs: true,
    },
    steps: [playSpan("sk-rollback-nokey", "sk-del")],
  },
  {
    title: "a start (fz)",
    cast: { containers: [{ ...snp1, state: "CONTAINER_STATE_STOPPED" }] },
    steps: [play("fz-start")],
  },
  {
    title: "a frozen container (fz)",
    // It was frozen with Incus itself, after the start.
    cast: {
      containers: [{ ...snp1, state: "CONTAINER_STATE_FROZEN", snapshots: ["s1"] }, bob],
      zfs: true,
    },
    steps: [playSpan("fz-get", "fz-stop-frozen")],
  },
  {
    title: "creates that Incus refuses (cr)",
    cast: { containers: second },
    steps: [
      playSpan("cr-image-missing-sync", "cr-image-missing-async"),
      becomes("snpimga", "CONTAINER_STATE_ERROR"),
      playSpan("cr-image-async-get-1", "cr-mem-zero-del"),
    ],
  },
  {
    title: "five sync creates of one name (pc)",
    cast: { containers: second },
    steps: parallelSync(),
  },
  {
    title: "three async creates of one name (pca)",
    cast: { containers: second },
    steps: parallelAsync(),
  },
  {
    title: "deletes during an async and a sync create (dc, dcs)",
    // snpq is pca's.
    cast: { containers: [...second, { username: "snpq", resources: smaller }] },
    steps: deleteDuringCreate(),
  },
  {
    title: "names (nm)",
    cast: { containers: second },
    steps: [playSpan("nm-victim", "nm-33-del")],
  },
  {
    title: "options of a create, and the list's filters (cf)",
    cast: { containers: second },
    steps: [playSpan("cf-ttl-neg", "cf-delg")],
  },
  {
    title: "five containers (sc-n4)",
    cast: { containers: [...second, snpf] },
    steps: [playSpan("sc-n4-list-1", "sc-n4-list-username-3")],
  },
  {
    title: "thirty-five containers (sc-n34)",
    cast: { containers: [...second, snpf, ...empties] },
    steps: [playSpan("sc-n34-metrics-1", "sc-metrics-empty")],
  },
  {
    title: "the CPU gate (oc)",
    cast: { containers: [...second, snpf], cpuOvercommitFactor: 1 },
    steps: [playSpan("oc-create", "oc-resize")],
  },
  {
    title: "the image allow-list (al)",
    cast: {
      containers: [...second, snpf],
      allowedImageRegistries: ["images", "containarium-base"],
    },
    steps: [playSpan("al-docker", "al-path")],
  },
  {
    title: "collaborators (co)",
    cast: { containers: [...second, snpf] },
    steps: [playSpan("co-list-empty", "co-list-missing")],
  },
  {
    title: "apps that are not there (ap)",
    cast: { containers: [...second, snpf] },
    steps: [playSpan("ap-list", "ap-delete-missing")],
  },
  {
    title: "tokens (tk)",
    cast: { containers: [...second, snpf] },
    steps: [playSpan("tk-refresh", "tk-list-carol")],
  },
  {
    title: "secrets without a store (se)",
    cast: { containers: second, appHosting: false },
    steps: [
      ...secretsTwice.map((name) => playOneOf(name, 0)),
    ],
  },
  {
    title: "secrets (se)",
    cast: { containers: [...second, snpf] },
    steps: [...secretsTwice.map((name) => playOneOf(name, 1))],
  },
  {
    title: "routes (rt)",
    cast: { containers: second, baseDomain: "ex.test" },
    steps: [playSpan("rt-list-0", "rt-del-b"), play("rt-list-3")],
  },
  {
    title: "the limiter of failed authentications (rl)",
    cast: { containers: second },
    steps: [playSpan("rl-bad-1", "rl-refresh-while-limited")],
  },
  {
    title: "two deletes during an async create (pd, pe2)",
    cast: { containers: second },
    steps: deleteDuringProvisioning(),
  },
  {
    title: "a peer that is not healthy (pe)",
    cast: {
      containers: [alice, bob, { ...hx1, state: "CONTAINER_STATE_STOPPED" }, snp1, larger],
      cluster: { backendId: "second", peers: [{ id: "127.0.0.1:8080" }] },
    },
    steps: [playSpan("pe-backends", "pe-list-user"), play("pe-backends2")],
  },
  {
    title: "a peer that is not healthy, one container more (pe)",
    cast: {
      containers: [alice, bob, { ...hx1, state: "CONTAINER_STATE_STOPPED" }, snp1, larger, snpu],
      cluster: { backendId: "second", peers: [{ id: "127.0.0.1:8080" }] },
    },
    steps: [playSpan("pe-backends3", "pe-sysinfo-nope"), playOneOf("pf-peer-sysinfo", 0)],
  },
  {
    title: "a peer on the same Incus (pf)",
    cast: {
      peer: { containers: [alice, bob, hx1, snp1, larger, snpk, snpu] },
      daemon: (first) => ({
        sharesIncusWith: first,
        cluster: {
          backendId: "second",
          peers: [{ id: "first", pool: "gpu", daemon: first }],
        },
      }),
    },
    steps: onPeer(),
  },
  {
    title: "the deletes at the end (clean)",
    cast: {
      containers: ["snp1", "snpf", "snpu", "snpw", "snpk"].map((username) => ({ username })),
    },
    steps: [playSpan("clean-snp1", "clean-snpk")],
  },
];
