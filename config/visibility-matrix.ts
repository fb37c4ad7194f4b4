/** The `mountPropagation` of a container's mount of the bridge. */
export type Propagation = "None" | "HostToContainer" | "Bidirectional";

/** A container of the matrix. It inspects the bridge when it starts, and again after the mounts were made. */
export interface MatrixContainer {
  /** Name of the container. */
  readonly name: string;
  readonly propagation: Propagation;
  readonly privileged: boolean;
  readonly uid: number;
}

/** Result of reading through a mount. */
type Visible = "reads" | "denied" | "absent";

/** Expected results for a mount with `allow_other`, and for one that only its owner may read. */
interface Visibility {
  readonly allowOther: Visible;
  readonly ownerOnly: Visible;
}

/** A container of the matrix with everything that is expected of it. */
export interface MatrixRow extends MatrixContainer {
  /** Results when the container started before the mounts were made. */
  readonly before: Visibility;
  /** Results when it started after that. */
  readonly after: Visibility;
  /** Why these results are expected. */
  readonly reason: string;
  /** Result of a mount that the container makes below the bridge itself. */
  readonly ownMount: "refused" | "propagated" | "kept";
  readonly ownMountReason: string;
}

/** User id that is neither root nor the owner of the mount. */
export const OTHER_UID = 10001;

const NONE = "None gives the container a private copy of the mounts that exist when it starts";
const RECEIVES = "receives mounts that are made on the node later";
const OWNER = "uid 0 owns the mount, and FUSE admits its owner without allow_other";
const OTHER = "FUSE admits only the mount's owner without allow_other";

const NEEDS_PRIVILEGE = "mounting needs CAP_SYS_ADMIN, which an unprivileged container does not have";
const NEEDS_ROOT = "mounting needs CAP_SYS_ADMIN, which a privileged container has as root only";
const NOT_RETURNED = "the container's own mounts are not propagated to the node";
const RETURNED =
  "Bidirectional propagates the container's own mounts to the node, and from there to its peers";

const allRead: Visibility = { allowOther: "reads", ownerOnly: "reads" };
const othersDenied: Visibility = { allowOther: "reads", ownerOnly: "denied" };
const absent: Visibility = { allowOther: "absent", ownerOnly: "absent" };

/** The expected visibility matrix: a row for every combination that the API server accepts. */
export const matrix: readonly MatrixRow[] = [
  {
    ...{ name: "plain-none-0", propagation: "None", privileged: false, uid: 0 },
    ...{ before: absent, after: allRead, reason: `${NONE}; ${OWNER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_PRIVILEGE },
  },
  {
    ...{ name: "plain-slave-0", propagation: "HostToContainer", privileged: false, uid: 0 },
    ...{ before: allRead, after: allRead, reason: `HostToContainer ${RECEIVES}; ${OWNER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_PRIVILEGE },
  },
  {
    ...{ name: "plain-none-10001", propagation: "None", privileged: false, uid: OTHER_UID },
    ...{ before: absent, after: othersDenied, reason: `${NONE}; ${OTHER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_PRIVILEGE },
  },
  {
    ...{ name: "plain-slave-10001", propagation: "HostToContainer", privileged: false, uid: OTHER_UID },
    ...{ before: othersDenied, after: othersDenied, reason: `HostToContainer ${RECEIVES}; ${OTHER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_PRIVILEGE },
  },
  {
    ...{ name: "privileged-none-0", propagation: "None", privileged: true, uid: 0 },
    ...{ before: absent, after: allRead, reason: `${NONE}; ${OWNER}` },
    ...{ ownMount: "kept", ownMountReason: `None: ${NOT_RETURNED}` },
  },
  {
    ...{ name: "privileged-slave-0", propagation: "HostToContainer", privileged: true, uid: 0 },
    ...{ before: allRead, after: allRead, reason: `HostToContainer ${RECEIVES}; ${OWNER}` },
    ...{ ownMount: "kept", ownMountReason: `HostToContainer: ${NOT_RETURNED}` },
  },
  {
    ...{ name: "privileged-shared-0", propagation: "Bidirectional", privileged: true, uid: 0 },
    ...{ before: allRead, after: allRead, reason: `Bidirectional ${RECEIVES}; ${OWNER}` },
    ...{ ownMount: "propagated", ownMountReason: RETURNED },
  },
  {
    ...{ name: "privileged-none-10001", propagation: "None", privileged: true, uid: OTHER_UID },
    ...{ before: absent, after: othersDenied, reason: `${NONE}; ${OTHER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_ROOT },
  },
  {
    ...{ name: "privileged-slave-10001", propagation: "HostToContainer", privileged: true, uid: OTHER_UID },
    ...{ before: othersDenied, after: othersDenied, reason: `HostToContainer ${RECEIVES}; ${OTHER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_ROOT },
  },
  {
    ...{ name: "privileged-shared-10001", propagation: "Bidirectional", privileged: true, uid: OTHER_UID },
    ...{ before: othersDenied, after: othersDenied, reason: `Bidirectional ${RECEIVES}; ${OTHER}` },
    ...{ ownMount: "refused", ownMountReason: NEEDS_ROOT },
  },
];

/** Combinations that the API server must refuse: `Bidirectional` is for privileged containers only. */
export const refusedContainers: readonly MatrixContainer[] = [
  { name: "plain-shared-0", propagation: "Bidirectional", privileged: false, uid: 0 },
  { name: "plain-shared-10001", propagation: "Bidirectional", privileged: false, uid: OTHER_UID },
];
