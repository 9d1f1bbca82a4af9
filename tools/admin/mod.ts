/**
 * What administrators look after: the audit log, tokens, alerts, the key service, the export of metrics, and
 * who else has an account in a container.
 *
 * @module
 */
import type { Tool } from "../tool.ts";
import { addCollaborator } from "./add_collaborator.ts";
import { deleteAlert } from "./delete_alert.ts";
import { getAuditLog } from "./get_audit_log.ts";
import { getKmsStatus } from "./get_kms_status.ts";
import { listAlerts } from "./list_alerts.ts";
import { listCollaborators } from "./list_collaborators.ts";
import { migrateSecrets } from "./migrate_secrets.ts";
import { removeCollaborator } from "./remove_collaborator.ts";
import { revokeToken } from "./revoke_token.ts";
import { setAlert } from "./set_alert.ts";
import { setMetricsExport } from "./set_metrics_export.ts";

/** The toolset `admin`, in the order in which it is listed. */
export const adminTools: readonly Tool[] = [
  getAuditLog,
  revokeToken,
  listCollaborators,
  addCollaborator,
  removeCollaborator,
  listAlerts,
  setAlert,
  deleteAlert,
  setMetricsExport,
  getKmsStatus,
  migrateSecrets,
];
