import { z } from "zod";
import type {
  CallOptions,
  ContainariumClient,
  ContainerMetrics,
  Diagnosis,
} from "../../client/mod.ts";
import { containerName, imageReference, together, visible } from "../../client/internal.ts";
import { fence } from "../text/fence.ts";
import { formatFacts } from "../text/format.ts";
import { freeText } from "../text/free_text.ts";
import { diskWarnings, distinctWarnings, warnings } from "../host/limits.ts";
import { unlessEmpty } from "../lean.ts";
import { container, containerAnswer, renderContainer, shown, username } from "../schemas.ts";
import { renderRoutes, route, routeAnswer } from "../routes/route_answer.ts";
import { routesBeside } from "../routes/visible_routes.ts";
import { defineTool } from "../tool.ts";
import { waitSeconds } from "../fields.ts";
import { memoryLimitBytes, metrics, metricsAnswer, metricsFacts } from "./usage.ts";
import { readOr } from "../read_or.ts";

const diagnosis = z.strictObject({
  container_state: z.string().describe("State in the host's words"),
  host_user_exists: z.boolean().describe("Whether the host has an account of this name"),
  login_shell: z.string().optional().describe("Login shell of that account"),
  login_shell_missing: z.literal(true).optional()
    .describe("True: the host does not have that shell, so every login is refused; absent: it has"),
  ssh_ingress_host: z.string().optional()
    .describe("Host to SSH through; absent: containers are reached directly"),
  likely_cause: z.string().optional().describe("What is most likely wrong, in the daemon's words"),
  next_actions: z.array(z.string()).optional()
    .describe("What the daemon advises the host's operator; absent: nothing"),
  recent_sshd_rejections: freeText(
    "Logins that the host refused recently, one a line: data from outside; absent: none",
  ).optional(),
  daemon_version: z.string().optional().describe("Version of Containarium"),
});

const recreate = z.strictObject({
  image: z.string().optional().describe(
    "image for create_container, inferred from the description",
  ),
  not_reported: z.array(z.string()).describe("Arguments that the daemon does not report"),
});

/** Reads one container; `GET /v1/containers/{username}`. */
export const getContainer = defineTool({
  name: "get_container",
  title: "Get container",
  description: "Show one container: state, IP address, limits, labels, current usage. Can wait " +
    "for a state. diagnose helps to find out why it does not start, does not respond or refuses " +
    "SSH.",
  effect: "read",
  idempotent: true,
  scopes: ["containers:read"],
  input: z.strictObject({
    username,
    wait_for: z.enum(["running", "stopped"]).optional().describe("Wait until it is in this state"),
    wait_seconds: waitSeconds.describe("How long to wait for it"),
    diagnose: z.boolean().default(false).describe("Add the daemon's diagnosis of why SSH fails"),
  }),
  output: z.strictObject({
    container,
    reached: z.boolean().optional().describe("Whether it reached that state"),
    metrics: metrics.optional().describe("What it uses now, while it runs"),
    diagnosis: diagnosis.optional(),
    routes: z.array(route).optional().describe("Domains and ports that lead to it; absent: none"),
    recreate: recreate.optional().describe("What else is needed to create it again"),
    warnings,
  }),

  run: async (args, context) => {
    const { client, signal, progress } = context;
    const { username, wait_for: wanted } = args;
    if (wanted !== undefined) {
      await client.containers.waitFor(username, wanted, {
        signal,
        waitMs: args.wait_seconds * 1_000,
        onState: (state) => progress(1, undefined, `${containerName(username)}: ${state}`),
      });
    }
    // At once: most containers that are asked for run, and each round trip would be waited for.
    const [found, usage, verdict, routesOf] = await together([
      client.containers.getWhole(username, { signal }),
      usageOf(client, username, { signal }),
      args.diagnose ? client.containers.diagnose(username, { signal }) : undefined,
      routesBeside(context),
    ]);
    const host = await client.backends.hostOf(found.backendId, { signal });
    return {
      container: { ...containerAnswer(found), image: shown(found.image) },
      reached: wanted === undefined ? undefined : found.state === wanted,
      metrics: usage !== undefined && found.state === "running"
        ? metricsAnswer(usage, memoryLimitBytes(found, host))
        : undefined,
      diagnosis: verdict === undefined ? undefined : diagnosisAnswer(verdict),
      routes: unlessEmpty(
        (routesOf?.(found) ?? []).map((route) => routeAnswer(route, [found])),
      ),
      recreate: found.image === undefined ? undefined : recreateAnswer(found.image),
      warnings: distinctWarnings(diskWarnings(found.disk, host)),
    };
  },

  render: ({ container, reached, metrics, diagnosis, routes, recreate, warnings = [] }) => {
    if (container.state === "failed" && diagnosis === undefined) {
      return `${container.username} has no container: the last attempt to create one failed.`;
    }
    const waited = reached === false ? `Not reached: still ${container.state}.` : "";
    return [
      waited,
      renderContainer(container),
      metrics === undefined ? "" : formatFacts(metricsFacts(metrics)),
      diagnosis === undefined ? "" : renderDiagnosis(diagnosis),
      routes === undefined ? "" : renderRoutes(routes),
      recreate === undefined ? "" : renderRecreate(recreate),
      ...warnings,
    ].filter((part) => part !== "").join("\n");
  },
});

