/** A creation that a peer carries out. @module */

import type { CreateRequest } from "./admission.ts";
import { type Peer, PeerSilent } from "./peers.ts";
import { goError } from "./reply.ts";
import type { Call } from "./route.ts";

/** Passes it on: not the time to live, nor the other settings, nor the backend; the pool is. */
export async function createOnPeer(
  call: Call,
  request: CreateRequest,
  peer: Peer,
): Promise<unknown> {
  const { username, image, sshKeys, enablePodman, stack, stackParameters, gpus } = request;
  const { cpu = "", memory = "", disk = "" } = request.resources ?? {};
  const { staticIp, labels, async, osType, pool } = request;
  const failed = (reason: string) =>
    goError(`failed to create container on backend "${peer.id}": ${reason}`);
  const body = {
    ...{ username, image, sshKeys, enablePodman, stack, stackParameters, gpus },
    ...{ resources: { cpu, memory, disk }, staticIp, labels, async, osType, pool },
  };
  try {
    const { status, text } = await peer.request("POST", "/v1/containers", call.authorization, body);
    if (status !== 200) throw failed(`peer returned status ${status}: ${text}`);
    const { container, ...answer } = JSON.parse(text);
    return { ...answer, container: { ...container, backendId: peer.id } };
  } catch (error) {
    throw error instanceof PeerSilent ? failed(error.message) : error;
  }
}
