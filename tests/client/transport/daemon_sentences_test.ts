/** What the daemon's sentences mean, and how they are put: one of each kind, most as real daemons sent them. */
import { assertEquals } from "@std/assert";
import {
  answerError,
  classifyAnswer,
  type Meaning,
} from "../../../client/transport/response_error.ts";
import { known } from "../known.ts";

/** Sentences that came as gRPC Unknown with status 500, so that nothing but the text says what they mean. */
const unknown: readonly (readonly [string, Meaning])[] = [
  [
    "failed to delete container on peer first: context deadline exceeded",
    { code: "ambiguous" },
  ],
  [
    'Post "http://10.0.0.2/v1/containers" on backend first: net/http: (Client.Timeout exceeded)',
    { code: "ambiguous" },
  ],
  [
    "failed to attach ACL to container: device eth0 not found in container rec3-container",
    { code: "failed_precondition", reason: "firewall_not_attached" },
  ],
  [
    "failed to update network ACL acl-rec4: Failed updating bridge NIC ACL: Failed to trigger",
    { code: "unsupported", reason: "firewall_unsupported" },
  ],
  [
    'Unsupported nftables subject "@internal"',
    { code: "unsupported", reason: "firewall_unsupported" },
  ],
  [
    "failed to suppress finding: finding 999999 not found",
    { code: "not_found", reason: "finding_missing" },
  ],
  ["zap alert 999999 not found", { code: "not_found", reason: "finding_missing" }],
  [
    'remediation only supported for trivy findings, got "ports"',
    { code: "failed_precondition", reason: "finding_unresolvable" },
  ],
  [
    "route persistence not configured - app hosting must be enabled",
    { code: "unsupported", reason: "no_reverse_proxy" },
  ],
  ["moving is not implemented yet", { code: "unsupported", reason: "daemon_too_old" }],
  [
    "failed to add SSH keys: invalid SSH key: not a valid SSH public key: ssh: no key found",
    { code: "invalid_argument" },
  ],
  ["ssh key 1 is placeholder text", { code: "invalid_argument" }],
  [
    "signature: name \"a b\" must not contain whitespace or '/'",
    { code: "invalid_argument" },
  ],
  [
    'backend "127.0.0.1:8080" is not healthy',
    { code: "failed_precondition", reason: "no_healthy_backend" },
  ],
  ["peer first returned status 500 for delete", { code: "internal" }],
  ["peer returned status 500: x already exists", { code: "internal" }],
  ["peer first returned status 500: x already exists", { code: "internal" }],
  ["UNIQUE constraint failed: apps.name", { code: "conflict" }],
  ["failed to create container: Instance already exists", { code: "conflict" }],
  ["a scan is already in progress", { code: "conflict" }],
  ['Instance is busy running a "create" operation', { code: "conflict" }],
  ["A matching non-reusable operation has now succeeded", { code: "conflict" }],
  [
    "failed to stop container (operation failed): The instance is already stopped",
    { code: "failed_precondition", reason: "already_in_state" },
  ],
  ["container is already running", { code: "failed_precondition", reason: "already_in_state" }],
  ["user container not found: failed to get container", { code: "not_found" }],
  ["domain is required", { code: "invalid_argument" }],
  ["domain is required: it is not set", { code: "internal" }],
  ["one of pool and backend must be specified", { code: "invalid_argument" }],
  [
    "Invalid instance name: Name can only contain alphanumeric and hyphen characters",
    { code: "invalid_argument" },
  ],
  ["Invalid config: limits.cpu", { code: "invalid_argument" }],
  ["Invalid devices: root", { code: "invalid_argument" }],
  ["Invalid dev", { code: "invalid_argument" }],
  ['failed to create container: invalid CPU request "-1"', { code: "invalid_argument" }],
  ["Failed creating instance record: Memory limit can't be 0", { code: "invalid_argument" }],
  ["memory request resolves to zero", { code: "invalid_argument" }],
  ['The character "/" is reserved for snapshots', { code: "invalid_argument" }],
  [
    "Failed getting remote image info: Failed getting image: Failed parsing stream",
    { code: "invalid_argument", reason: "image_missing" },
  ],
  [
    'GPU passthrough setup failed: GPU input "0": index 0 out of range (system has 0 GPU(s))',
    { code: "invalid_argument" },
  ],
  [
    'add authorized key: host user "nobody1" does not exist (was the container created?)',
    { code: "failed_precondition", reason: "no_host_account" },
  ],
  [
    "failed to stop app: app is not running (current state: APP_STATE_STOPPED)",
    { code: "failed_precondition" },
  ],
  ["metrics are not supported on Windows", { code: "failed_precondition" }],
  ["pool tank does not exist", { code: "failed_precondition" }],
  ["monitoring not configured", { code: "failed_precondition" }],
  ["disk is full", { code: "failed_precondition" }],
  [
    'Failed shutting down instance, status is "Running": context deadline exceeded',
    { code: "timeout" },
  ],
];