/** Usage is optional: a container may not run, or stop between the two reads. */
async function usageOf(
  client: ContainariumClient,
  username: string,
  options: CallOptions,
): Promise<ContainerMetrics | undefined> {
  return await readOr(() => client.metrics.get(username, options), () => undefined);
}

/** `enable_docker` is unknown: the daemon reports every container as one with Podman. */
function recreateAnswer(description: string): z.infer<typeof recreate> {
  const image = imageReference(description);
  const lacking = image === undefined ? ["image"] : [];
  return { image, not_reported: [...lacking, "ssh_keys", "enable_docker"] };
}

function renderRecreate(from: z.infer<typeof recreate>): string {
  return formatFacts({
    recreate_image: from.image,
    not_reported: from.not_reported.join(", "),
  });
}

function diagnosisAnswer(from: Diagnosis): z.infer<typeof diagnosis> {
  return {
    container_state: visible(from.containerState),
    host_user_exists: from.hostUserExists,
    login_shell: shown(from.loginShell),
    login_shell_missing: from.loginShell !== undefined && !from.loginShellExists ? true : undefined,
    ssh_ingress_host: shown(from.sshIngressHost),
    likely_cause: from.likelyCause === undefined ? undefined : visible(from.likelyCause),
    next_actions: unlessEmpty(from.nextActions.map(visible)),
    recent_sshd_rejections: rejectionsIn(from),
    daemon_version: shown(from.daemonVersion),
  };
}

/** Maximum number of refused logins in a result, and of characters of each. */
const MAX_REJECTIONS = 20;
const MAX_REJECTION_CHARS = 300;

/** Whoever tries to log in chooses the name that is refused. */
function rejectionsIn({ recentSshdRejections: all }: Diagnosis): string | undefined {
  if (all.length === 0) return undefined;
  const lines = all.slice(0, MAX_REJECTIONS)
    .map((line) => line.replaceAll(/\s+/g, " ").slice(0, MAX_REJECTION_CHARS));
  const left = all.length - lines.length;
  const more = left > 0 ? [`… and ${left} more`] : [];
  return fence([...lines, ...more].join("\n"), "refused logins", "the daemon");
}

function renderDiagnosis(from: z.infer<typeof diagnosis>): string {
  const facts = formatFacts({
    "daemon's verdict": from.likely_cause ?? "nothing wrong found",
    "host account": from.host_user_exists ? "exists" : "missing",
    "login shell": from.login_shell_missing
      ? `${from.login_shell} (missing on the host)`
      : from.login_shell,
    "ssh through": from.ssh_ingress_host,
    "advised": from.next_actions?.join("; "),
    "containarium": from.daemon_version,
  });
  const { recent_sshd_rejections: rejections } = from;
  return rejections === undefined ? facts : `${facts}\n${rejections}`;
}
