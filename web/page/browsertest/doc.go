// Package browsertest shows pages to a real Chromium, for tests alone. It speaks the
// DevTools protocol over two pipes, so that a test needs no library and no port.
//
// It stands on floor 1. Its one rule: whatever a page's console tells, a policy that
// was broken, a request that failed or a script that threw, fails the test, unless the
// test says that it expects it.
package browsertest
