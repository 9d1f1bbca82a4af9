import { defineResource } from "../resource.ts";
import { listTemplates } from "../templates/list_templates.ts";
import { templateVariable } from "./known_names.ts";
import { outputOf, textOf } from "./tool_text.ts";

/** Lists what containers can be created from, as `list_templates` does. */
export const templatesResource = defineResource({
  uri: "containarium://templates",
  name: "templates",
  title: "Templates",
  description: "What can be deployed: the user's templates, recipes, stacks, operating systems",
  mimeType: "text/plain",
  priority: 0.5,
  tools: ["list_templates"],
  variables: {},
  read: async (_values, context) => ({ text: await textOf(listTemplates, {}, context) }),
  state: async (_values, _shared, context) =>
    JSON.stringify(await outputOf(listTemplates, {}, context)),
});

/** Shows one of them, or several of different kinds with the same name. */
export const templateResource = defineResource({
  uri: "containarium://templates/{template}",
  name: "template",
  title: "Template",
  description: "One template, recipe, stack or operating system with its parameters",
  mimeType: "text/plain",
  priority: 0.3,
  tools: ["list_templates"],
  variables: { template: templateVariable },
  read: async ({ template }, context) => {
    const all = await outputOf(listTemplates, {}, context);
    const found = {
      templates: all.templates?.filter(({ name }) => name === template),
      recipes: all.recipes?.filter(({ id }) => id === template),
      stacks: all.stacks?.filter(({ id }) => id === template),
      os: all.os.filter(({ name }) => name === template),
    };
    const isNone = Object.values(found).every((kind = []) => kind.length === 0);
    return isNone ? undefined : { text: listTemplates.render(found) };
  },
  state: async (_values, _shared, context) =>
    JSON.stringify(await outputOf(listTemplates, {}, context)),
});
