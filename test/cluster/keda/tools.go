//go:build tools

// What is built beside this module's own program, pinned by its go.mod.
package main

import _ "github.com/kedacore/keda/v2/cmd/operator"
