# SPDX-License-Identifier: GPL-2.0-or-later
# check.awk - each pair (call, error) of the table has a case, or a reason why not.
#
# Usage: awk -f check.awk call_errors.h exceptions cases_*.c. A case's row is
# { DOES|ENDS|CANCELS, actor, CALL, ... .want = ERROR }. What has a case needs no
# exception, and an error that is not in the table has no case.

function flush_file(   n, rows, i, call, list, words, k) {
	if (kind == "table") {
		gsub(/\\/, "", text)
		n = split(text, rows, /X\(/)
		for (i = 2; i <= n; i++) {
			if (rows[i] !~ /^[A-Z_0-9]+, *EDVS/)
				continue
			list = rows[i]
			sub(/\).*/, "", list)
			gsub(/[ \t]/, "", list)
			k = split(list, words, ",")
			for (call = 2; call <= k; call++)
				wanted[words[1] " " words[call]] = 1
		}
	}
	if (kind == "cases") {
		n = split(text, rows, /\{/)
		for (i = 2; i <= n; i++) {
			if (rows[i] !~ /^ *(DOES|ENDS|CANCELS), *[A-D], *[A-Z_0-9]+[, ].*\.want = EDVS/)
				continue
			list = rows[i]
			sub(/\}.*/, "", list)
			if (list !~ /\.want = EDVS/)
				continue
			split(list, words, /, */)
			call = words[3]
			# How a right is changed.
			sub(/^(DENY|SET_[A-Z]+)$/, "SETPRIV", call)
			sub(/.*\.want = /, "", list)
			match(list, /^EDVS[A-Z0-9]+/)
			covered[call " " substr(list, 1, RLENGTH)] = 1
		}
	}
	text = ""
}

FNR == 1 {
	flush_file()
	kind = FILENAME ~ /\.h$/ ? "table" : FILENAME ~ /exceptions$/ ? "exceptions" : "cases"
}

kind == "exceptions" && !/^#/ && NF {
	if (NF < 4) {
		print "exceptions: no reason for " $1 " " $2
		failed = 1
	}
	excepted[$1 " " $2] = 1
	next
}

{ text = text " " $0 }

END {
	flush_file()
	for (pair in wanted) {
		pairs++
		if (pair in covered)
			cases++
		else if (!(pair in excepted)) {
			print "conformance: no case and no reason: " pair
			failed = 1
		}
	}
	for (pair in covered)
		if (!(pair in wanted)) {
			print "conformance: a case for what is not in the table: " pair
			failed = 1
		}
	for (pair in excepted)
		if (pair in covered || !(pair in wanted)) {
			print "conformance: an exception that is none: " pair
			failed = 1
		}
	printf "  CONF %d pairs (call, error), %d with a case\n", pairs, cases
	exit failed
}
