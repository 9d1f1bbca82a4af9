/** By number, as on Linux. */
const names: readonly string[] =
  ("EXIT HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP " +
    "TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS").split(" ");

/** The signal that an exit code of a shell stands for: `"SIGKILL"` for 137. */
export function signalName(exitCode: number): string | undefined {
  const name = exitCode > 128 ? names[exitCode - 128] : undefined;
  return name === undefined ? undefined : `SIG${name}`;
}
