// Package storetest holds what tests of the store share: one suite that every
// backend must pass, a backend that fails on demand, a real Redis where there is
// one, and a benchmark.
//
// It stands on floor 1, above store and below nothing but tests. Its one rule:
// what the documentation of store.Backend promises has a test here.
package storetest
