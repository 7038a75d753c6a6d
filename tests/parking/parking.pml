/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parking.pml - waiting, waking, the DC's lock and the burial of the dead, for spin.
 *
 * Two peers meet ROUNDS times as sender and receiver do: who comes first waits, who
 * comes second ends the wait. Two keepers bury, both at once. A killer ends up to KILLS
 * threads, each at any step. Every statement is a step; where the machine does more at
 * once, with one instruction or in one system call, it stands in atomic. Verified: one
 * living owner of the lock at a time; a dead owner's lock is taken over once; a wait
 * ends only after the commit; in the end nobody sleeps, and all dead are buried.
 *
 *	take_lock	lock_try, lock_take_until	kernel/embedded/lock.c, lock.h
 *	release_lock	lock_release, lock_wake
 *	take_over	lock_take_over, bury_take_lock	lock.c, bury.c
 *	save, commit	host_save, host_commit		host_impl.h, embedded.h
 *	tell		wake_distribute, tell		wake.c
 *	sweep		wake_sweep
 *	wake, wake_all	wake_member, wake_all
 *	roll_back	undo_rollback			kernel/engine/undo.c
 *	park		park, call_wait			park.c, kernel/lib/call.c
 *	meet		engine_send, engine_receive and call_leave
 *	bury		bury, end_slots			bury.c
 *	keeper		keep, watch			keeper.c
 *
 * Left out: what sleeps on a life word or on a keepers' mutex, as the kernel wakes it
 * when the owner dies (the steps here wait for the state itself); time, which only
 * adds wake-ups; members' numbers that are used again, which the epoch tells apart.
 * Steps are sequentially consistent: of the words that are read without the lock,
 * park and lock change by exchanges that are full barriers on both sides.
 */


#define PEERS   2
#define THREADS 4 /* two peers, two keepers; the last one is not killed */
#define NOBODY  THREADS

/* rts of a slot */
#define RUNS  0
#define WAITS 1
#define FREE  2

/* the lock word */
#define WAITERS	    8
#define OWNER(word) ((word & 7) - 1)

byte lock;
byte rts[PEERS];
bool ready_waiting[PEERS]; /* ready_next is READY_WAITING */
bool parked[PEERS];	   /* the park word: PARK_FUTEX */
byte life[THREADS] = NOBODY; /* of a dead one: who buries it */

byte undo_count, undo_nr[2], undo_old[2];

/* Linux's: who sleeps on which word, who has died; killed: dies at its next step */
bool on_lock[THREADS], on_park[PEERS];
bool killed[THREADS], dead[THREADS], buried[THREADS];

bool inside[THREADS]; /* for the proof: between taking the lock and releasing it */

#define UNBURIED(i) (dead[i] && !buried[i])
#define TO_BURY(i)  (UNBURIED(i) && life[i] == NOBODY)

inline enter() {
	assert(!inside[0] && !inside[1] && !inside[2] && !inside[3]);
	inside[me] = true
}

inline take_lock() {
	do
	:: atomic { lock == 0 -> lock = me + 1; enter() }; break
	:: word = lock;
	   do
	   :: word == 0 ->
		if
		:: atomic { lock == 0 -> lock = (me + 1) | WAITERS; enter() }; goto_taken = true
		:: atomic { lock != 0 -> word = lock }
		fi;
		if :: goto_taken -> break :: else fi
	   :: word != 0 ->
		atomic { if :: lock == word -> lock = word | WAITERS; slept = true
			 :: else -> slept = false fi };
		if
		:: atomic { slept && lock == (word | WAITERS) -> on_lock[me] = true };
		   !on_lock[me]
		:: atomic { !slept || lock != (word | WAITERS) -> skip }
		fi;
		word = lock
	   od;
	   goto_taken = false; word = 0; slept = false; break
	od
}

inline wake_lock() {
	atomic { if :: on_lock[0] -> on_lock[0] = false
		 :: on_lock[1] -> on_lock[1] = false
		 :: !on_lock[0] && !on_lock[1] fi }
}

inline release_lock() {
	atomic { inside[me] = false; owed = (lock & WAITERS) != 0; lock = 0 };
	if :: owed -> wake_lock() :: else fi;
	owed = false
}

inline save(nr) {
	undo_nr[undo_count] = nr;
	undo_old[undo_count] = rts[nr];
	undo_count++
}

inline commit() {
	undo_count = 0
}

inline tell(nr, told) {
	atomic { told = ready_waiting[nr]; ready_waiting[nr] = false }
}

inline wake(nr, force) {
	if
	:: parked[nr] || force ->
		atomic { asleep = parked[nr]; parked[nr] = false };
		if :: asleep || force -> on_park[nr] = false :: else fi;
		asleep = false
	:: else
	fi
}

