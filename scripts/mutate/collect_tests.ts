/** A test that a file has registered. */
export interface CollectedTest {
  /** Its name. */
  readonly name: string;
  /** Whether it is left out, here or because it needs permissions of its own. */
  readonly ignored: boolean;
  /** Runs it. Steps that fail throw. */
  run(): Promise<void>;
}

type TestFunction = (context: Deno.TestContext) => void | Promise<void>;
interface Options {
  name?: string;
  fn?: TestFunction;
  ignore?: boolean;
  permissions?: Deno.PermissionOptions;
}

/** Imports a file, and returns its tests without having run any. */
export async function collectTests(file: string): Promise<readonly CollectedTest[]> {
  const tests: CollectedTest[] = [];
  const register = (...given: readonly (string | Options | TestFunction)[]): void => {
    const { name = "", fn, ignore = false, permissions } = merged(given);
    if (fn === undefined) throw new TypeError(`Cannot run ${name}: it has no function`);
    tests.push({
      name,
      ignored: ignore || permissions !== undefined,
      run: async () => {
        await fn(contextOf(name));
      },
    });
  };
  Object.defineProperty(Deno, "test", { value: register, configurable: true });
  await import(file);
  return tests;
}

/** The parts of the forms that `Deno.test` and `t.step` accept. */
function merged(given: readonly (string | Options | TestFunction)[]): Options {
  const options: Options = {};
  for (const part of given) {
    if (typeof part === "string") options.name = part;
    else if (typeof part === "function") options.fn = part;
    else Object.assign(options, part);
  }
  return options;
}

function contextOf(name: string): Deno.TestContext {
  const step = async (
    ...given: readonly (string | Deno.TestStepDefinition | TestFunction)[]
  ): Promise<boolean> => {
    const { name: inner = "", fn, ignore } = merged(given);
    if (ignore !== true) await fn?.(contextOf(inner));
    return ignore !== true;
  };
  return { name, origin: import.meta.url, step, assertSnapshot: noSnapshots };
}

function noSnapshots(): Promise<void> {
  return Promise.reject(new Error("Cannot compare a snapshot: the mutation tester has none"));
}
