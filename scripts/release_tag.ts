/**
 * Checks that a tag is the version of `deno.json`: `deno run scripts/release_tag.ts v1.2.3`. A release has one
 * version, and this is where a wrong tag ends.
 *
 * @module
 */
import metadata from "../deno.json" with { type: "json" };

const [tag = ""] = Deno.args;
if (tag !== `v${metadata.version}`) {
  throw new Error(
    `The tag ${tag || "(none)"} is not v${metadata.version}, the version of deno.json`,
  );
}
