import { shortValues } from "./api_request.ts";
import type { ApiField, Description } from "./operation.ts";

/** Returns fields in few words: `destination:LOCAL|GCS`, `nodeGroups:[{name, minNodes:int}]`, `labels:{}`. */
export function describeFields(
  fields: readonly ApiField[],
  types: Description["types"],
): readonly string[] {
  return fields.map(({ name, type, shape }) => {
    const known = types.get(type);
    const one = known === undefined
      ? type
      : known.kind === "enum"
      ? shortValues(known.values).join("|")
      : `{${describeFields(known.fields, types).join(", ")}}`;
    switch (shape) {
      case "map":
        return `${name}:{}`;
      case "list":
        return `${name}:[${one}]`;
      case "one":
        return type === "text" ? name : `${name}:${one}`;
    }
  });
}
