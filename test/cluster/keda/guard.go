package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// guard ends a program that knows nothing of its parent: with this one,
// however it went, and with the parent of this one.
func guard(args []string) error {
	// The kernel means the thread that started the child.
	runtime.LockOSThread()
	parent := os.Getppid()
	child := exec.Command(args[0], args[1:]...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := child.Start(); err != nil {
		return err
	}
	go func() {
		for os.Getppid() == parent {
			time.Sleep(500 * time.Millisecond)
		}
		_ = child.Process.Kill()
	}()
	return child.Wait()
}
