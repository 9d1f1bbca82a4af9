/**
 * Those who have an account of their own in another user's container.
 *
 * @module
 */
export type { Collaborator } from "./collaborator.ts";
export { accountProblem, collaboratorProblem } from "./collaborator_problem.ts";
export type {
  AddCollaboratorOptions,
  AddCollaboratorResult,
  Collaborators,
  RemoveCollaboratorOptions,
  RemoveCollaboratorResult,
} from "./collaborators.ts";
