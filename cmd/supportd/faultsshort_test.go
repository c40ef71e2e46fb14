//go:build !faults

package main

// allFaults has TestFaults do every fault; here it does those that are quick.
const allFaults = false
