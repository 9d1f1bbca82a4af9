import type { ContainariumError } from "../client/mod.ts";
import { visible } from "./visible.ts";

/** Why it happened and what to do next, a sentence each. */
export interface Advice {
  /** Why it happened. */
  readonly why: string;
  /** What to do next. */
  readonly next: string;
}

/**
 * What a model reads of a failure: what happened, why, and what to do next; one line each.
 *
 * @param meant The username that was probably meant, where the one that was given is not there
 */
export function explain(error: ContainariumError, meant?: string): string {
  const { why, next } = advise(error, meant);
  return `${oneLine(error.message)}\nWhy: ${why}\nNext: ${next}`;
}

/** What the daemon or a proxy wrote must not pass for a line of ours. */
export function oneLine(text: string): string {
  return visible(text.trim().replace(/\s+/g, " "));
}

/**
 * Why a failure happened and what to do next.
 *
 * @param meant The username that was probably meant, where the one that was given is not there
 */
export function advise(error: ContainariumError, meant?: string): Advice {
  switch (error.code) {
    case "unauthenticated":
      if (error.status === undefined) {
        return {
          why: "the token cannot be read, so that the daemon was not asked.",
          next:
            "have the person mend what the first line names; it is read again with the next call.",
        };
      }
      return {
        why:
          "the daemon does not accept the token: it has expired, was made with another secret, " +
          "or was cut when copied.",
        next: "ask for a new one (on the host: containarium token generate), set " +
          "CONTAINARIUM_JWT_TOKEN to it and restart this server.",
      };
    case "permission_denied":
      return adviseDenied(error);
    case "not_found":
      if (/ has no snapshot /.test(error.message)) {
        return {
          why: "there is none of that name.",
          next: "call list_snapshots to see which there are.",
        };
      }
      return {
        why: "there is no container of that user, or the token may not see it.",
        next: `${meant === undefined ? "" : `did you mean ${visible(meant)}? Otherwise `}` +
          "call list_containers to see which there are.",
      };
    case "conflict":
      return adviseConflict(error);
    case "invalid_argument":
      return { why: "an argument is not acceptable.", next: "mend it and call again." };
    case "failed_precondition":
      return adviseState(error);
    case "unsupported":
      return adviseUnsupported(error);
    case "resource_exhausted":
      return adviseExhausted(error);
    case "unavailable":
      return {
        why: "the daemon was not reached or is restarting; the request was not carried out.",
        next: "check that the daemon runs and that CONTAINARIUM_SERVER_URL is right (address and " +
          "port), then call again.",
      };
    case "timeout":
      return {
        why: "the host is slow or stuck.",
        next: "call again; if it stays so, call get_system_info to see the host's load.",
      };
    case "cancelled":
      return {
        why: "the call was cancelled, or the client closed the connection.",
        next: "if it was a change, call get_container to see whether it happened.",
      };
    case "ambiguous":
      return {
        why: "the answer was lost on its way.",
        next: `do not repeat it blindly: call ${
          readersOf(error)
        } first to see whether it happened.`,
      };
    case "internal":
      return {
        why: "the daemon did not say more.",
        next: "ask whoever runs the host to look into the daemon's log.",
      };
  }
}

function adviseConflict({ message }: ContainariumError): Advice {
  if (/ is under way, asked for with other arguments/.test(message)) {
    return {
      why: "the daemon is still at it, and a second one beside it would spoil both.",
      next: "wait for it by calling with the same arguments as before, then call this again.",
    };
  }
  if (/ has a snapshot /.test(message)) {
    return { why: "the name is taken.", next: "choose another name, or leave it out." };
  }
  return {
    why: "there is one already, or something else is being done to it at this moment.",
    next: "call get_container to see its state; delete_container first to replace it.",
  };
}

function adviseState({ message }: ContainariumError): Advice {
  if (/protected from deletion/.test(message)) {
    return {
      why: "its owner marked it as not to be deleted.",
      next: "ask the person whether it may go after all; do not lift the protection by yourself.",
    };
  }
  if (/only while it runs/.test(message)) {
    return {
      why: "nothing can be run in a container that does not run.",
      next: "call start_container, then call again.",
    };
  }
  if (/would destroy what is newer/.test(message)) {
    return {
      why: "a container goes back only to its newest snapshot; newer ones are destroyed first.",
      next: "ask the person whether those may go; only then call again with discard_newer.",
    };
  }
  return {
    why: "it cannot be done in the present state.",
    next: "change what the first line names, then call again.",
  };
}

function adviseUnsupported({ message }: ContainariumError): Advice {
  if (/ without ZFS/.test(message)) {
    return {
      why: "snapshots are made by ZFS, on which Incus does not keep its containers there.",
      next: "do without: keep a copy of what matters (run_command with tar, for instance). Only " +
        "whoever runs the host can put containers on ZFS.",
    };
  }
  if (/ of its own host only/.test(message)) {
    return {
      why: "the daemon does not hand calls about snapshots on to other hosts.",
      next: "tell the person: it can be done through a server that is set to that host's daemon.",
    };
  }
  return {
    why: "this daemon is too old, or was built without this; or the path of " +
      "CONTAINARIUM_SERVER_URL is wrong.",
    next: "if other tools work, ask whoever runs the host to upgrade Containarium, and do not " +
      "call this again before; if none does, have the address looked at.",
  };
}

/** The tools that show whether a change happened. */
function readersOf({ path }: ContainariumError): string {
  return path !== undefined && /\/snapshots(\/|$)/.test(path)
    ? "list_snapshots (get_container for the container's state)"
    : "get_container (or list_containers)";
}

function adviseDenied({ message }: ContainariumError): Advice {
  const scope = /scope required: ([\w:-]+)/.exec(message)?.[1];
  if (scope !== undefined) {
    return {
      why: `the token lacks the scope ${scope}.`,
      next: "ask for a token with that scope.",
    };
  }
  if (/role required: admin/.test(message)) {
    return {
      why: "this needs a token with the admin role.",
      next: "without it, one's own container can be seen with get_container and get_metrics.",
    };
  }
  if (/not authorized for this tenant/.test(message)) {
    return {
      why:
        "the token belongs to another user, and only an admin may reach other users' containers.",
      next: "use one's own username, or ask for a token with the admin role.",
    };
  }
  return { why: "the token does not allow this.", next: "ask for a token that does." };
}

function adviseExhausted({ message }: ContainariumError): Advice {
  if (/too many failed authentication/.test(message)) {
    return {
      why: "this address sent too many tokens that were not valid.",
      next: "wait a minute; then use a valid token, which is never limited.",
    };
  }
  if (/^The quota does not allow it/.test(message)) {
    return {
      why: "the person who set this server up limits what users and teams may have.",
      next:
        "ask the person: they decide what gives way. get_quotas shows what is used and allowed.",
    };
  }
  if (/CPU capacity exceeded/.test(message)) {
    return {
      why: "the host has promised as many CPUs as it may.",
      next: "ask for fewer CPUs, or free some with resize or delete_container.",
    };
  }
  return { why: "a limit was reached.", next: "ask for less at a time." };
}