const server = 'connection to server at "127.0.0.1", port 5432 failed:';

/** Sentences of PostgreSQL's programs in a container. */
const databases: readonly (readonly [string, Meaning])[] = [
  [
    "backup failed: pg_dump failed: command execution failed:\nbash: line 1: pg_dump: command not found",
    { code: "failed_precondition", reason: "no_database_programs" },
  ],
  [
    "restore failed: bash: line 1: pg_restore: command not found",
    { code: "failed_precondition", reason: "no_database_programs" },
  ],
  ["then it said: backup failed: command not found", { code: "internal" }],
  [
    `backup failed: pg_dump: error: ${server} FATAL:  password authentication failed for user "app"`,
    { code: "failed_precondition", reason: "database_login_failed" },
  ],
  [
    `restore failed: pg_restore failed: ${server} fe_sendauth: no password supplied`,
    { code: "failed_precondition", reason: "database_login_failed" },
  ],
  [
    `${server} FATAL:  no pg_hba.conf entry for host "127.0.0.1"`,
    { code: "failed_precondition", reason: "database_login_failed" },
  ],
  [
    `${server} FATAL:  role "app" does not exist`,
    { code: "failed_precondition", reason: "database_login_failed" },
  ],
  [
    `${server} Connection refused\n\tIs the server running on that host`,
    { code: "failed_precondition", reason: "database_unreachable" },
  ],
  [
    `${server} FATAL:  database "nope" does not exist`,
    { code: "failed_precondition", reason: "database_missing" },
  ],
  [
    "restore failed: dump integrity check failed: sha256 bf22 != recorded e8b3",
    { code: "failed_precondition", reason: "backup_damaged" },
  ],
  [
    "restore failed: pg_restore failed: could not execute query: ERROR:  relation exists",
    { code: "failed_precondition", reason: "restored_in_part" },
  ],
  ["the restore failed: pg_restore failed", { code: "internal" }],
];

