// Replaces the generated Go SDK, of which the provider needs a few types for its component resources (Helm charts,
// YAML files). Compiling all of it takes longer than the rest of the provider, and this project declares no component
// resource of that kind.
module github.com/pulumi/pulumi-kubernetes/sdk/v4

go 1.26

require github.com/pulumi/pulumi/sdk/v3 v3.215.0
