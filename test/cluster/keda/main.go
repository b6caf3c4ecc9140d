// What the tests need of KEDA beside its operator:
//
//	keda adapter [flags]     KEDA's metrics adapter
//	keda certs DIR           the certificates by which the two trust each other
//	keda guard PROGRAM ...   runs a program until this one or its parent ends
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: keda adapter|certs|guard ...")
		os.Exit(2)
	}
	commands := map[string]func([]string) error{"adapter": adapter, "certs": certs, "guard": guard}
	command, found := commands[os.Args[1]]
	if !found {
		fmt.Fprintln(os.Stderr, "no such command: "+os.Args[1])
		os.Exit(2)
	}
	if err := command(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
