//go:build tools

// Package tools pins the controller and the command line that are built from Argo Rollouts' own module.
package tools

import (
	_ "github.com/argoproj/argo-rollouts/cmd/kubectl-argo-rollouts"
	_ "github.com/argoproj/argo-rollouts/cmd/rollouts-controller"
)
