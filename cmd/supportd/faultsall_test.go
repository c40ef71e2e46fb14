//go:build faults

package main

// allFaults has TestFaults do every fault.
const allFaults = true
