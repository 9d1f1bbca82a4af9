/**
 * What only administrators look after: who did what, revoked tokens, the key service, the export of metrics.
 *
 * @module
 */
export { type AuditEntry, AuditLog, type AuditPage, type ListAuditOptions } from "./audit_log.ts";
export {
  type EnvelopeCoverage,
  KeyService,
  type KeyServiceStatus,
  type MigrateOptions,
  type MigrationFailure,
  type MigrationResult,
} from "./key_service.ts";
export {
  changesExport,
  MetricsExport,
  type MetricsExportSettings,
  type MetricsExportStatus,
  type MetricsGroup,
  metricsGroups,
  type MetricsProvider,
  metricsProviders,
  type SetExportOptions,
  type SetExportResult,
} from "./metrics_export.ts";
export { type Revocation, Revocations, type RevokeResult } from "./revocations.ts";
export { tokenIdProblem } from "./token_id.ts";
