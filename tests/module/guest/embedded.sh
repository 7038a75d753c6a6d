# embedded.sh - the embedded host where Linux distrusts its users: Yama's ptrace_scope 1,
# as Ubuntu has it, and 2; no user namespaces for them. In a guest, as an ordinary user.
source tests/module/tap.sh

as_user() {
	setpriv --reuid 1000 --regid 1000 --clear-groups "$@"
}

# What the settings forbid is forbidden: a look into the memory of one that is no child.
refused() {
	local sibling status
	as_user sleep 100 &
	sibling=$!
	as_user bash -c "exec 3<>/proc/$sibling/mem" 2>/dev/null
	status=$?
	kill $sibling
	[ $status != 0 ]
}

# FORMS: all cases of the conformance suite, in so many forms.
conformance() {
	local said
	said=$(PATIENCE=10 as_user build/tests/conformance_suite 2>&1)
	[ $? = 0 ] || { echo "$said"; return 1; }
	grep 'this machine cannot' <<<"$said"
	awk -v want="$1" '/  PASSED  / { forms++; cases += $4 }
		END { print cases " cases in " forms " forms"; exit forms != want }' <<<"$said"
}

cd /proc/sys/kernel || exit 1
echo 1 >yama/ptrace_scope
echo 1 >unprivileged_userns_clone
cd /work || exit 1
tap 'Yama forbids' refused
tap 'conformance, ptrace_scope 1' conformance 5
tap 'the card by script, ptrace_scope 1' as_user bash tests/module/guest/card.sh coroutines

echo 0 >/proc/sys/kernel/unprivileged_userns_clone
echo 2 >/proc/sys/kernel/yama/ptrace_scope
tap 'conformance, ptrace_scope 2, no user namespaces' conformance 4
tap_end
