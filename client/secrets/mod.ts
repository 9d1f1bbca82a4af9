/**
 * Secrets of containers: a store at the daemon, and how containers get what is in it.
 *
 * @module
 */
export type { AgreedSecret } from "./agreed_secret.ts";
export { newSecretNameProblem, secretNameProblem, secretValueProblem } from "./secret_name.ts";
export { randomSecret } from "./random_secret.ts";
export type { RevealedSecret, Secret, SecretDelivery } from "./secret.ts";
export { secretDeliveries } from "./secret.ts";
export type {
  DeleteSecretOptions,
  DeleteSecretResult,
  GetSecretOptions,
  RefreshSecretsResult,
  Secrets,
  SetSecretOptions,
  SetSecretResult,
} from "./secrets.ts";
