/**
 * The recordings that raced: which request came first, and in which state a creation was. Holds take the place of
 * the wall time of the recording.
 *
 * @module
 */

import type { Daemon, Hold } from "./mod.ts";
import { act, begin, finish, play, playOneOf, playSpan, playUpgrade, type Step } from "./replay.ts";

/** A hold that one step sets and others wait for and release. */
export function holding(
  set: (daemon: Daemon, peer: Daemon) => Hold,
): Readonly<Record<"set" | "reached" | "release", Step>> {
  let hold: Hold | undefined;
  const held = () => {
    if (hold === undefined) throw new Error("This hold is not set yet");
    return hold;
  };
  return {
    set: act((daemon, peer) => {
      hold = set(daemon, peer);
    }),
    reached: act(() => held().reached),
    release: act(() => held().release()),
  };
}

/** Waits until GET says so. */
export function becomes(username: string, state: string): Step {
  return act((daemon) => daemon.when(username, state));
}

/** The first set, with its two async creations of alice held in their states. */
export function firstSet(): readonly Step[] {
  const creating = holding((daemon) => daemon.holdPhase("creating"));
  const provisioning = holding((daemon) => daemon.holdPhase("provisioning"));
  const creatingAgain = holding((daemon) => daemon.holdPhase("creating"));
  return [
    playSpan("health", "create-empty"),
    creating.set,
    provisioning.set,
    // Why the recorded one failed is not known: the daemon does not tell.
    act((daemon) => daemon.failNextCreate()),
    play("create-async"),
    creating.reached,
    play("failed-create-get-creating"),
    creating.release,
    provisioning.reached,
    play("failed-create-get-provisioning"),
    provisioning.release,
    becomes("alice", "CONTAINER_STATE_ERROR"),
    play("failed-create-get-error"),
    playSpan("create-dup", "get-after-delete"),
    creatingAgain.set,
    play("create-async2"),
    creatingAgain.reached,
    play("create-get-creating"),
    creatingAgain.release,
    becomes("alice", "CONTAINER_STATE_RUNNING"),
    play("create-get-running"),
    playSpan("create-sync", "snp-create-box"),
  ];
}

/** Five sync creates of one name: the one that came first is held while the others are refused. */
export function parallelSync(): readonly Step[] {
  const create = holding((daemon) => daemon.holdPhase("sync-create"));
  return [
    create.set,
    begin("pc-3"),
    create.reached,
    play("pc-4", "pc-2", "pc-5", "pc-1"),
    create.release,
    finish("pc-3"),
    play("pc-list", "pc-del", "pc-get"),
  ];
}

/** Three async creates of one name. */
export function parallelAsync(): readonly Step[] {
  const creating = holding((daemon) => daemon.holdPhase("creating"));
  return [
    creating.set,
    play("pca-1", "pca-3", "pca-2"),
    creating.reached,
    playSpan("pca-stop-creating", "pca-get-3"),
    creating.release,
    becomes("snpq", "CONTAINER_STATE_RUNNING"),
    play("pca-get-6", "pca-get-12"),
  ];
}

/** Deletes while an async and a sync create run. */
export function deleteDuringCreate(): readonly Step[] {
  const creating = holding((daemon) => daemon.holdPhase("creating", "snpr"));
  const provisioning = holding((daemon) => daemon.holdPhase("provisioning", "snpr"));
  const syncCreate = holding((daemon) => daemon.holdPhase("sync-create", "snps"));
  return [
    creating.set,
    provisioning.set,
    syncCreate.set,
    play("dc-async-create"),
    creating.reached,
    play("dc-delete-early"),
    begin("dcs-sync-create"),
    syncCreate.reached,
    play("dcs-get-sync-creating", "dcs-list-sync-creating"),
    play("dc-delete-mid", "dc-get-mid", "dcs-delete-mid"),
    creating.release,
    provisioning.reached,
    play("dc-get-4"),
    provisioning.release,
    becomes("snpr", "CONTAINER_STATE_RUNNING"),
    play("dc-get-7", "dc-list-7"),
    syncCreate.release,
    finish("dcs-sync-create"),
    play("dcs-get-after", "dc-get-late", "dc-delete-late", "dcs-delete-after", "dc-q"),
  ];
}

/** Two deletes of a container that is being provisioned. */
export function deleteDuringProvisioning(): readonly Step[] {
  const creating = holding((daemon) => daemon.holdPhase("creating", "snpt"));
  const provisioning = holding((daemon) => daemon.holdPhase("provisioning", "snpt"));
  const stopping = holding((daemon) => daemon.holdPhase("stopping", "snpt"));
  const deleting = holding((daemon) => daemon.holdPhase("deleting", "snpt"));
  // Held only to know that it was read.
  const secondDelete = holding((daemon) => daemon.hold("DELETE"));
  return [
    creating.set,
    provisioning.set,
    stopping.set,
    deleting.set,
    play("pd-async-create", "pe2-async-create"),
    creating.reached,
    play("pd-get-1", "pd-get-2"),
    creating.release,
    provisioning.reached,
    begin("pd-delete-1"),
    stopping.reached,
    secondDelete.set,
    begin("pd-delete-2"),
    secondDelete.reached,
    secondDelete.release,
    play("pd-get-3", "pd-get-4"),
    stopping.release,
    deleting.reached,
    play("pd-get-5"),
    deleting.release,
    finish("pd-delete-2"),
    finish("pd-delete-1"),
    play("pd-get-6"),
    becomes("snpu", "CONTAINER_STATE_RUNNING"),
    play("pe2-get", "pe2-key-add"),
  ];
}

/** A peer's containers, one of them being created by it all the while: the shared Incus has it stopped and busy. */
export function onPeer(): readonly Step[] {
  const creating = holding((_daemon, peer) => peer.holdPhase("creating", "snpw"));
  return [
    playSpan("pf-backends", "pf-list-user"),
    creating.set,
    play("pf-create-async"),
    creating.reached,
    play("pf-get-0", "pf-get-missing"),
    playOneOf("pf-peer-sysinfo", 1),
    playSpan("pf-pool-create", "pf-del"),
    playUpgrade("pf-terminal-peer"),
  ];
}
