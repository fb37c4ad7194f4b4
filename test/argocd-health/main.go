// Prints the health that Argo CD sees in objects, one line of JSON for each and one for the Application that holds them.
// Each object is a line of JSON on standard input, with its status.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/argoproj/gitops-engine/pkg/health"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Argo CD leaves objects with this annotation out of the Application's health: setApplicationHealth in
// controller/health.go of github.com/argoproj/argo-cd.
const leftOut = "argocd.argoproj.io/ignore-healthcheck"

type line struct {
	Name    string `json:"name"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

func run() error {
	input, output := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	application := health.HealthStatusHealthy
	for {
		var object unstructured.Unstructured
		if err := input.Decode(&object.Object); errors.Is(err, io.EOF) {
			return output.Encode(line{Name: "Application", Status: string(application)})
		} else if err != nil {
			return err
		}
		found, err := health.GetResourceHealth(&object, nil)
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
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
