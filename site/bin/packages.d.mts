export function packagesAreCurrent(root: string): boolean
export function pinnedNodeRuns(root: string, pinned: string): string
export function installPackages(root: string): Promise<void>
