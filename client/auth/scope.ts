/** A scope of the daemon's tokens; a token without scopes may do everything its roles allow. */
export type Scope = "containers:read" | "containers:write" | "ssh:write";
