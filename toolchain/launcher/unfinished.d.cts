/** What a cleaning command is told of cluster and namespace, as the stack's state has it; undefined where it has none. */
export declare function cleaningRequest(deployment: unknown): unknown;
