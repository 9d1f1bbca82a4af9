/**
 * Alerts on metrics.
 *
 * @module
 */
export { type Alert, alertSeverities, type AlertSeverity } from "./alert.ts";
export {
  alertDurationProblem,
  alertExprProblem,
  alertNameProblem,
  isCondition,
} from "./alert_problems.ts";
export {
  type AgreedAlert,
  type AlertDelivery,
  Alerts,
  type AlertSettings,
  type ChangeAlertOptions,
  type DeleteAlertResult,
  type SetAlertResult,
} from "./alerts.ts";
