import { bothAllow, type Case } from "./case";
import { carriers, foreignCarriers, foreignTest, nginx, producer } from "./fixtures";
import { elsewhere, other, seen } from "./other";

/** A FUSE test in each kind that creates pods, and the same kind with an ordinary pod. */
export const inCarriers: readonly Case[] = [
  ...carriers.flatMap(({ type, wrap }) => [
    other(`a FUSE test in a ${type} elsewhere`, type, wrap(foreignTest, "default"), {
      policies: ["known-resources", elsewhere],
    }),
    other(`a FUSE test in a ${type} in fuse-test`, type, wrap(foreignTest, "fuse-test"), {}),
    other(`the producer in a ${type} in fuse-test`, type, wrap(producer.spec, "fuse-test"), {}),
    other(`an nginx in a ${type} in fuse-test`, type, wrap({ containers: [nginx] }, "fuse-test"), {}),
    other(`an nginx in a ${type} elsewhere`, type, wrap({ containers: [nginx] }, "default"), bothAllow),
  ]),
  ...foreignCarriers.flatMap(({ type, wrap }) => [
    other(`a FUSE test in a ${type} elsewhere`, type, wrap(foreignTest, "default"), seen),
    other(`an nginx in a ${type} elsewhere`, type, wrap({ containers: [nginx] }, "default"), {
      ...seen,
      organization: "allowed",
    }),
  ]),
];
