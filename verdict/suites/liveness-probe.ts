/**
 * A probe for the container that reads the mount. `ls` calls the daemon: it fails at once with ENOTCONN on a
 * stale mount; on a hung one the kubelet's timeout takes effect, because a process that waits for a hung
 * daemon may not be killable.
 */
export const livenessProbe = `livenessProbe:
  exec:
    command: ["ls", "/mnt/dfs/mount/."]
  initialDelaySeconds: 5
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
`;