/** Sentences whose gRPC code says what kind they are, and whose text says more. */
const more: readonly (readonly [string, string, Meaning])[] = [
  [
    "FailedPrecondition",
    "cannot create snapshot '/x/snp1-container@before': dataset already exists",
    { code: "failed_precondition", reason: "name_taken" },
  ],
  [
    "FailedPrecondition",
    "could not find any snapshots to destroy; check snapshot names.",
    { code: "failed_precondition", reason: "snapshot_missing" },
  ],
  [
    "FailedPrecondition",
    "refusing to roll snp1 back to s1: snapshots taken after it would have to be destroyed.",
    { code: "failed_precondition", reason: "newer_snapshots" },
  ],
  [
    "FailedPrecondition",
    "snapshots need a ZFS storage backend",
    { code: "failed_precondition", reason: "no_zfs" },
  ],
  [
    "Unavailable",
    "secrets store not configured on this daemon",
    { code: "failed_precondition", reason: "no_secrets_store" },
  ],
  ["NotFound", "secret not found", { code: "not_found", reason: "secret_missing" }],
  ["NotFound", "the secret not found", { code: "not_found" }],
  ["NotFound", "secret not found here", { code: "not_found" }],
  [
    "NotFound",
    "skill not found: nope",
    { code: "not_found", reason: "agent_missing", details: { agent: "nope" } },
  ],
  [
    "NotFound",
    "crew not found: night",
    { code: "not_found", reason: "agent_missing", details: { agent: "night" } },
  ],
  [
    "FailedPrecondition",
    'peer "hello-agent" is not running (no box "agent-hello-agent-container" with an IP)',
    {
      code: "failed_precondition",
      reason: "agent_not_running",
      details: { agent: "hello-agent" },
    },
  ],
  [
    "Unavailable",
    'deliver task to peer "hello-agent": a2a peer returned 500: stand-in error',
    { code: "internal", reason: "agent_failed", details: { agent: "hello-agent" } },
  ],
  [
    "PermissionDenied",
    'skill "hello-agent" is not permitted to call peer "relay-agent" (not in its allowed_peers)',
    {
      code: "permission_denied",
      reason: "agent_not_allowed",
      details: { agent: "relay-agent" },
    },
  ],
  [
    "Unknown",
    "failed to store collaborator: collaborator already exists",
    { code: "conflict", reason: "collaborator_exists" },
  ],
  [
    "FailedPrecondition",
    "no KMS backend configured; set CONTAINARIUM_KMS_BACKEND before migrating",
    { code: "failed_precondition", reason: "no_key_service" },
  ],
  [
    "Unimplemented",
    "AWS cloud metrics export is not yet implemented — only gcp is supported",
    { code: "unsupported", reason: "provider_unsupported" },
  ],
  ["NotFound", "backup not found", { code: "not_found", reason: "backup_missing" }],
  ["NotFound", "no backup not found", { code: "not_found" }],
  ["Aborted", 'the peer "a" is not running', { code: "conflict" }],
  ["Aborted", 'cannot deliver task to peer "a"', { code: "conflict" }],
  [
    "PermissionDenied",
    'requires role "admin" or scope "tokens:read"',
    { code: "permission_denied", reason: "admin_required" },
  ],
  [
    "PermissionDenied",
    "this requires admin role",
    { code: "permission_denied", reason: "admin_required" },
  ],
];

Deno.test("classifyAnswer() knows what each sentence of the daemon means", async (t) => {
  for (const [message, meaning] of [...unknown, ...databases]) {
    await t.step(message, () => {
      assertEquals(known(classifyAnswer(500, { grpcCode: "Unknown", message })), meaning);
      assertEquals(known(classifyAnswer(500, { message })), meaning);
    });
  }
  for (const [grpcCode, message, meaning] of more) {
    await t.step(`${grpcCode}: ${message}`, () => {
      assertEquals(known(classifyAnswer(500, { grpcCode, message })), meaning);
    });
  }
});

Deno.test("classifyAnswer() knows gRPC's codes and HTTP's", async (t) => {
  const byCode: Readonly<Record<string, Meaning["code"]>> = {
    Canceled: "unavailable",
    InvalidArgument: "invalid_argument",
    DeadlineExceeded: "timeout",
    NotFound: "not_found",
    AlreadyExists: "conflict",
    PermissionDenied: "permission_denied",
    ResourceExhausted: "resource_exhausted",
    FailedPrecondition: "failed_precondition",
    Aborted: "conflict",
    OutOfRange: "invalid_argument",
    Unavailable: "unavailable",
    Unauthenticated: "unauthenticated",
    DataLoss: "internal",
  };
  for (const [grpcCode, code] of Object.entries(byCode)) {
    await t.step(grpcCode, () => {
      assertEquals(known(classifyAnswer(500, { grpcCode, message: "" })), { code });
    });
  }
  assertEquals(known(classifyAnswer(500, { grpcCode: "toString", message: "" })), {
    code: "internal",
  });
  const byStatus = {
    400: "invalid_argument",
    401: "unauthenticated",
    403: "permission_denied",
    404: "not_found",
    409: "conflict",
    413: "invalid_argument",
    429: "resource_exhausted",
    499: "unavailable",
    502: "unavailable",
    504: "unavailable",
    508: "internal",
  } as const;
  for (const [status, code] of Object.entries(byStatus)) {
    await t.step(status, () => {
      assertEquals(known(classifyAnswer(Number(status), { message: "" })), { code });
    });
  }
  for (const status of [405, 501]) {
    await t.step(`${status}`, () => {
      const meaning = { code: "unsupported", reason: "daemon_too_old" } as const;
      assertEquals(known(classifyAnswer(status, { message: "" })), meaning);
    });
  }
});

