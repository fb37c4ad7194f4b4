// Package kubernetes has the one type of the generated SDK's root package that the provider uses.
package kubernetes

import "reflect"

// UntypedArgs holds the properties of an object that has no Go type of its own.
type UntypedArgs map[string]any

// ElementType returns the type of the properties, which makes them an input of a resource.
func (UntypedArgs) ElementType() reflect.Type {
	return reflect.TypeFor[map[string]any]()
}
