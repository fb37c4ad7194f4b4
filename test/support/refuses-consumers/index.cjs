// A pack that is violated half-way through an update: resources are made one after the other, each judged by itself.
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("refuses-consumers", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "no-consumer",
      description: "There is no consumer.",
      validateResource: ({ type, name }, report) => {
        if (type === "kubernetes:core/v1:Pod" && name === "fuse-test-consumer") report("this is a consumer");
      },
    },
  ],
});
