/** Access rules of containers, which only those with a device of their own take, and the topology that shows them. @module */

import { aclPresets, type AclRule } from "./acl_presets.ts";
import { requireAdmin, requireTenant } from "./auth.ts";
import { type Container, visibleIpAddress } from "./container.ts";
import { choice, integer, messages, text } from "./protojson.ts";
import { queryFlag } from "./parameters.ts";
import { goError } from "./reply.ts";
import type { Call, Route } from "./route.ts";

/** Access rules and the topology. */
export const aclRoutes: readonly Route[] = [
  { method: "GET", pattern: "/v1/containers/{username}/acl", handle: getAcl },
  { method: "PUT", pattern: "/v1/containers/{username}/acl", handle: putAcl },
  { method: "GET", pattern: "/v1/network/acl-presets", handle: listPresets },
  { method: "GET", pattern: "/v1/network/topology", handle: showTopology },
].map((route) => ({ ...route, since: "0.67.0" }));

const actions = [
  "ACL_ACTION_UNSPECIFIED",
  "ACL_ACTION_ALLOW",
  "ACL_ACTION_DROP",
  "ACL_ACTION_REJECT",
];
const ruleFields = {
  priority: integer("int32"),
  action: choice(actions),
  source: text,
  destination: text,
  destinationPort: text,
  protocol: text,
  description: text,
};
const putFields = {
  username: text,
  preset: choice(["ACL_PRESET_UNSPECIFIED", ...aclPresets.map(({ preset }) => preset)]),
  ingressRules: messages(ruleFields),
  egressRules: messages(ruleFields),
};

/** The preset of each username's access rules: they outlive the container. */
export class AclStore {
  /** By username. */
  readonly presets = new Map<string, string>();
}

function demandBox({ world, param }: Call): Container {
  return world.store.demand(param("username"), "container not found: failed to get container");
}

function getAcl(call: Call): unknown {
  requireTenant(call.caller, call.param("username"));
  return { acl: writeAcl(call, demandBox(call)) };
}

function writeAcl({ world }: Call, { username }: Container): Record<string, unknown> {
  const preset = world.area(AclStore).presets.get(username);
  const known = aclPresets.find((one) => one.preset === preset);
  return {
    id: "",
    name: `acl-${username}`,
    description: known?.active ?? "No firewall rules configured",
    preset: preset ?? "ACL_PRESET_UNSPECIFIED",
    ingressRules: (known?.ingress ?? []).map(writeRule),
    egressRules: (known?.egress ?? []).map(writeRule),
    appId: "",
    containerName: `${username}-container`,
  };
}

function putAcl(call: Call): unknown {
  const { preset } = call.body(putFields);
  requireTenant(call.caller, call.param("username"));
  const container = demandBox(call);
  const acls = call.world.area(AclStore).presets;
  // Rules of one's own are not looked at, and mean this.
  const meant = preset === "ACL_PRESET_HTTP_ONLY" || preset === "ACL_PRESET_PERMISSIVE"
    ? preset
    : "ACL_PRESET_FULL_ISOLATION";
  const name = `${container.username}-container`;
  if (!container.staticIp) {
    acls.set(container.username, meant);
    throw goError(`failed to attach ACL to container: device eth0 not found in container ${name}`);
  }
  if (meant === "ACL_PRESET_FULL_ISOLATION") {
    throw goError(
      `failed to update ACL: failed to update network ACL acl-${container.username}: Failed updating bridge NIC ACL: Failed to trigger device update for device "eth0" of instance "${name}" in project "default": Failed generating bridge ACL rules for instance device "${name}.eth0" (bridge): Unsupported nftables subject "@external"`,
    );
  }
  acls.set(container.username, meant);
  return { acl: writeAcl(call, container), message: "ACL updated successfully" };
}

function listPresets(): unknown {
  return {
    presets: aclPresets.map(({ preset, name, description, ingress, egress }) => ({
      ...{ preset, name, description },
      defaultIngressRules: ingress.map(writeRule),
      defaultEgressRules: egress.map(writeRule),
    })),
  };
}

function writeRule(rule: AclRule): Record<string, unknown> {
  return {
    priority: 0,
    action: `ACL_ACTION_${rule.action}`,
    source: rule.source ?? "",
    destination: rule.destination ?? "",
    destinationPort: rule.ports ?? "",
    protocol: rule.protocol ?? "",
    description: rule.description,
  };
}

function showTopology({ world, caller, query }: Call): unknown {
  const includeStopped = queryFlag(query, "includeStopped");
  requireAdmin(caller);
  const acls = world.area(AclStore).presets;
  const nodes = world.store.all()
    .filter(({ state }) => includeStopped || state === "CONTAINER_STATE_RUNNING")
    .map((container) => ({
      id: `${container.username}-container`,
      type: "container",
      name: `${container.username}-container`,
      ipAddress: visibleIpAddress(container),
      state: container.state.replace("CONTAINER_STATE_", "").toLowerCase(),
      aclName: container.staticIp && acls.has(container.username)
        ? `acl-${container.username}`
        : "",
    }));
  return { topology: { nodes, edges: [], networkCidr: "10.77.0.1/24", gatewayIp: "" } };
}
