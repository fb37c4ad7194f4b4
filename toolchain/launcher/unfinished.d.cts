/** The request of the command that removes the namespace, as the stack's state has it; undefined where it has none. */
export declare function namespaceRequest(deployment: unknown): unknown;