inline park() {
	do
	:: parked[me] = true; over = !ready_waiting[me];
	   if :: over -> break :: else fi;
	   if
	   :: atomic { parked[me] -> on_park[me] = true }; !on_park[me]
	   :: atomic { !parked[me] -> skip }
	   fi;
	   if :: !ready_waiting[me] -> break :: else fi
	od;
	parked[me] = false; over = false
}

inline meet() {
	take_lock();
	if
	:: rts[other] == WAITS ->
		save(other);
		rts[other] = RUNS;
		commit(); tell(other, woken);
		release_lock();
		if :: woken -> wake(other, false) :: else fi;
		woken = false
	:: rts[other] == FREE ->
		release_lock()
	:: rts[other] == RUNS ->
		save(me);
		rts[me] = WAITS;
		commit();
		ready_waiting[me] = true;
		release_lock();
		park();
		assert(rts[me] == RUNS)
	fi
}

proctype peer(byte me) {
	byte other = 1 - me, round, word;
	bool goto_taken, slept, owed, woken, asleep, over;

	{
		do
		:: round < ROUNDS -> meet(); round++
		:: else -> break
		od
	} unless {
		atomic { killed[me] -> on_lock[me] = false; on_park[me] = false; dead[me] = true }
	}
}

/* The lock is the caller's afterwards; taken: from one who died with it. */
inline take_over() {
	do
	:: atomic { lock == 0 -> lock = (me + 1) | WAITERS; enter() }; taken = false; break
	:: atomic { lock != 0 && dead[OWNER(lock)] -> word = lock };
	   if
	   :: atomic { lock == word -> assert(inside[OWNER(word)]);
		       if :: dead[OWNER(word)] -> inside[OWNER(word)] = false :: else fi;
		       lock = (me + 1) | WAITERS; enter() }; taken = true; break
	   :: lock != word
	   fi
	od;
	word = 0
}

inline roll_back() {
	left = undo_count;
	do
	:: left > 0 -> left--; rts[undo_nr[left]] = undo_old[left]
	:: else -> break
	od;
	undo_count = 0
}

inline sweep_one(nr) {
	if :: ready_waiting[nr] && rts[nr] != WAITS -> ready_waiting[nr] = false :: else fi
}

inline sweep() {
	sweep_one(0);
	sweep_one(1)
}

inline wake_all_one(nr) {
	if :: !dead[nr] && !ready_waiting[nr] -> wake(nr, true) :: else fi
}

inline wake_all() {
	wake_all_one(0);
	wake_all_one(1)
}

inline end_slot(nr, peer_nr) {
	if
	:: nr < PEERS && rts[nr] != FREE ->
		if :: rts[peer_nr] == WAITS -> save(peer_nr); rts[peer_nr] = RUNS; ended = true
		   :: else fi;
		save(nr);
		rts[nr] = FREE;
		commit();
		if :: ended -> tell(peer_nr, woken) :: else fi;
		ended = false
	:: else
	fi
}

inline bury() {
	take_over();
	if :: taken ->
		roll_back();
		sweep();
	:: else fi;
	end_slot(corpse, 1 - corpse);
	release_lock();
	if :: woken -> wake(1 - corpse, false) :: else fi;
	buried[corpse] = true;
	wake_lock();
	wake_all();
	woken = false; taken = false
}

proctype keeper(byte me) {
	byte corpse, word, left;
	bool taken, owed, woken, asleep, ended;

	{
		skip;
end_watch:
		do
		:: atomic { TO_BURY(0) -> corpse = 0; life[0] = me }; bury()
		:: atomic { TO_BURY(1) -> corpse = 1; life[1] = me }; bury()
		:: atomic { TO_BURY(2) -> corpse = 2; life[2] = me }; bury()
		od
	} unless {
		atomic { killed[me] -> dead[me] = true;
			 if :: life[0] == me -> life[0] = NOBODY :: else fi;
			 if :: life[1] == me -> life[1] = NOBODY :: else fi;
			 if :: life[2] == me -> life[2] = NOBODY :: else fi }
	}
}

active proctype killer() {
	byte left = KILLS;

	do
	:: atomic { left > 0 -> left--;
		    if :: killed[0] = true :: killed[1] = true :: killed[2] = true fi }
	:: break
	od
}

/* When nobody can go on. Who sleeps then is an invalid end state. */
active proctype quiet() {
	timeout;
	assert(!UNBURIED(0) && !UNBURIED(1) && !UNBURIED(2));
	assert(lock == 0 && undo_count == 0)
}

init {
	atomic { run peer(0); run peer(1); run keeper(2); run keeper(3) }
}
