package main

var (
	withStrace = []string{"strace"}
	asRoot     = []string{"root", "mount"}
	withRedis  = []string{"redis"}
)

// faultTable is every fault that supportd must bear.
var faultTable = []faultRow{
	{number: 1, fault: "killed before the sync", checks: []faultCheck{
		{how: "strace kills at the fdatasync of the segment", run: killedBeforeSync, wants: withStrace, short: true},
		{how: "a process is killed while it puts", test: "store/journal TestKilledProcess"},
	}},
	{number: 2, fault: "killed after the sync, before the rename", checks: []faultCheck{
		{how: "strace kills at the rename of a large mail", run: killedBeforeRename, wants: withStrace},
		{how: "half a mail lies there", test: "store/journal TestStrayFiles"},
	}},
	{number: 3, fault: "killed after the rename, before 250", checks: []faultCheck{
		{how: "strace kills at the fsync of the folder", run: killedBeforeSyncOfTheFolder, wants: withStrace},
		{how: "a proxy loses the 250, then kill -9", run: answerIsLost, short: true},
	}},
	{number: 4, fault: "killed after 250, before parsing", checks: []faultCheck{
		{how: "strace holds who reads the mail, then kill -9", run: killedBeforeParse, wants: withStrace, short: true},
	}},
	{number: 5, fault: "killed between ticket and done", checks: []faultCheck{
		{how: "strace kills at the write of the mark", run: killedBeforeDone, wants: withStrace, short: true},
		{how: "commits fail, before and after they are made", test: "desk TestNothingDoublesWhenCommitsFail"},
	}},
	{number: 6, fault: "killed between owing and sending", checks: []faultCheck{
		{how: "the relay does not greet, then kill -9", run: killedBeforeSending},
		{how: "leases and settlings fail", test: "store TestOutboxUnderFaults"},
	}},
	{number: 7, fault: "killed between the relay's 250 and the record", checks: []faultCheck{
		{how: "the relay stalls after the dot, then kill -9", run: killedAfterSending},
		{how: "the record of a sending fails", test: "notifier TestCrashBetweenSendingAndRecord"},
	}},
	{number: 8, fault: "killed again and again under load", checks: []faultCheck{
		{how: "kill -9 at random moments", test: "cmd/supportd TestLedgerOfKills"},
	}},
	{number: 9, fault: "power loss", checks: []faultCheck{
		{how: "strace sees the order of syncs, rename and 250", run: orderOfSyncs, wants: withStrace},
		{how: "a disk that loses what was not synced", test: "store/journal TestPowerFailures"},
		{how: "marks of an earlier run of the machine", test: "store/journal TestDoneMarksAfterPowerFailure"},
	}},
	{number: 10, fault: "fsync fails (EIO)", checks: []faultCheck{
		{how: "strace fails every fdatasync and fsync", wants: withStrace, short: true, run: diskSays(smallMail, func(*bed) []string {
			return []string{"-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO"}
		})},
		{how: "strace fails the fsync of folders", wants: withStrace, run: diskSays(largeMail, func(*bed) []string {
			return []string{"-e", "trace=fsync", "-e", "inject=fsync:error=EIO"}
		})},
		{how: "a disk that refuses", test: "store/journal TestDiskFails"},
		{how: "a failed file is never written again", test: "store/journal TestFailedSyncEndsTheSegment"},
	}},
	{number: 11, fault: "disk full (ENOSPC)", checks: []faultCheck{
		{how: "a tmpfs of 1 MB", run: diskFull, wants: asRoot},
		{how: "a ballast down to the floor", run: diskBelowFloor, wants: asRoot},
		{how: "a disk that refuses", test: "store/journal TestDiskFails"},
		{how: "a sweep makes room", test: "store/journal TestSweepOfAFullDisk"},
	}},
	{number: 12, fault: "no descriptors left (EMFILE)", checks: []faultCheck{
		{how: "prlimit --nofile=60, 80 connections", run: noDescriptors, wants: []string{"prlimit"}, short: true},
		{how: "accept says EMFILE and ENFILE", test: "smtpd TestNoDescriptorIsLeft"},
		{how: "the journal cannot be read", test: "desk TestRunOutlivesAMailThatCannotBeRead"},
	}},
	{number: 13, fault: "read-only disk", checks: []faultCheck{
		{how: "a read-only mount over the journal", run: diskReadOnly, wants: asRoot},
		{how: "a disk that refuses", test: "store/journal TestReady"},
		{how: "strace has writes say EROFS", wants: withStrace, run: diskSays(smallMail, func(b *bed) []string {
			return []string{"-P", b.segment(), "-P", b.journalFolder("tmp/trial"), "-e", "trace=pwrite64,openat", "-e", "inject=pwrite64,openat:error=EROFS"}
		})},
	}},
	{number: 14, fault: "Redis down", checks: []faultCheck{
		{how: "kill -9 of redis-server, started again", run: redisStopped, wants: withRedis, short: true},
		{how: "the same, and for a minute under load", test: "cmd/supportd TestRedisAway|TestLedgerOfRedisAway"},
		{how: "the store fails at random", test: "desk TestRunOutlivesAFailingStore"},
	}},
	{number: 15, fault: "Redis slow", checks: []faultCheck{
		{how: "a proxy holds each reply for 5 s", run: redisSlow, wants: withRedis},
		{how: "a server that does not answer", test: "store/rediskv TestSlowServer"},
	}},
	{number: 16, fault: "reply lost after a commit", checks: []faultCheck{
		{how: "a proxy loses one reply in three", run: repliesLost, wants: withRedis},
		{how: "a proxy cuts after 3001 bytes", run: repliesCut, wants: withRedis},
		{how: "all of it by turns, under load", run: redisByTurns, wants: withRedis},
		{how: "the client repeats nothing by itself", test: "store/rediskv TestLostReplyIsNotRepeated"},
	}},
	{number: 17, fault: "Redis loading, or without master", checks: []faultCheck{
		{how: "a proxy says LOADING", run: redisSays("LOADING Redis is loading the dataset in memory"), wants: withRedis},
		{how: "a proxy says MASTERDOWN", run: redisSays("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."), wants: withRedis},
		{how: "a fake server says them", test: "store/rediskv TestRefusalsOfTheServer"},
	}},
	{number: 18, fault: "Redis read-only after a failover", checks: []faultCheck{
		{how: "REPLICAOF, then NO ONE", run: redisReadOnly, wants: withRedis, short: true},
		{how: "a replica", test: "store/rediskv TestReplica"},
	}},
	{number: 19, fault: "Redis full, or cannot persist", checks: []faultCheck{
		{how: "maxmemory 1mb, noeviction", run: redisFull, wants: withRedis},
		{how: "a proxy says MISCONF", run: redisSays("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk."), wants: withRedis},
		{how: "a batch is refused wholly", test: "store/rediskv TestServerOutOfMemory"},
	}},
	{number: 20, fault: "Redis emptied or rolled back", checks: []faultCheck{
		{how: "FLUSHALL, then replay", test: "cmd/supportd TestReplayAfterRedisWasEmptied|TestLedgerOfRedisLost"},
		{how: "revisions after a rollback", test: "store/rediskv TestRevisionsSurviveARollback"},
		{how: "a store emptied under the daemon is told", test: "store TestReadyKnowsThatTheStoreWasEmptied"},
	}},
	{number: 21, fault: "relay defers, is down, hangs, drops, fails TLS", checks: []faultCheck{
		{how: "each in turn, the clock set on", run: relayInTrouble, short: true},
		{how: "STARTTLS breaks, and is not offered", run: relayWithoutTLS, short: true},
		{how: "backoff over five days", test: "notifier TestBacksOffForFiveDays"},
		{how: "nobody listens", test: "notifier TestRelayIsDown"},
		{how: "it falls silent at any point", test: "notifier TestRelayHangs"},
		{how: "it hangs up after the dot", test: "notifier TestRelayDropsAfterTheDot"},
		{how: "4xx and 5xx at every step", test: "notifier TestRelayRefuses"},
		{how: "no TLS downgrade", test: "notifier TestTLS"},
		{how: "STARTTLS fails", test: "notifier TestSTARTTLSFails"},
	}},
	{number: 22, fault: "relay refuses for good (5xx)", checks: []faultCheck{
		{how: "550 to the recipient", run: relayRefuses, short: true},
		{how: "one attempt, and shown", test: "notifier TestRefusedForGood"},
	}},
	{number: 23, fault: "clock jumps, summer time", checks: []faultCheck{
		{how: "a day forth and two back, injected", run: clockJumps, short: true},
		{how: "both changes of the hour, injected", run: summerTime, short: true},
		{how: "IDs never run backwards", test: "store/journal TestClockSetBack"},
		{how: "one digest on each day of a year", test: "desk TestOneDigestADay"},
		{how: "an answer from the future", test: "store/journal TestReady"},
	}},
	{number: 24, fault: "DNS fails or is silent", checks: []faultCheck{
		{how: "SERVFAIL while mail comes", test: "cmd/supportd TestDNSTrouble"},
		{how: "no answer", test: "origin TestSilentDNS"},
		{how: "answers that are none", test: "origin TestBogusAnswers"},
	}},
	{number: 25, fault: "two daemons on one folder", checks: []faultCheck{
		{how: "started twice", run: secondDaemon, short: true},
		{how: "the journal's lock", test: "store/journal TestSecondOpenerIsRefused"},
		{how: "the store's lock", test: "store/boltkv TestSecondOpenIsRefused"},
	}},
	{number: 26, fault: "reloaded with a broken configuration", checks: []faultCheck{
		{how: "SIGHUP 100 times under load", run: reloadedUnderLoad},
		{how: "what is taken over, and what stays", test: "cmd/supportd TestReload"},
	}},
	{number: 27, fault: "told to end under load", checks: []faultCheck{
		{how: "SIGTERM under load, three times", run: endedUnderLoad},
		{how: "under load, in this process", test: "cmd/supportd TestStopUnderLoad"},
		{how: "each state of a session", test: "smtpd TestDrain"},
		{how: "what does not end is cut off", test: "smtpd TestDrainDeadline"},
	}},
	{number: 28, fault: "upgrade and downgrade", checks: []faultCheck{
		{how: "a newer schema in the store", run: newerRecords, short: true},
		{how: "a folder of each version there was", test: "cmd/supportd TestUpgrade"},
		{how: "a newer schema", test: "store TestSchemaVersion"},
		{how: "a newer journal", test: "store/journal TestNewerFormatIsRefused"},
	}},
	{number: 29, fault: "damaged, empty and stray journal files", checks: []faultCheck{
		{how: "flipped, empty, garbage, orphan, stray", run: damagedJournal, short: true},
		{how: "any byte flipped", test: "store/journal TestFlippedByte"},
		{how: "whatever lies there", test: "store/journal TestStrayFiles"},
		{how: "damage while it is open", test: "store/journal TestDamageAfterOpen"},
	}, note: "An empty segment holds no mail and is removed; a file that is not the journal's is named in the log and left alone (lost+found, say)."},
	{number: 30, fault: "the parser hangs or panics", checks: []faultCheck{
		{how: "torture mails are bounded", test: "parser TestTorture"},
		{how: "a panic", test: "desk TestAMailThatBreaksTheReaderStillBecomesATicket"},
		{how: "it never ends", test: "desk TestAMailThatIsNeverReadStillBecomesATicket"},
	}, note: "Reading happens in the daemon: bounded and linear, and given up after its time. No child is there to be killed."},
}
