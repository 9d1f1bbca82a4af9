/** Expressions that no dialect of PromQL has are refused; those that some dialect has are not. */
import { assert, assertEquals } from "@std/assert";
import {
  alertDurationProblem,
  alertExprProblem,
  alertNameProblem,
  isCondition,
} from "../../../client/alerts/mod.ts";
import defaults from "../../daemon/alert_defaults.json" with { type: "json" };

Deno.test("alertExprProblem() finds nothing in expressions of PromQL and MetricsQL", async (t) => {
  const valid = [
    ...defaults.map(({ expr }) => expr),
    "up == 0",
    'up{job="a", instance=~"b.*"} != 1',
    "rate(http_requests_total[5m]) > 0.5",
    "sum by (job) (rate(x[5m])) > 1",
    "sum(rate(x[5m])) by (job) > 1e3",
    "x offset 5m > 0x1f",
    "x[1h30m:5m] offset -1h",
    "max_over_time(x[5m] @ end()) > 1",
    "a / on (job) group_left (b) c > bool 5",
    "(a and b) or (c unless d)",
    "topk(3, x) limit 10",
    "rate(x[5m]) keep_metric_names > 1",
    "WITH (f = rate(x[5m])) f > 1",
    "x default 0 == 0",
    "-x > -5",
    "absent(up)",
    '{__name__=~"a|b"} > 1 # a comment with ( and "',
    "x{a='it\\'s'} > .5",
    "time() - x > 5m",
    "a if b > 1",
    "job:x:rate5m > 1",
  ];
  for (const expr of valid) {
    await t.step(expr, () => assertEquals(alertExprProblem(expr), undefined));
  }
});

Deno.test("alertExprProblem() refuses what cannot be an expression", async (t) => {
  const wrong = [
    "",
    "  ",
    "this is (not promql",
    "memory usage > 90",
    "up == ",
    "> 90",
    "mem > 90 %",
    "up == 0)",
    "up == (0]",
    "sum(rate(x[5m])",
    'up{job="a} == 0',
    "up ; drop table",
    "x > 5 percent",
    "x".repeat(2_001),
  ];
  for (const expr of wrong) {
    await t.step(expr.slice(0, 40), () => assert(alertExprProblem(expr) !== undefined));
  }
});

Deno.test("alertExprProblem() takes time in proportion to the text", () => {
  for (const text of ["(", '"', "a ", "1e", "0x", "`", "\\", "[1m:", "1m"]) {
    const started = performance.now();
    alertExprProblem(text.repeat(2_000).slice(0, 2_000));
    assertEquals(performance.now() - started < 200, true, text);
  }
});

Deno.test("alertDurationProblem() accepts what Prometheus does", () => {
  for (const duration of ["5m", "90s", "1h30m", "500ms", "1d"]) {
    assertEquals(alertDurationProblem(duration), undefined);
  }
  for (const duration of ["soon", "5", "5 m", "m", "", "5min"]) {
    assert(alertDurationProblem(duration) !== undefined);
  }
});

Deno.test("alertNameProblem() accepts one line of plain characters", () => {
  assertEquals(alertNameProblem("HighMemoryUsage"), undefined);
  assertEquals(alertNameProblem("Disk full: alice"), undefined);
  for (const name of ["", " x", "a\nb", "x".repeat(129), "a/b", "\u202ex"]) {
    assert(alertNameProblem(name) !== undefined);
  }
});

Deno.test("isCondition() tells what fires always from what compares", () => {
  for (const expr of ["up == 0", "absent(up)", "a unless b", "x > 1"]) {
    assertEquals(isCondition(expr), true, expr);
  }
  for (const expr of ["up", 'up{job!="a"}', 'label_set(up, "a", "b > c")']) {
    assertEquals(isCondition(expr), false, expr);
  }
});
