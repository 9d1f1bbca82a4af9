/**
 * The operations of the daemon's REST API and the types of their fields, from its published
 * description. Written by `scripts/api_operations.ts`; `operation.ts` reads it.
 */
export const description: string = `
ReportContainerState POST actuation/containers/{containerId}/state {state,observedAt:time} | ReportContainerState records the calling host's observed state
EnrollHost POST actuation/enroll {joinToken,driverToken,ossBackendId,adoptForeign:bool} | EnrollHost redeems a single-use join token and registers the BYO host.
Heartbeat POST actuation/heartbeat {} | Heartbeat updates hosts.last_heartbeat_at for the calling host.
ReportHostStatus POST actuation/status {agentVersion,cpuCores:int,totalRamMb:int,totalDiskGb:int,totalGpuCount:int,gpuSpec,availRamMb:int,availDiskGb:int,availGpuCount:int,selfCheckOk:bool,checks:HostCapabilityCheck[],driverToken} | ReportHostStatus upserts the calling host's capability profile +
ListAgentSkills GET agent-skills | List agent skills
GetAgentSkill GET agent-skills/{id} | Get agent skill
RunAgentSkill POST agent-skills/{skillId}/run {backendId,pool,inputJson} | Run an agent skill
StartAgentWorker POST agent-skills/{skillId}/worker {backendId,pool,workerId} | Start a pull-queue worker for a skill
SendAgentTask POST agent-skills/{toPeerId}/call {fromSkillId,inputJson,traceId} | Send a task to a peer agent (A2A)
EnqueueAgentTask POST agent-tasks {skillId,inputJson} | Enqueue an agent task (pull queue)
LeaseAgentTask POST agent-tasks/lease {workerId,skillId,leaseSeconds:int} | Lease the next agent task (pull queue)
CompleteAgentTask POST agent-tasks/{taskId}/complete {leaseToken,artifactJson,error} | Complete a leased agent task (pull queue)
ListAlertRules GET alerts | List alert rules
CreateAlertRule POST alerts {name,expr,duration,severity,description,labels{},annotations{},enabled:bool} | Create alert rule
ListDefaultAlertRules GET alerts/defaults | List default alert rules
GetAlertRule GET alerts/{id} | Get alert rule
DeleteAlertRule DELETE alerts/{id} | Delete alert rule
UpdateAlertRule PUT alerts/{id} {name,expr,duration,severity,description,labels{},annotations{},enabled:bool} | Update alert rule
ListApps GET apps?username,stateFilter:AppState | List applications
DeployApp POST apps {username,appName,sourceTarball:base64,dockerfilePath,port:int,envVars{},subdomain,buildpack:BuildpackOptions} | Deploy an application
GetApp GET apps/{username}/{appName} | Get application details
DeleteApp DELETE apps/{username}/{appName}?removeData:bool | Delete an application
GetAppLogs GET apps/{username}/{appName}/logs?tailLines:int,follow:bool | Get application logs
RestartApp POST apps/{username}/{appName}/restart {} | Restart an application
StartApp POST apps/{username}/{appName}/start {} | Start an application
StopApp POST apps/{username}/{appName}/stop {} | Stop an application
ListBackends GET backends | List backends
TriggerUpgrade POST backends/upgrade {backendId,force:bool} | Trigger daemon upgrade on a backend
ListBackups GET backups?username | List backups
CreateBackup POST backups {username,connection:PgConnection,destination:BackupDestination,gcsBucket} | Create a backup
GetBackup GET backups/{id} | Get a backup
DeleteBackup DELETE backups/{id} | Delete a backup
RestoreBackup POST backups/{id}/restore {connection:PgConnection,clean:bool} | Restore a backup
VerifyBackup POST backups/{id}/verify {targetUsername,connection:PgConnection} | Verify a backup
GetCapabilityProfile GET capabilities/profile?backendId | Get a backend's capability profile
ProfileBackend POST capabilities/profile {backendId,skipGpu:bool} | Profile a backend's hardware capability
GetCapacityHeadroom GET capacity/headroom | Get spare scheduling capacity
WithdrawCapacity DELETE capacity/headroom?drain:bool,drainWindowSeconds:int | Withdraw spare scheduling capacity
AdvertiseCapacity POST capacity/headroom {policy:CapacityPolicy} | Advertise spare scheduling capacity
ListClusters GET clusters?owner | List managed clusters
CreateCluster POST clusters {name,owner,nodeGroups:NodeGroup[],nodeIsolation:NodeIsolation} | Create a managed Kubernetes cluster
GetCluster GET clusters/{name}?owner | Get a managed cluster
DeleteCluster DELETE clusters/{name}?owner | Delete a managed cluster
GetClusterKubeconfig GET clusters/{name}/kubeconfig?owner | Get a cluster's kubeconfig
UpdateClusterNodePool POST clusters/{name}/node-pool {owner,nodeGroups:NodeGroup[]} | Update a cluster's node groups
GetClusterStatus GET clusters/{name}/status?owner,eventsLimit:int | Get a cluster's status
ListContainers GET containers?state:ContainerState,username,labelFilter | List all containers
CreateContainer POST containers {username,resources:ResourceLimits,sshKeys[],labels{},image,enablePodman:bool,async:bool,staticIp,stack,gpu,backendId,osType:OSType,stackParameters{},monitoring:bool,pool,gitSource,gitRef,gitCredential,workspacePath,ttlSeconds:int,idleStopMinutes:int,deleteAfterStoppedSeconds:int,gpus[],encrypted:bool,tenantId} | Create a new container
GetConnections GET containers/{containerName}/connections?protocol:Protocol,destIpPrefix,destPort:int,limit:int | Get active connections
GetConnectionSummary GET containers/{containerName}/connections/summary | Get connection summary
GetTrafficAggregates GET containers/{containerName}/traffic/aggregates?startTime:time,endTime:time,interval,groupByDestIp:bool,groupByDestPort:bool | Get traffic aggregates
QueryTrafficHistory GET containers/{containerName}/traffic/history?startTime:time,endTime:time,destIp,destPort:int,offset:int,limit:int | Query traffic history
SetContainerAttribution POST containers/{name}/attribution {labels{}} | Merge attribution labels onto an existing container
SetContainerDeletePolicy POST containers/{name}/delete-policy {deletePolicy:DeletePolicy} | Protect or unprotect a container from automated deletion
SetContainerTTL POST containers/{name}/ttl {durationSeconds:int} | Schedule or clear a container's auto-delete TTL
ListCollaborators GET containers/{ownerUsername}/collaborators | List collaborators
AddCollaborator POST containers/{ownerUsername}/collaborators {collaboratorUsername,sshPublicKey,grantSudo:bool,grantContainerRuntime:bool,sshPublicKeys[]} | Add collaborator
RemoveCollaborator DELETE containers/{ownerUsername}/collaborators/{collaboratorUsername} | Remove collaborator
GetContainer GET containers/{username} | Get container details
DeleteContainer DELETE containers/{username}?force:bool | Delete a container
GetContainerACL GET containers/{username}/acl | Get container firewall rules
UpdateContainerACL PUT containers/{username}/acl {preset:ACLPreset,ingressRules:ACLRule[],egressRules:ACLRule[]} | Update container firewall rules
AdoptMigratedContainer POST containers/{username}/adopt {sourceRoutes[],zfsKeyRef,zfsPool} | Adopt a migrated container (internal)
ToggleAutoSleep POST containers/{username}/auto-sleep {enabled:bool,idleThresholdMinutes:int} | Enable or disable auto-sleep on a container
CleanupDisk POST containers/{username}/cleanup-disk {} | Clean up container disk space
DebugContainer GET containers/{username}/debug | Debug a container's SSH path
InstallStack POST containers/{username}/install-stack {stackId} | Install a software stack on a container
ToggleMonitoring POST containers/{username}/monitoring {enabled:bool} | Enable or disable OTel monitoring on a container
MoveContainer POST containers/{username}/move {targetBackendId,maxIterations:int,deltaThresholdSeconds:int,stateful:bool} | Migrate container to peer daemon
PrepareEncryptedMigration POST containers/{username}/prepare-encrypted-migration {tenant,keyRef} | Pre-flight an encrypted migration (internal)
ResizeContainer PUT containers/{username}/resize {cpu,memory,disk} | Resize container resources
RewrapContainer POST containers/{username}/rewrap {newKeyRef} | Rotate a tenant's encryption key
ListContainerSnapshots GET containers/{username}/snapshots | List a container's snapshots
CreateContainerSnapshot POST containers/{username}/snapshots {name} | Snapshot a container
DeleteContainerSnapshot DELETE containers/{username}/snapshots/{name} | Delete a container snapshot
RollbackContainerSnapshot POST containers/{username}/snapshots/{name}/rollback {force:bool,destroyNewer:bool} | Roll a container back to a snapshot
AddSSHKey POST containers/{username}/ssh-keys {sshPublicKey} | Add SSH key
RemoveSSHKey DELETE containers/{username}/ssh-keys/{sshPublicKey} | Remove SSH key
StartContainer POST containers/{username}/start {waitForReady:bool,readyTimeoutSeconds:int} | Start a container
StopContainer POST containers/{username}/stop {force:bool,timeout:int} | Stop a container
GetCrewRun GET crew-runs/{id} | Get crew run
ListCrews GET crews | List crews
RunCrew POST crews/{crewId}/run {backendId,pool,inputJson} | Run a crew
GetCrew GET crews/{id} | Get crew
SubscribeEvents GET events/subscribe?resourceTypes[],includeMetrics:bool,metricsIntervalSeconds:int | Subscribe to real-time events
GetSelfMeasurement GET integrity/self-measurement?backendId | Get a backend's signed integrity self-measurement
GetEnvelopeCoverage GET kms/envelope-coverage | Count secrets by encryption mode (legacy vs envelope)
MigrateToEnvelope POST kms/migrate-to-envelope {dryRun:bool,batchSize:int,maxRows:int} | Re-wrap legacy secrets under the active KMS KEK
GetKMSStatus GET kms/status | Report the active KMS backend and envelope-retirement state
GetMetrics GET metrics?username | Get container metrics
GetContainerMetrics GET metrics/{username} | Get container metrics
ListNetworkPolicies GET network-policies | List network policies
SetNetworkPolicy POST network-policies {policy:NetworkPolicy} | Set network policy
PatchNetworkPolicyDenyRules POST network-policies/deny-rules {tenant,add:NetworkPolicyDenyRule[],removeCidrs[]} | Patch network-policy deny rules
GetNetworkPolicy GET network-policies/{tenant} | Get network policy
DeleteNetworkPolicy DELETE network-policies/{tenant} | Delete network policy
ListNetworkPolicySignatures GET network-policy-signatures | List network-policy signatures
SetNetworkPolicySignature POST network-policy-signatures {signature:NetworkPolicySignature} | Set network-policy signature
DeleteNetworkPolicySignature DELETE network-policy-signatures/{name} | Delete network-policy signature
ListACLPresets GET network/acl-presets | List ACL presets
ListDNSRecords GET network/dns-records?recordType | List DNS records
StartEgressProxy POST network/egress-proxy {containerName,upstreamPort:int,proxyPort:int} | Start egress-via-client proxy
StopEgressProxy DELETE network/egress-proxy/{containerName} | Stop egress-via-client proxy
ListPassthroughRoutes GET network/passthrough | List passthrough routes
AddPassthroughRoute POST network/passthrough {externalPort:int,targetIp,targetPort:int,protocol:RouteProtocol,containerName,description} | Add passthrough route
DeletePassthroughRoute DELETE network/passthrough/{externalPort}?protocol:RouteProtocol | Delete passthrough route
UpdatePassthroughRoute PUT network/passthrough/{externalPort} {protocol:RouteProtocol,targetIp,targetPort:int,containerName,description,active:bool} | Update passthrough route
GetRoutes GET network/routes?username,activeOnly:bool | List proxy routes
AddRoute POST network/routes {domain,targetIp,targetPort:int,containerName,description,protocol:RouteProtocol} | Add proxy route
DeleteRoute DELETE network/routes/{domain} | Delete proxy route
UpdateRoute PUT network/routes/{domain} {targetIp,targetPort:int,containerName,description,protocol:RouteProtocol,active:bool} | Update proxy route
GetNetworkTopology GET network/topology?includeStopped:bool | Get network topology
GetPentestConfig GET pentest/config | Get pentest configuration
ListPentestFindings GET pentest/findings?severity,category,status,limit:int,offset:int,targetType,containerName | List pentest findings
GetPentestFindingSummary GET pentest/findings/summary | Get pentest finding summary
RemediatePentestFinding POST pentest/findings/{findingId}/remediate {} | Remediate a pentest finding
SuppressPentestFinding POST pentest/findings/{findingId}/suppress {reason} | Suppress a pentest finding
TriggerPentestScan POST pentest/scan {modules,containerName} | Trigger penetration test scan
ListPentestScanRuns GET pentest/scans?limit:int,offset:int,containerName | List pentest scan runs
GetPentestScanRun GET pentest/scans/{id} | Get pentest scan run details
InstallPentestTool POST pentest/tools/install {toolName} | Install pentest tool
ListRecipes GET recipes | List recipes
GetWorkspaceAccess GET recipes/workspace/{name}/access | Get workspace access URL
GetRecipe GET recipes/{id} | Get recipe
DeployRecipe POST recipes/{recipeId}/deploy {name,gpu,backendId,pool,parameters{},resourceOverrides:RecipeResources,labels{},async:bool} | Deploy a recipe
GetLatestRelease GET releases/latest | Get latest release
SetSecret POST secrets {username,name,value,delivery,deliveryMode:SecretDelivery} | Create or update a tenant secret
ListSecrets GET secrets/{username} | List tenant secrets (metadata only)
RefreshSecrets POST secrets/{username}/refresh {} | Re-stamp tenant secrets into the LXC env
GetSecret GET secrets/{username}/{name} | Read a single tenant secret
DeleteSecret DELETE secrets/{username}/{name} | Delete a tenant secret
ListClamavReports GET security/clamav-reports?containerName,status,from,to,limit:int,offset:int | List ClamAV scan reports
TriggerClamavScan POST security/clamav-scan {containerName} | Trigger ClamAV scan
GetClamavSummary GET security/clamav-summary | Get ClamAV scan summary
GetScanStatus GET security/scan-status | Get scan job queue status
ListStacks GET stacks | List available software stacks
GetAlertingInfo GET system/alerting | Get alerting information
UpdateAlertingConfig PUT system/alerting {webhookUrl,generateWebhookSecret:bool} | Update alerting configuration
ListWebhookDeliveries GET system/alerting/deliveries?limit:int,offset:int | List webhook deliveries
TestWebhook POST system/alerting/test {} | Test webhook
GetSystemInfo GET system/info | Get system information
GetMetricsExport GET system/metrics-export | Get cloud-native metrics export status
SetMetricsExport POST system/metrics-export {enabled:bool,provider:CloudMetricsProvider,groups:CloudMetricsGroup[]} | Enable or disable cloud-native metrics export
GetMonitoringInfo GET system/monitoring | Get monitoring information
DeleteTenantStorage DELETE tenants/{tenant}/storage | Destroy a departing tenant's encrypted storage
DisableCompose POST tenants/{username}/compose/disable {dir} | Disable stops the autostart unit
DiscoverCompose POST tenants/{username}/compose/discover {root,maxDepth:int,skip[],noSkip:bool} | Discover compose stacks under the tenant's LXC
EnableCompose POST tenants/{username}/compose/enable {dir,force:bool} | Enable installs the systemd-user autostart unit for a compose
GetComposeStatus GET tenants/{username}/compose/status?dir | Status returns ComposeStack metadata for a single dir without
RefreshToken POST tokens/refresh {refreshToken} | Exchange a refresh token for a new (access, refresh) pair
RevokeToken POST tokens/revoke {jti,reason,expiresAt} | Revoke a JWT by its jti
ListRevokedTokens GET tokens/revoked?limit:int,includeExpired:bool,jtiPrefix | List active token revocations
SubscribeTraffic GET traffic/subscribe?containerName,eventTypes[],externalOnly:bool | Subscribe to traffic events
GetUpgradeStatus GET upgrades/{upgradeId} | Poll upgrade status
ValidateGPU POST validate-gpu {backendId,pci} | Validate GPU passthrough
ListVolumes GET volumes?pool | List shared volumes
CreateVolume POST volumes {name,sizeBytes:int,pool} | Create a shared volume
GetVolume GET volumes/{name}?pool | Get a shared volume
DeleteVolume DELETE volumes/{name}?pool,force:bool | Delete a shared volume
AttachVolume POST volumes/{volume}/attach {pool,container,mountPath,readOnly:bool} | Attach a shared volume to a container
DetachVolume POST volumes/{volume}/detach {container} | Detach a shared volume from a container
ListZapAlerts GET zap/alerts?risk,status,limit:int,offset:int,domain | List ZAP alerts
GetZapAlertSummary GET zap/alerts/summary | Get ZAP alert summary
SuppressZapAlert POST zap/alerts/{alertId}/suppress {reason} | Suppress a ZAP alert
GetZapConfig GET zap/config | Get ZAP configuration
InstallZap POST zap/install {} | Install OWASP ZAP
TriggerZapScan POST zap/scan {containerName} | Trigger ZAP scan
ListZapScanRuns GET zap/scans?limit:int,offset:int,containerName | List ZAP scan runs
GetZapReport GET zap/scans/{scanRunId}/report?format | Get ZAP scan report
ACLAction = ACL_ACTION_UNSPECIFIED ACL_ACTION_ALLOW ACL_ACTION_DROP ACL_ACTION_REJECT
ACLPreset = ACL_PRESET_UNSPECIFIED ACL_PRESET_FULL_ISOLATION ACL_PRESET_HTTP_ONLY ACL_PRESET_PERMISSIVE ACL_PRESET_CUSTOM
ACLRule = {priority:int,action:ACLAction,source,destination,destinationPort,protocol,description}
AppState = APP_STATE_UNSPECIFIED APP_STATE_UPLOADING APP_STATE_BUILDING APP_STATE_RUNNING APP_STATE_STOPPED APP_STATE_FAILED APP_STATE_RESTARTING
BackupDestination = BACKUP_DESTINATION_UNSPECIFIED BACKUP_DESTINATION_LOCAL BACKUP_DESTINATION_GCS
BuildpackOptions = {nodeVersion,pythonVersion,goVersion,rustVersion,autoDetect:bool}
CapacityPolicy = {windowStartHour:int,windowEndHour:int,excludedWorkloadClasses[],reserveFraction:number}
CloudMetricsGroup = CLOUD_METRICS_GROUP_UNSPECIFIED CLOUD_METRICS_GROUP_HOST CLOUD_METRICS_GROUP_CONTAINER CLOUD_METRICS_GROUP_PLATFORM
CloudMetricsProvider = CLOUD_METRICS_PROVIDER_UNSPECIFIED CLOUD_METRICS_PROVIDER_GCP CLOUD_METRICS_PROVIDER_AWS
ContainerState = CONTAINER_STATE_UNSPECIFIED CONTAINER_STATE_RUNNING CONTAINER_STATE_STOPPED CONTAINER_STATE_FROZEN CONTAINER_STATE_CREATING CONTAINER_STATE_ERROR CONTAINER_STATE_PROVISIONING
DeletePolicy = DELETE_POLICY_UNSPECIFIED DELETE_POLICY_PROTECTED
HostCapabilityCheck = {name,ok:bool,detail}
NetworkPolicy = {tenant,allowIntraTenant:bool,egressCidrs[],egressDomains[],mode:NetworkPolicyMode,allowMetadata:bool,source,denyRules:NetworkPolicyDenyRule[]}
NetworkPolicyDenyRule = {cidr,port:int,proto,note,expiresAt}
NetworkPolicyMode = NETWORK_POLICY_MODE_UNSPECIFIED NETWORK_POLICY_MODE_LOG_ONLY NETWORK_POLICY_MODE_ENFORCE
NetworkPolicySignature = {name,pattern,enabled:bool,id:int,note}
NodeGroup = {name,size:ResourceLimits,minNodes:int,maxNodes:int}
NodeIsolation = NODE_ISOLATION_UNSPECIFIED NODE_ISOLATION_VM NODE_ISOLATION_CONTAINER
OSType = OS_TYPE_UNSPECIFIED OS_TYPE_UBUNTU_2404 OS_TYPE_ROCKY_9 OS_TYPE_RHEL_9 OS_TYPE_WINDOWS_2022
PgConnection = {database,user,password,host,port:int}
Protocol = PROTOCOL_UNSPECIFIED PROTOCOL_TCP PROTOCOL_UDP PROTOCOL_ICMP
RecipeResources = {cpu,memory,disk}
ResourceLimits = {cpu,memory,disk,gpu,gpus[],storageClass}
RouteProtocol = ROUTE_PROTOCOL_UNSPECIFIED ROUTE_PROTOCOL_HTTP ROUTE_PROTOCOL_GRPC ROUTE_PROTOCOL_TCP ROUTE_PROTOCOL_UDP ROUTE_PROTOCOL_TLS_PASSTHROUGH
SecretDelivery = SECRET_DELIVERY_UNSPECIFIED SECRET_DELIVERY_ENV SECRET_DELIVERY_FILE SECRET_DELIVERY_COMPOSE
`;
