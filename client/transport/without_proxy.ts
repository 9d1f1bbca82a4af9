/**
 * Agent option that disables the environment's proxy, which Node uses if `NODE_USE_ENV_PROXY` is set. It is
 * missing in Node's types.
 */
export const withoutProxy: { readonly proxyEnv: Readonly<Record<string, string>> } = {
  proxyEnv: {},
};
