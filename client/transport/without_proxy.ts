/**
 * What keeps an agent of Node's from the environment's proxy, which it takes where `NODE_USE_ENV_PROXY` is
 * set. Its types do not know of it yet.
 */
export const withoutProxy: { readonly proxyEnv: Readonly<Record<string, string>> } = {
  proxyEnv: {},
};
