/** Address of the view of the fleet, which a tool names as its `view`. */
export const fleetViewUri = "ui://containarium/fleet";
