#!/usr/bin/env bash
# table.sh RAW JSON - medians of lines "name value unit better peer peer_value", with tabs.
#
# The table goes to standard output, JSON gets one object a line.
awk -F '\t' -v json="$2" '
function median(list, n,   i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
NF == 6 {
	key = $1 "\t" $5
	if (!(key in count))
		order[++keys] = key
	n = ++count[key]
	value[key, n] = $2; peer[key, n] = $6; unit[key] = $3; better[key] = $4
}
END {
	printf "" > json
	printf "%-32s %12s %-5s %21s  %-18s %12s %7s\n", "name", "median", "unit",
		"min .. max", "peer", "median", "ratio"
	for (k = 1; k <= keys; k++) {
		key = order[k]; n = count[key]; split(key, part, "\t")
		for (i = 1; i <= n; i++) { v[i] = value[key, i] + 0; p[i] = peer[key, i] + 0 }
		mv = median(v, n); mp = median(p, n)
		ratio = mp ? sprintf("%.3f", mv / mp) : "-"
		printf "%-32s %12.2f %-5s %9.2f .. %8.2f  %-18s %12s %7s\n", part[1], mv,
			unit[key], v[1], v[n], part[2], mp ? sprintf("%.2f", mp) : "-", ratio
		printf "{\"name\": \"%s\", \"value\": %.3f, \"min\": %.3f, \"max\": %.3f, " \
			"\"unit\": \"%s\", \"better\": \"%s\", \"peer\": %s, " \
			"\"peer_value\": %s, \"ratio\": %s}\n", part[1], mv, v[1], v[n],
			unit[key], better[key], part[2] == "-" ? "null" : "\"" part[2] "\"",
			mp ? mp : "null", mp ? ratio : "null" >> json
	}
}' "$1"
