import { assertEquals } from "@std/assert";
import { LinkedSignal } from "../../../client/async/linked_signal.ts";

Deno.test("LinkedSignal aborts once, with the reason of the first source to abort", () => {
  const [one, two] = [new AbortController(), new AbortController()];
  using linked = new LinkedSignal(one.signal, undefined, two.signal);
  const reasons: unknown[] = [];
  linked.signal.addEventListener("abort", () => reasons.push(linked.signal.reason));
  assertEquals(linked.signal.aborted, false);
  two.abort("two");
  one.abort("one");
  linked.abort("itself");
  assertEquals(reasons, ["two"]);
});

Deno.test("LinkedSignal is aborted from the start if a source is", () => {
  using linked = new LinkedSignal(new AbortController().signal, AbortSignal.abort("before"));
  assertEquals(linked.signal.reason, "before");
});

Deno.test("LinkedSignal.abort() aborts it alone", () => {
  const source = new AbortController();
  using linked = new LinkedSignal(source.signal);
  linked.abort("itself");
  assertEquals([linked.signal.reason, source.signal.aborted], ["itself", false]);
});

Deno.test("LinkedSignal listens to no source once it is disposed", () => {
  const source = new AbortController();
  const linked = new LinkedSignal(source.signal);
  linked[Symbol.dispose]();
  source.abort();
  assertEquals(linked.signal.aborted, false);
});
