import { getQuotas } from "../quotas/get_quotas.ts";
import { defineResource } from "../resource.ts";
import { outputOf, textOf } from "./tool_text.ts";

/** Shows what users and teams use and may use, as `get_quotas` does. */
export const quotasResource = defineResource({
  uri: "containarium://quotas",
  name: "quotas",
  title: "Quotas",
  description: "How much users and teams use, and how much they may use",
  mimeType: "text/plain",
  priority: 0.4,
  tools: ["get_quotas"],
  variables: {},
  read: async (_values, context) => ({ text: await textOf(getQuotas, {}, context) }),
  state: async (_values, _shared, context) =>
    JSON.stringify(await outputOf(getQuotas, {}, context)),
});
