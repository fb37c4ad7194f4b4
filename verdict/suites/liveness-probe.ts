/**
 * A probe for the container that reads the mount. `ls` asks the daemon: it fails at once with ENOTCONN on a
 * stale mount; on a hung one it is the kubelet's own timeout that counts, because a process that waits for
 * a hung daemon need not be killable.
 */
export const livenessProbe = `livenessProbe:
  exec:
    command: ["ls", "/mnt/dfs/mount/."]
  initialDelaySeconds: 5
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
`;
