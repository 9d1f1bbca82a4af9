/**
 * Files: folders that are kept equal between here and containers, without SSH.
 *
 * @module
 */
export type { FetchOptions } from "./fetch_folder.ts";
export { FileTransfers } from "./file_transfers.ts";
export { folderWord, remoteFolderProblem } from "./remote_folder.ts";
export type { SyncOptions, SyncResult } from "./sync_folder.ts";
export type {
  FileSource,
  FileTarget,
  FinishedFile,
  LocalState,
  Removal,
  Replacement,
  TransferOptions,
  TransferResult,
} from "./transfer.ts";
export {
  type FileEntry,
  type FolderEntry,
  type LinkEntry,
  type SkippedEntry,
  STAGING,
  type TreeEntry,
} from "./tree.ts";
