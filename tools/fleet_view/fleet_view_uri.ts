/** URI of the view of the fleet; tools name it as their `view`. */
export const fleetViewUri = "ui://containarium/fleet";
