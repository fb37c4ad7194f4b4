// Package v4 has the types of a Helm chart's arguments that the provider reads.
package v4

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// RepositoryOpts names the repository of a chart and how to reach it.
type RepositoryOpts struct {
	CaFile   pulumi.AssetOrArchive `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchive `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchive `pulumi:"keyFile"`
	Password *string               `pulumi:"password"`
	Repo     *string               `pulumi:"repo"`
	Username *string               `pulumi:"username"`
}

// RepositoryOptsInput is an input whose value is a RepositoryOpts.
type RepositoryOptsInput interface{ pulumi.Input }

// PostRenderer names a command that changes the rendered manifests.
type PostRenderer struct {
	Args    []string `pulumi:"args"`
	Command string   `pulumi:"command"`
}

// PostRendererInput is an input whose value is a PostRenderer.
type PostRendererInput interface{ pulumi.Input }
