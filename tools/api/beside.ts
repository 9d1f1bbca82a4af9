/** Endpoints beside the published description: handlers of their own in the daemon, seen on the wire. */
export const beside: string = `
ListLabels GET containers/{username}/labels | List a container's labels
SetLabels PUT containers/{username}/labels {labels{}} | Set a container's labels
RemoveLabel DELETE containers/{username}/labels/{key} | Remove a container's label
OpenTerminal GET containers/{username}/terminal | Open a terminal, a WebSocket
ListAuditLogs GET audit/logs?username,action,resource_type,from,to,limit:int,offset:int | Read the audit log: who called what and when
ListCoreServices GET system/core-services | List the host's core services
ExportClamavReports GET security/clamav-reports/export?from,to,container_name,status | Export virus scan reports as CSV
GetBackendSystemInfo GET backends/{id}/system-info | Get system information of a peer
`;
