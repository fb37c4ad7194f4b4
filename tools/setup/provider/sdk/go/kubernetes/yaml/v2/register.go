// Package v2 registers the resources of a YAML file.
package v2

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegisterResource registers a Kubernetes object with the type token that Pulumi gives its API version and kind. The
// generated SDK does the same with one Go type for each kind, whose outputs nothing reads here.
func RegisterResource(ctx *pulumi.Context, apiVersion, kind, name string, props pulumi.Input,
	opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	if !strings.Contains(apiVersion, "/") {
		apiVersion = "core/" + apiVersion
	}
	resource := &pulumi.CustomResourceState{}
	if err := ctx.RegisterResource("kubernetes:"+apiVersion+":"+kind, name, props, resource, opts...); err != nil {
		return nil, err
	}
	return resource, nil
}
