/**
 * What the layers above share with the client, and the client's users do not see: it may change at any
 * time.
 *
 * @module
 */
export { agentContainer, agentUsername } from "./agents/mod.ts";
export {
  changesExport,
  metricsGroups,
  metricsProviders,
  tokenIdProblem,
} from "./administration/mod.ts";
export {
  alertDurationProblem,
  alertExprProblem,
  alertNameProblem,
  alertSeverities,
  isCondition,
} from "./alerts/mod.ts";
export { accountProblem, collaboratorProblem } from "./collaborators/mod.ts";
export { GitHub, publicApi, targetProblem } from "./github/github.ts";
export { isSameContainer, notAgreed, refuseOther } from "./containers/agreed.ts";
export { chooseRecipe, deployLimits, refuseUnknownStack } from "./catalog/mod.ts";
export { backupBucketProblem, databaseNameProblem } from "./backups/mod.ts";
export { createDefaults, osNames } from "./containers/create_options.ts";
export { gitRefProblem, gitSourceProblem, gpuProblem } from "./containers/create_problems.ts";
export { firewalls } from "./containers/firewall.ts";
export { ignorableSettings } from "./containers/ignorable_setting.ts";
export { headroomOf, placeByHeadroom, type Placement } from "./backends/mod.ts";
export { deletionLabel } from "./containers/deletion_record.ts";
export { refuseUnrecoverable } from "./containers/delete_later.ts";
export {
  deletionAt,
  isBeingDeleted,
  isDeletedOnceStopped,
  isOfPeer,
  unseenContainer,
} from "./containers/container.ts";
export { type CpuSample, sampleCpu } from "./terminal/cpu_sample.ts";
export { within } from "./async/deadline.ts";
export { delay } from "./async/delay.ts";
export { LinkedSignal } from "./async/linked_signal.ts";
export { poll } from "./async/poll.ts";
export { together } from "./async/together.ts";
export { leftoverKinds } from "./leftovers/mod.ts";
export { protectedError } from "./containers/delete.ts";
export { type CredentialsFile, type FiledServer, readCredentials } from "./auth/credentials.ts";
export { imageReference } from "./containers/image.ts";
export { InFlightLimit } from "./async/in_flight.ts";
export { silent } from "./text/log.ts";
export { quote } from "./text/shell_quote.ts";
export { didYouMean, ifMeant, nearest } from "./text/nearest.ts";
export { readOptions } from "./client.ts";
export { restate } from "./errors.ts";
export { own } from "./wire.ts";
export type { Token } from "./auth/token.ts";
export { TokenStore } from "./auth/token_store.ts";
export { type Health, HealthProbe } from "./transport/health_probe.ts";
export { networkWords, runtimeWords } from "./transport/words.ts";
export {
  maxTtlSeconds,
  parseCpu,
  parseDuration,
  parseShare,
  parseSize,
} from "./containers/quantities.ts";
export { isShrink } from "./containers/resize.ts";
export { Utf8Decoder } from "./text/utf8_decoder.ts";
export { oneLine, visible, visibleOnce } from "./text/visible.ts";
export { withoutSecrets } from "./text/without_secrets.ts";
export { isLoopback, parseServerUrl } from "./auth/server_url.ts";
export { labelKeyProblem } from "./containers/settings.ts";
export { labelsAfter } from "./containers/update.ts";
export { folderWord, remoteFolderProblem, STAGING } from "./files/mod.ts";
export { domainProblem, isPort } from "./routes/mod.ts";
export { findListener, type Listening } from "./routes/listening.ts";
export { mayRequest, requestUrl, type UrlAnswer, type UrlAnswerer } from "./routes/request_url.ts";
export {
  newSecretNameProblem,
  secretDeliveries,
  secretNameProblem,
  secretValueProblem,
} from "./secrets/mod.ts";
export { containerIn, installableScanners, scanners, severities } from "./security/mod.ts";
export { snapshotNameProblem } from "./snapshots/mod.ts";
export { daemonKeyProblem } from "./ssh_keys/mod.ts";
export { describeKey } from "./ssh_keys/describe_key.ts";
export { readKeyLine } from "./ssh_keys/key_line.ts";
export {
  containerName,
  newUsernamePattern,
  newUsernameProblem,
  systemAccounts,
  usernamePattern,
  usernameProblem,
} from "./containers/username.ts";
export { bareToken, isPlaceholder, tokenDoubt, unquoted } from "./auth/token.ts";
export { readTextFile } from "./auth/text_file.ts";
export type { Scope } from "./auth/token_claims.ts";
export { formatTime } from "./text/time.ts";
export { shownPath } from "./transport/api_path.ts";
export { certificatesIn } from "./transport/certificates.ts";
export { hostAndPort } from "./transport/host_and_port.ts";
export {
  readTraceContext,
  traced,
  traceId,
  withoutTrace,
  withTrace,
} from "./transport/trace_context.ts";
