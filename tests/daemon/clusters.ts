/** Managed clusters of Kubernetes: recorded, and never provisioned on this host. @module */

import { requireScope, requireTenant } from "./auth.ts";
import { choice, type Decoded, integer, message, messages, text, texts } from "./protojson.ts";
import { GrpcError } from "./reply.ts";
import type { Call, Route } from "./route.ts";
import type { World } from "./world.ts";

/** Clusters. */
export const clusterRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/clusters", handle: list },
  { method: "POST", pattern: "/v1/clusters", handle: create },
  { method: "GET", pattern: "/v1/clusters/{name}", handle: get },
  { method: "DELETE", pattern: "/v1/clusters/{name}", handle: remove },
  { method: "GET", pattern: "/v1/clusters/{name}/status", handle: getStatus },
  { method: "GET", pattern: "/v1/clusters/{name}/kubeconfig", handle: getKubeconfig },
  { method: "POST", pattern: "/v1/clusters/{name}/node-pool", handle: setNodePool },
].map((route) => ({ ...route, since: "0.67.0" }));

const isolations = ["NODE_ISOLATION_UNSPECIFIED", "NODE_ISOLATION_VM", "NODE_ISOLATION_CONTAINER"];
const groupFields = {
  name: text,
  size: message({
    cpu: text,
    memory: text,
    disk: text,
    gpu: text,
    gpus: texts,
    storageClass: text,
  }),
  minNodes: integer("int32"),
  maxNodes: integer("int32"),
};
const createFields = {
  name: text,
  owner: text,
  nodeGroups: messages(groupFields),
  nodeIsolation: choice(isolations),
};
const poolFields = { name: text, owner: text, nodeGroups: messages(groupFields) };

type NodeGroup = Decoded<typeof groupFields>;

const sizeOf = (cpu: string, memory: string, disk: string) => ({
  ...{ cpu, memory, disk, gpu: "", gpus: [], storageClass: "" },
});
const defaultGroups: readonly NodeGroup[] = [
  { name: "small", size: sizeOf("2", "4GB", "40GB"), minNodes: 1, maxNodes: 3 },
  { name: "medium", size: sizeOf("4", "8GB", "80GB"), minNodes: 0, maxNodes: 2 },
  { name: "large", size: sizeOf("8", "16GB", "160GB"), minNodes: 0, maxNodes: 1 },
];

/** One cluster, as it is written. */
interface Cluster {
  readonly name: string;
  readonly owner: string;
  state: "CLUSTER_STATE_PROVISIONING" | "CLUSTER_STATE_ERROR" | "CLUSTER_STATE_DELETING";
  stateReason: string;
  readonly k3sVersion: string;
  nodeGroups: readonly NodeGroup[];
  readonly apiEndpoint: string;
  readonly createdAt: string;
  readonly nodeIsolation: string;
}

class ClusterStore {
  /** By owner and name. */
  readonly clusters = new Map<string, Cluster>();
}

function invalid(problem: string): GrpcError {
  return new GrpcError("InvalidArgument", problem);
}

/** Whose cluster it is about: the caller's, an admin's too, unless it says another. */
function ownerOf({ caller }: Call, asked: string): string {
  const owner = asked || caller.username;
  requireTenant(caller, owner);
  return owner;
}

function demandCluster(call: Call, owner = call.query.get("owner") ?? ""): Cluster {
  const key = `${ownerOf(call, owner)}/${call.param("name")}`;
  const cluster = call.world.area(ClusterStore).clusters.get(key);
  if (cluster === undefined) throw new GrpcError("NotFound", "cluster not found");
  return cluster;
}

function list(call: Call): unknown {
  const { world, caller, query } = call;
  requireScope(caller, "clusters:read");
  const asked = query.get("owner") ?? "";
  const owner = caller.admin ? asked : ownerOf(call, asked);
  const clusters = [...world.area(ClusterStore).clusters.values()];
  return { clusters: clusters.filter((one) => owner === "" || one.owner === owner) };
}

