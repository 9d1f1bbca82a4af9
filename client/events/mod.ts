/**
 * Events of containers, as the daemon reports them.
 *
 * @module
 */
export type { ContainerEvent, ContainerEventKind } from "./container_event.ts";
export { Events, type EventWatcher } from "./events.ts";
export type { EventTimes } from "./follow_events.ts";