Deno.test("classifyAnswer() takes a server's complaint of plain HTTP for https on that port", () => {
  const complaints = [
    "Client sent an HTTP request to an HTTPS server.",
    "The plain HTTP request was sent to HTTPS port",
    "You're speaking plain HTTP to an SSL-enabled server port.",
  ];
  for (const message of complaints) {
    const meaning = { code: "failed_precondition", reason: "http_to_https" } as const;
    assertEquals(known(classifyAnswer(400, { message })), meaning, message);
    assertEquals(classifyAnswer(404, { message }).reason, undefined);
  }
});

Deno.test("answerError() has a sentence of its own for each of these", async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["PermissionDenied", "role required: admin", "Only a token with the admin role may do this"],
    [
      "ResourceExhausted",
      "too many failed authentication attempts",
      "The daemon accepts no more tokens from this address for now",
    ],
    [
      "Unknown",
      "failed to attach ACL to container: device eth0 not found",
      "The daemon stored the firewall and does not enforce it: the container was not " +
      "created with a static address",
    ],
    [
      "Unknown",
      "Failed updating bridge NIC ACL",
      "The host's bridge cannot enforce this firewall; the rules from before stay",
    ],
    [
      "Unknown",
      "dump integrity check failed",
      "The archive of the backup is not as it was made: its checksum is another one",
    ],
    ["NotFound", "backup not found", "There is no backup of that id"],
    [
      "Unknown",
      "password authentication failed",
      "The database server in the container does not let this user in",
    ],
    [
      "Unknown",
      'FATAL: database "a" does not exist',
      "The database server in the container has no such database",
    ],
    [
      "Unknown",
      "connection to server : Connection refused",
      "No database server answers in the container at that port",
    ],
    [
      "Unknown",
      "backup failed: command not found",
      "PostgreSQL's programs are not installed in the container",
    ],
    [
      "Unknown",
      "restore failed: pg_restore failed",
      "The restore failed, and parts of it may be done",
    ],
    ["Unavailable", "secrets store not configured", "This daemon has no store for secrets"],
    ["Unavailable", "alerting is not configured", "This daemon cannot alert"],
    [
      "FailedPrecondition",
      "no KMS backend configured",
      "This daemon has no key service (KMS)",
    ],
    [
      "Unimplemented",
      "cloud metrics export is not yet implemented",
      "This daemon cannot send metrics to that cloud",
    ],
    [
      "PermissionDenied",
      "not authorized for this tenant",
      "The token does not reach this container",
    ],
    ["NotFound", "container not found", "The daemon refused: container not found"],
    ["Unknown", "dataset already exists", "The daemon refused: dataset already exists"],
    ["Unavailable", "peer gone", "The daemon failed: peer gone"],
    ["DeadlineExceeded", "too late", "The daemon failed: too late"],
  ];
  for (const [code, description, message] of cases) {
    await t.step(description, () => {
      const body = JSON.stringify({ error: `rpc error: code = ${code} desc = ${description}` });
      assertEquals(answerError(500, body, { method: "GET" }).message, message);
    });
  }
});

Deno.test("answerError() takes a write that timed out on the way for one that may have happened", async (t) => {
  const deadline = '{"error":"rpc error: code = DeadlineExceeded desc = late"}';
  const unavailable = '{"error":"rpc error: code = Unavailable desc = gone"}';
  const cases = [
    [502, "", "ambiguous"],
    [503, "", "ambiguous"],
    [504, "", "ambiguous"],
    [500, deadline, "ambiguous"],
    // The daemon's own answer: it was not carried out.
    [503, unavailable, "unavailable"],
    [500, "", "internal"],
  ] as const;
  for (const [status, body, code] of cases) {
    await t.step(`${status} ${body}`, () => {
      const error = answerError(status, body, { method: "POST", details: { username: "alice" } });
      assertEquals(error.code, code);
      assertEquals(error.reason, code === "ambiguous" ? "response_lost" : undefined);
      assertEquals([error.status, error.method, error.details.username], [status, "POST", "alice"]);
      assertEquals(error.message.includes(`(status ${status})`), code === "ambiguous");
      assertEquals(answerError(status, body, { method: "GET" }).code === "ambiguous", false);
    });
  }
});
