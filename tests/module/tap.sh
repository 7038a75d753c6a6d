# tap.sh - what the scripts of a guest print: TAP, the plan last.
#
# What a test says stands before its line, behind a #; of one that passes the end only.
tests=0 failures=0

tap() { # NAME COMMAND...
	local name=$1 said status began=$SECONDS
	shift
	said=$(mktemp /tmp/tap.XXXXXX)
	"$@" >"$said" 2>&1
	status=$?
	tests=$((tests + 1))
	if [ $status = 0 ]; then
		echo "# $(tail -n 1 "$said") ($((SECONDS - began)) s)"
		echo "ok $tests - $name"
	else
		failures=$((failures + 1))
		tail -n 100 "$said" | sed 's/^/# /'
		echo "not ok $tests - $name (status $status)"
	fi
	rm -f "$said"
	return $status
}

tap_skip() { # NAME REASON
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# The last command of a script.
tap_end() {
	echo "1..$tests"
	[ $failures = 0 ]
}
