/** A folder that is mutated, and the tests that are to find its mutants, their own room first. */
export interface MutatedFolder {
  /** Path from the project's root. */
  readonly path: string;
  /** Folders and files of tests. */
  readonly tests: readonly string[];
  /** What runs only in processes that tests start, where nobody sees which mutants are reached. */
  readonly inProcesses?: InProcesses | undefined;
}

/** Files that only processes of their own run. */
export interface InProcesses {
  /** Paths from the project's root. */
  readonly files: readonly string[];
  /** Files of tests that start such processes. */
  readonly tests: readonly string[];
}

/** What `make mutation` tries. */
export const mutatedFolders: readonly MutatedFolder[] = [
  {
    path: "client/transport",
    tests: [
      "tests/client/transport",
      "tests/client/tls",
      "tests/client/tls_test.ts",
      "tests/client/async",
      "tests/client/inherited_keys_test.ts",
      "tests/client/wire_test.ts",
      "tests/client/events",
      "tests/client/terminal/by_proxy_test.ts",
      "tests/client/terminal/handshake_test.ts",
      "tests/cli/environment_proxy_test.ts",
    ],
  },
  {
    path: "client/containers",
    tests: [
      "tests/client/containers",
      "tests/client/inherited_keys_test.ts",
      "tests/client/recordings_test.ts",
      "tests/client/wire_test.ts",
      "tests/client/leftovers",
      "tests/tools/containers",
      "tests/tools/grace",
      "tests/tools/leftovers",
      "tests/tools/agreed_test.ts",
    ],
  },
  {
    path: "server",
    tests: [
      "tests/server",
      "tests/tools/resources",
      "tests/tools/prompts",
      "tests/session_test.ts",
      "tests/mod_test.ts",
      "tests/cli/call_test.ts",
    ],
    inProcesses: {
      files: ["server/stdio/standard_streams.ts", "server/stdio/stdio_transport.ts"],
      tests: ["tests/server/pipes_test.ts", "tests/cli/call_test.ts"],
    },
  },
  {
    path: "tools/admission",
    tests: ["tests/tools/admission", "tests/tools/quotas", "tests/tools/policy"],
  },
  {
    path: "tools/bulk",
    tests: ["tests/tools/bulk", "tests/tools/quotas", "tests/tools/grace"],
  },
];
