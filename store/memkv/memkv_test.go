package memkv_test

import (
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/storetest"
)

func TestBackend(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Backend { return memkv.New() })
}

func BenchmarkCommits(b *testing.B) {
	storetest.Commits(b, memkv.New())
}
