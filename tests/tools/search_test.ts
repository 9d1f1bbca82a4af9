import { assertEquals } from "@std/assert";
import { tools } from "../../mod.ts";
import { defaultToolsets } from "../../tools/toolsets.ts";

/** Requests of users, and the tool that a client must find for each. */
const requests: Readonly<Record<string, string>> = {
  "make me a box": "create_container",
  "spin up a new ubuntu machine for alice": "create_container",
  "show me all my boxes": "list_containers",
  "what is alice's IP address": "get_container",
  "why does it not start": "get_container",
  "get rid of alice's container, destroy everything": "delete_container",
  "bring the deleted container back": "undelete_container",
  "turn it on again": "start_container",
  "shut it down, turn it off for tonight": "stop_container",
  "reboot the machine": "restart_container",
  "it needs 4 GB more RAM": "resize_container",
  "the disk is full, make it bigger": "resize_container",
  "protect alice's box from deletion": "update_container",
  "put it to sleep when idle": "update_container",
  "tag it as production": "update_container",
  "change its firewall": "update_container",
  "who used all the memory": "get_metrics",
  "what is eating the CPU": "get_metrics",
  "how busy is the host": "get_system_info",
  "which version runs on the server": "get_system_info",
  "get into the container and run npm install": "run_command",
  "apt install postgres": "run_command",
  "execute this script in every box": "run_command",
  "open vi on the config file": "open_terminal",
  "press Ctrl-C": "send_to_terminal",
  "I am done with that shell, exit": "close_terminal",
  "show me the nginx errors": "get_logs",
  "why did the service crash last night": "get_logs",
  "who can log in to this container": "list_ssh_keys",
  "add my public key": "add_ssh_key",
  "revoke mallory's access": "remove_ssh_key",
  "what restore points are there": "list_snapshots",
  "save the state before I upgrade": "create_snapshot",
  "undo what you just did": "restore_snapshot",
  "roll back to yesterday": "restore_snapshot",
  "free some disk": "cleanup_disk",
  "throw away that snapshot": "delete_snapshot",
  "which apps can be deployed": "list_templates",
  "deploy ollama for carol": "create_from_recipe",
  "set up node.js and python in it": "install_stack",
  "how much may my team use": "get_quotas",
  "thirty boxes for tomorrow's class": "create_containers",
  "delete several old test containers": "delete_containers",
  "start all of them after the outage": "start_containers",
  "shut down all containers at once": "stop_containers",
  "which host still has room": "list_backends",
  "which host has a free GPU": "list_backends",
  "migrate alice to the other host": "move_container",
  "upload my project": "sync_files",
  "push this folder and run the deploy command": "sync_files",
  "deploy this folder": "sync_files",
  "download the results": "fetch_files",
  "copy a file from the container to my machine": "fetch_files",
  "put my app on the internet": "expose_port",
  "publish port 3000 at a domain": "expose_port",
  "give the app a public URL": "expose_port",
  "which domains are in use": "list_routes",
  "where does this URL lead to": "list_routes",
  "unpublish the app": "remove_route",
  "remove the domain from it": "remove_route",
  "which secrets are stored for bob": "list_secrets",
  "show me the value of that secret": "get_secret",
  "store the API key of our mail service": "set_secret",
  "change the database password": "set_secret",
  "delete the old secret": "delete_secret",
  "back up my database": "create_backup",
  "which backups of the database exist": "list_backups",
  "restore the database from the backup": "restore_backup",
  "test whether the backup works": "verify_backup",
  "delete the old backup": "delete_backup",
  "is my container infected": "scan_container",
  "scan it for viruses and malware": "scan_container",
  "find vulnerabilities": "list_findings",
  "what did the scans find": "list_findings",
  "patch that vulnerability finding": "resolve_finding",
  "suppress this finding": "resolve_finding",
  "install the trivy scanner": "install_scanner",
  "who deleted the container": "get_audit_log",
  "who changed something yesterday": "get_audit_log",
  "my token leaked, revoke it": "revoke_token",
  "who else has an account in alice's container": "list_collaborators",
  "give bob access to alice's container": "add_collaborator",
  "let another person into my container": "add_collaborator",
  "bob left: remove the collaborator": "remove_collaborator",
  "list the alerts": "list_alerts",
  "alert me when memory is full": "set_alert",
  "notify someone when the disk is too full": "set_alert",
  "delete that alert": "delete_alert",
  "export the metrics to Google Cloud": "set_metrics_export",
  "how are secrets encrypted": "get_kms_status",
  "re-encrypt the secrets with the KMS": "migrate_secrets",
  "is there an operation for alerts or a virus scan": "search_api",
  "call that API operation": "call_api",
  "which AI agents does it offer": "list_agents",
  "run the code review agent on this diff": "run_agent",
  "run a crew on this task": "run_agent",
  "does the GPU work inside containers": "validate_gpu",
  "ask the agent a question": "call_agent",
  "run my CI jobs on our own machines": "provision_runners",
  "list our CI runners": "list_runners",
  "deregister that CI runner": "remove_runner",
  "start my compose app at boot": "manage_compose",
  "which docker-compose projects are in it": "manage_compose",
};

Deno.test("a client's search ranks the right tool first for what users ask", async (t) => {
  for (const [request, expected] of Object.entries(requests)) {
    await t.step(request, () => {
      const ranked = rank(request);
      assertEquals(ranked[0]?.name, expected, JSON.stringify(ranked.slice(0, 4)));
    });
  }
});

/** Requests for which a tool that is off by default would do as well. */
const byDefault: Readonly<Record<string, string>> = { "give bob access": "add_ssh_key" };

Deno.test("a client's search finds a tool that is on by default where another toolset has one, too", () => {
  const on = new Set(Object.values(defaultToolsets).flat().map(({ name }) => name));
  for (const [request, expected] of Object.entries(byDefault)) {
    assertEquals(rank(request).find(({ name }) => on.has(name))?.name, expected);
  }
});

Deno.test("every tool is searched for by at least one of the requests", () => {
  const found = new Set(Object.values(requests));
  assertEquals(tools.map(({ name }) => name).filter((name) => !found.has(name)), []);
});

const documents = tools.map(({ name, description }) => ({
  name,
  words: wordsOf(`${name} ${description}`),
}));

/** Ranks the tools by BM25 over their names and descriptions, best first. */
function rank(request: string): readonly { readonly name: string; readonly score: number }[] {
  const [k1, b] = [1.2, 0.75];
  const words = wordsOf(request);
  const averageLength = documents.reduce((sum, { words }) => sum + words.length, 0) /
    documents.length;
  return documents.map((document) => {
    const score = words.reduce((sum, word) => {
      const count = document.words.filter((other) => other === word).length;
      const saturated = count * (k1 + 1) /
        (count + k1 * (1 - b + b * document.words.length / averageLength));
      return sum + rarity(word) * saturated;
    }, 0);
    return { name: document.name, score };
  }).toSorted((one, other) => other.score - one.score);
}

/** Inverse document frequency. */
function rarity(word: string): number {
  const holding = documents.filter(({ words }) => words.includes(word)).length;
  return Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5));
}

/** Returns lowercase words without plural, genitive or -ing. */
function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().replaceAll("'s", "").match(/[a-z0-9]+/g) ?? []).map((word) =>
    word.replace(/(?<=..[^s])s$|(?<=x)es$|(?<=...)ing$/, "")
  );
}