function create(call: Call): unknown {
  const { name, owner: asked, nodeGroups, nodeIsolation } = call.body(createFields);
  requireScope(call.caller, "clusters:write");
  const owner = ownerOf(call, asked);
  if (!/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) {
    throw invalid(`invalid name "${name}": must be a lowercase DNS label of at most 20 characters`);
  }
  checkIsolation(nodeIsolation, call.world);
  checkGroups(nodeGroups);
  const { clusters } = call.world.area(ClusterStore);
  const key = `${owner}/${name}`;
  if (clusters.has(key)) throw new GrpcError("AlreadyExists", "cluster already exists");
  const cluster: Cluster = {
    ...{ name, owner, state: "CLUSTER_STATE_PROVISIONING", stateReason: "", k3sVersion: "" },
    nodeGroups: nodeGroups.length > 0 ? nodeGroups : defaultGroups,
    ...{ apiEndpoint: "", createdAt: new Date().toISOString(), nodeIsolation },
  };
  clusters.set(key, cluster);
  call.world.store.inBackground(provision(cluster, call.world));
  return {
    cluster: { ...cluster },
    message: "cluster recorded; provisioning runs asynchronously",
  };
}

/** Its nodes want an image that this host cannot get. */
async function provision(cluster: Cluster, { pace, delays }: World): Promise<void> {
  await pace.through("cluster", cluster.owner, delays.provisioningMs);
  if (cluster.state !== "CLUSTER_STATE_PROVISIONING") return;
  cluster.state = "CLUSTER_STATE_ERROR";
  cluster.stateReason =
    'provision control plane: create control-plane node: failed to create container (operation failed): Failed getting remote image info: Failed getting image: Failed parsing stream: Get "https://images.linuxcontainers.org/streams/v1/index.json": lookup images.linuxcontainers.org on 10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable';
}

function checkIsolation(isolation: string, { services }: World): void {
  if (!isolations.includes(isolation)) {
    throw invalid(`unknown node_isolation ${isolation} (want vm or container)`);
  }
  if (isolation !== "NODE_ISOLATION_CONTAINER") {
    throw new GrpcError(
      "FailedPrecondition",
      "this backend cannot run virtual machines (KVM/qemu unavailable); managed clusters require VM capability",
    );
  }
  if (services.containerNodes) return;
  throw new GrpcError(
    "FailedPrecondition",
    "container node isolation is not permitted on this host: the operator has not set CONTAINARIUM_CLUSTER_ALLOW_CONTAINER_NODES=true. Container nodes share the host kernel, so the opt-in is the operator asserting the host is a single trust domain",
  );
}

function checkGroups(groups: readonly NodeGroup[]): void {
  const names = groups.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  for (const { name, size, minNodes, maxNodes } of groups) {
    const wrong = (problem: string) => invalid(`node group "${name}": ${problem}`);
    if (size === undefined) throw wrong("size is required");
    if (size.gpus.length > 0 || size.gpu !== "") {
      throw wrong("GPU node pools are not supported yet (later phase)");
    }
    if (maxNodes < minNodes) {
      throw wrong(`max_nodes (${maxNodes}) must be >= min_nodes (${minNodes})`);
    }
  }
  if (twice !== undefined) throw invalid(`duplicate node group name "${twice}"`);
}

function get(call: Call): unknown {
  requireScope(call.caller, "clusters:read");
  return { cluster: demandCluster(call) };
}

function remove(call: Call): unknown {
  requireScope(call.caller, "clusters:write");
  const cluster = demandCluster(call);
  cluster.state = "CLUSTER_STATE_DELETING";
  cluster.stateReason = "";
  const { store, pace, delays } = call.world;
  const { clusters } = call.world.area(ClusterStore);
  store.inBackground(
    pace.through("cluster", cluster.owner, delays.deleteMs)
      .then(() => void clusters.delete(`${cluster.owner}/${cluster.name}`)),
  );
  return { message: `cluster deletion in progress: ${cluster.name}` };
}

function getStatus(call: Call): unknown {
  requireScope(call.caller, "clusters:read");
  const cluster = demandCluster(call);
  const groups = cluster.nodeGroups.map((group) => ({ group, currentNodes: 0 }));
  return { cluster, nodes: [], groups, events: [] };
}

function getKubeconfig(call: Call): unknown {
  requireScope(call.caller, "clusters:read");
  demandCluster(call);
  throw new GrpcError(
    "FailedPrecondition",
    "cluster is provisioning; kubeconfig is available once READY",
  );
}

function setNodePool(call: Call): unknown {
  const { owner, nodeGroups } = call.body(poolFields);
  requireScope(call.caller, "clusters:write");
  if (nodeGroups.length === 0) throw invalid("at least one node group is required");
  checkGroups(nodeGroups);
  const cluster = demandCluster(call, owner);
  cluster.nodeGroups = nodeGroups;
  return {
    cluster,
    message: "node pool updated; the reconciler converges counts asynchronously",
  };
}
