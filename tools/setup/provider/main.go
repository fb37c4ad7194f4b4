// Package main serves Pulumi's official Kubernetes provider. The provider's own main package embeds files that only
// its build generates, so a machine that cannot download the release builds it from this one.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	// No schema and no Terraform mapping: only code generators ask for them.
	provider.Serve("kubernetes", version.Version, nil, nil)
}
