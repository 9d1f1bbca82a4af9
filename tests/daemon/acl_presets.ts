/** The presets of access rules, as recorded. @module */

/** One rule; what is left out is empty. */
export interface AclRule {
  readonly action: "ALLOW" | "DROP";
  readonly source?: string;
  readonly destination?: string;
  readonly ports?: string;
  readonly protocol?: string;
  readonly description: string;
}

/** One preset. */
export interface AclPreset {
  readonly preset: string;
  readonly name: string;
  /** In the list of presets. */
  readonly description: string;
  /** With a container. */
  readonly active: string;
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

const internal = "10.77.0.1/24";

/** All of them, by number from 1. */
export const aclPresets: readonly AclPreset[] = [
  {
    preset: "ACL_PRESET_FULL_ISOLATION",
    name: "Full Isolation",
    description: "Maximum security: only allow HTTP from proxy, block all inter-container traffic",
    active: "Full isolation: only allow HTTP from proxy, block inter-container traffic",
    ingress: [
      {
        action: "ALLOW",
        ports: "80,443,3000,8080",
        protocol: "tcp",
        description: "Allow HTTP/HTTPS from reverse proxy",
      },
      { action: "DROP", source: internal, description: "Block all inter-container traffic" },
      { action: "DROP", source: "@external", description: "Block all other external traffic" },
    ],
    egress: [
      { action: "ALLOW", ports: "53", protocol: "udp", description: "Allow DNS" },
      {
        action: "ALLOW",
        ports: "443",
        protocol: "tcp",
        description: "Allow HTTPS outbound for APIs",
      },
      { action: "DROP", destination: internal, description: "Block egress to other containers" },
      { action: "ALLOW", description: "Allow other outbound traffic" },
    ],
  },
  {
    preset: "ACL_PRESET_HTTP_ONLY",
    name: "HTTP Only",
    description: "Allow HTTP/HTTPS inbound, standard egress",
    active: "HTTP only: allow HTTP/HTTPS inbound, standard egress",
    ingress: [
      { action: "ALLOW", ports: "80,443", protocol: "tcp", description: "Allow HTTP/HTTPS" },
      { action: "DROP", description: "Block all other inbound" },
    ],
    egress: [{ action: "ALLOW", description: "Allow all outbound" }],
  },
  {
    preset: "ACL_PRESET_PERMISSIVE",
    name: "Permissive",
    description: "Allow all traffic (for development only)",
    active: "Permissive: allow all traffic (development only)",
    ingress: [{ action: "ALLOW", description: "Allow all inbound" }],
    egress: [{ action: "ALLOW", description: "Allow all outbound" }],
  },
  {
    preset: "ACL_PRESET_CUSTOM",
    name: "Custom",
    description: "Define your own firewall rules",
    active: "",
    ingress: [],
    egress: [],
  },
];
