/** The tools that a Debian box has, as far as a test or a person may want them; none that runs the machine. @module */

const names = `
[ arch awk base32 base64 basename bash bunzip2 busybox bzip2 cat chgrp chmod chown cksum clear cmp col
column comm cp curl cut dash date dd df diff dir dircolors dirname dnsdomainname du echo ed egrep env ex
expand expr factor false fgrep file find flock fmt fold free fuser getconf getent gpg grep groups
gunzip gzip head hostid hostname id iconv infocmp install ionice join kill last less link ln
locale logger login logname ls lsof man mawk md5sum mesg mkdir mkfifo mknod mktemp more mv nano nice nl
nohup nproc numfmt od openssl paste patch pathchk perl pr printenv printf ps pstree
pwd rbash readlink realpath renice reset rev rm rmdir run-parts rview rvim script sed seq setsid sh
sha1sum sha256sum sha512sum shred shuf sleep sort split ssh-keygen stat stdbuf strings stty sum sync tac
tail tar tee test tic timeout top touch tput tr true truncate tset tsort tty uname unexpand uniq unlink
uptime users vi view vim vim.tiny w watch wc wget which who whoami xargs xxd xz xzcat yes zcat zgrep
`;

/** Their names. */
export const toolNames: readonly string[] = names.trim().split(/\s+/);

/** Where a tool is on the PATH of this machine; undefined when it is not. */
export function findTool(name: string): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) =>
    folder.startsWith("/")
  );
  return folders.map((folder) => `${folder}/${name}`).find(isThere);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
