// Prints the health that Argo CD sees in objects, one line of JSON for each and one for the Application that holds them.
// Each object is a line of JSON on standard input, with its status. The only argument is the folder of Argo CD's rules
// in Lua, which has the layout of resource_customizations in github.com/argoproj/argo-cd.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/argoproj/gitops-engine/pkg/health"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	luajson "layeh.com/gopher-json"
)

// Argo CD leaves objects with this annotation out of the Application's health: setApplicationHealth in
// controller/health.go of github.com/argoproj/argo-cd.
const leftOut = "argocd.argoproj.io/ignore-healthcheck"

type line struct {
	Name    string `json:"name"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

// luaRules runs Argo CD's rules as util/lua of Argo CD does: the object is the global `obj`, and the rule returns a table.
type luaRules struct{ folder string }

func (rules luaRules) GetResourceHealth(object *unstructured.Unstructured) (*health.HealthStatus, error) {
	kind := object.GroupVersionKind()
	rule, err := os.ReadFile(filepath.Join(rules.folder, kind.Group, kind.Kind, "health.lua"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	text, err := object.MarshalJSON()
	if err != nil {
		return nil, err
	}
	state := lua.NewState()
	defer state.Close()
	value, err := luajson.Decode(state, text)
	if err != nil {
		return nil, err
	}
	state.SetGlobal("obj", value)
	if err := state.DoString(string(rule)); err != nil {
		return nil, err
	}
	answer, err := luajson.Encode(state.Get(-1))
	if err != nil {
		return nil, err
	}
	found := &health.HealthStatus{}
	return found, json.Unmarshal(answer, found)
}

func run(rules luaRules) error {
	input, output := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	application := health.HealthStatusHealthy
	for {
		var object unstructured.Unstructured
		if err := input.Decode(&object.Object); errors.Is(err, io.EOF) {
			return output.Encode(line{Name: "Application", Status: string(application)})
		} else if err != nil {
			return err
		}
		found, err := health.GetResourceHealth(&object, rules)
		if err != nil {
			return err
		}
		// A kind without a rule has no health.
		if found == nil {
			continue
		}
		name := object.GetKind() + "/" + object.GetName()
		if err := output.Encode(line{Name: name, Status: string(found.Status), Message: found.Message}); err != nil {
			return err
		}
		if object.GetAnnotations()[leftOut] != "true" && health.IsWorse(application, found.Status) {
			application = found.Status
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: argocd-health FOLDER")
		os.Exit(2)
	}
	if err := run(luaRules{folder: os.Args[1]}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
