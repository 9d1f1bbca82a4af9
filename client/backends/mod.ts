/**
 * The hosts among which a daemon spreads containers.
 *
 * @module
 */
export { type Backend, type Capacity, headroomOf } from "./backend.ts";
export type { Backends, ListBackendsOptions } from "./backends.ts";
export type { CoreService } from "./core_service.ts";
export type { Gpu } from "./gpu.ts";
export type { GpuCheck } from "./gpu_check.ts";
export type { HostFacts } from "./hosts.ts";
export type { MoveOptions, MoveResult } from "./move.ts";
export type { Release } from "./release.ts";
export { placeByHeadroom, type Placement } from "./place.ts";
