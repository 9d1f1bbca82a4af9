/**
 * What happens to containers, as the daemon reports it.
 *
 * @module
 */
export type { ContainerEvent, ContainerEventKind } from "./container_event.ts";
export { Events, type EventWatcher } from "./events.ts";
export type { EventTimes } from "./follow_events.ts";
