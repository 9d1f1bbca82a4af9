/** Returns a time as RFC 3339 in UTC, in whole seconds: `2026-11-21T10:45:00Z`. */
export function formatTime(time: Date): string;
export function formatTime(time: Date | undefined): string | undefined;
export function formatTime(time: Date | undefined): string | undefined {
  return time && `${time.toISOString().slice(0, -".000Z".length)}Z`;
}
