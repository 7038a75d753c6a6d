# SPDX-License-Identifier: GPL-2.0-or-later
#
# generate.awk - makes C from the .proto tables: kinds.h, for each server a header
# (structs, client stubs, handlers, dispatch) and its descriptors, and the list of
# all. POSIX awk. This part reads and checks; emit.awk and tables.awk write.
# Usage: awk -v out=FOLDER -f generate.awk -f emit.awk -f tables.awk FILE...
#
# Every line is checked; a bad one is reported as file:line and nothing is
# written. Offsets are computed here, padding is explicit, and the C compiler
# asserts both, so that a layout is the same everywhere.

BEGIN {
	keywords = " auto break case char const continue default do double else enum extern " \
		"float for goto if inline int long register restrict return short signed sizeof " \
		"static struct switch typedef union unsigned void volatile while "
	payload_bytes = 56; index_size = 512
}

function fail(text) { report(FILENAME ":" FNR, text) }

function report(place, text)
{
	printf "%s: %s\n", place, text > "/dev/stderr"
	errors++
}

function is_name(word) { return word ~ /^[a-z][a-z0-9_]*$/ && !index(keywords, " " word " ") }

function is_number(word) { return word ~ /^(0[xX][0-9a-fA-F]+|[0-9]+)$/ }

# The value of a C number; awk itself knows only the decimal ones.
function number_of(word,    i, base, value)
{
	base = word ~ /^0[xX]/ ? 16 : word ~ /^0/ ? 8 : 10
	word = tolower(word)
	sub(/^0x/, "", word)
	for (i = 1; i <= length(word); i++)
		value = value * base + index("0123456789abcdef", substr(word, i, 1)) - 1
	return value + 0
}

# "version=1" gives 1; reports what is no such pair.
function pair(word, name)
{
	if (word !~ ("^" name "=[0-9]+$")) {
		fail("expected " name "=NUMBER, not \"" word "\"")
		return 0
	}
	return substr(word, length(name) + 2)
}

# Splits the line into words[1..n] and summary.
function split_line(    bar)
{
	bar = index($0, " | ")
	summary = bar ? substr($0, bar + 3) : ""
	sub(/^ +/, "", summary)
	if (summary == "")
		fail("expected \" | \" and a summary at the end")
	else if (summary ~ /["\\]/)
		fail("a summary has no quotes and no backslashes")
	return split(bar ? substr($0, 1, bar - 1) : $0, words, /[ \t]+/)
}

function parse_kind(n,    name, i)
{
	name = words[2]
	if (n < 5 || !is_number(words[3]) || !is_number(words[4])) {
		fail("expected: kind NAME BYTES ALIGNMENT C-TYPE | summary")
		return
	}
	if (name in kind_bytes)
		fail("kind " name " is declared twice")
	kinds[++kind_count] = name
	kind_bytes[name] = words[3]
	kind_align[name] = words[4]
	kind_summary[name] = summary
	kind_type[name] = words[5]
	for (i = 6; i <= n; i++)
		if (words[i] != "")
			kind_type[name] = kind_type[name] " " words[i]
}

function parse_server()
{
	server = words[2]
	if (!is_name(server) || words[3] !~ /^[A-Z][A-Z0-9_]*(\([0-9]+\))?$/)
		fail("expected: server NAME ENDPOINT | summary")
	if (server in server_ep)
		fail("server " server " is declared twice")
	servers[++server_count] = server
	server_ep[server] = words[3]
	server_summary[server] = summary
	server_file[server] = FILENAME
	sub(/.*\//, "", server_file[server])
}

# flags NAME A=1 B=2/3 ... : a value, and the mask under which it is compared
function parse_set(n,    id, i, parts, value, values, prior)
{
	id = server "." words[2]
	if (!is_name(words[2]) || n < 3)
		fail("expected: " words[1] " NAME VALUE=NUMBER ... | summary")
	if (id in set_kind)
		fail("set " id " is declared twice")
	sets[++set_count] = id
	set_kind[id] = words[1]
	for (i = 3; i <= n; i++) {
		if (words[i] == "")
			continue
		if (split(words[i], parts, "=") != 2 || parts[1] !~ /^[A-Z][A-Z0-9_]*$/ ||
		    split(parts[2], value, "/") > 2 || !is_number(value[1]) ||
		    (2 in value && !is_number(value[2]))) {
			fail("expected VALUE=NUMBER or VALUE=NUMBER/MASK, not \"" words[i] "\"")
			continue
		}
		if ((id, parts[1]) in prior)
			fail("value " parts[1] " is declared twice")
		prior[id, parts[1]] = 1
		values = ++set_size[id]
		value_name[id, values] = parts[1]
		value_number[id, values] = value[1]
		value_mask[id, values] = set_kind[id] == "enum" ? "0xffffffff" : \
			parts[2] ~ /\// ? value[2] : value[1]
	}
}

# Adds words[from..to] as fields of owner and lays them out.
function parse_fields(owner, from, to, where,    i)
{
	field_count[owner] = 0
	struct_bytes[owner] = 0
	struct_align[owner] = 1
	for (i = from; i <= to; i++)
		if (words[i] != "")
			parse_field(owner, words[i], where)
	field_pad[owner, field_count[owner] + 1] = round_up(struct_bytes[owner], struct_align[owner])
	struct_bytes[owner] += field_pad[owner, field_count[owner] + 1]
	if (where != "row" && struct_bytes[owner] > payload_bytes)
		fail("the " where " takes " struct_bytes[owner] " bytes, a message holds " payload_bytes)
}

# How many bytes are missing to a multiple of align.
function round_up(bytes, align) { return (align - bytes % align) % align }

function parse_field(owner, word, where,    at, name, kind, argument, n, pad)
{
	at = index(word, ":")
	name = substr(word, 1, at - 1)
	kind = substr(word, at + 1)
	argument = ""
	if (kind ~ /^[a-z_]+\([a-z0-9_.]+\)$/) {
		argument = substr(kind, index(kind, "(") + 1)
		sub(/\)$/, "", argument)
		sub(/\(.*/, "", kind)
	}
	if (!at || !is_name(name) || !(kind in kind_bytes)) {
		fail("expected NAME:KIND or NAME:KIND(ARGUMENT), not \"" word "\"")
		return
	}
	if ((owner, name) in field_known)
		fail("field " name " is declared twice")
	field_known[owner, name] = 1
	check_field(word, kind, argument, where)
	if (errors)
		return
	n = ++field_count[owner]
	pad = round_up(struct_bytes[owner], kind_align[kind])
	field_name[owner, n] = name
	field_kind[owner, n] = kind
	field_argument[owner, n] = argument
	field_pad[owner, n] = pad
	field_offset[owner, n] = struct_bytes[owner] + pad
	field_bytes[owner, n] = kind == "text" ? argument : kind_bytes[kind]
	struct_bytes[owner] += pad + field_bytes[owner, n]
	if (kind_align[kind] > struct_align[owner])
		struct_align[owner] = kind_align[kind]
}

function check_field(word, kind, argument, where,    id)
{
	if (where != "request" && kind ~ /^(path|name|in|out)$/)
		fail("\"" word "\": only requests have this kind")
	if (kind == "text") {
		if (argument !~ /^[1-9][0-9]*$/)
			fail("\"" word "\": text needs its length, text(12)")
	} else if (kind ~ /^(flags|enum|in|out)$/) {
		if (argument == "" && kind ~ /^(flags|enum)$/)
			fail("\"" word "\": " kind " needs the name of a set")
		if (argument != "") {
			id = qualified(argument, server)
			reference_place[id, kind] = FILENAME ":" FNR
			references[++reference_count] = id " " kind
		}
	} else if (argument != "") {
		fail("\"" word "\": " kind " takes no argument")
	}
}

function qualified(name, owner) { return name ~ /\./ ? name : owner "." name }

function parse_record(n,    id)
{
	id = words[2]
	if (id !~ ("^" server "\\.[a-z][a-z0-9_]*$") || n < 4) {
		fail("expected: " words[1] " " server ".NAME version=NUMBER FIELD ... | summary")
		return
	}
	if (id in record_kind)
		fail(id " is declared twice")
	records[++record_count] = id
	record_kind[id] = words[1]
	record_version[id] = pair(words[3], "version")
	record_summary[id] = summary
	parse_fields(id, 4, n, "row")
}

function parse_call(n,    id, arrow, number, clash)
{
	id = server "." words[3]
	if (!is_number(words[2]) || !is_name(words[3])) {
		fail("expected: call NUMBER NAME FIELD ... -> FIELD ... | summary")
		return
	}
	if (id in call_number)
		fail("call " id " is declared twice")
	number = number_of(words[2])
	if (number == 0 || number == 4096 || number > 65535)
		fail("a call's number is from 1 to 65535, and not NOTIFY_MESSAGE")
	if ((server, number % index_size) in number_taken) {
		clash = number_taken[server, number % index_size]
		fail("number " words[2] " collides with that of " clash " (modulo " index_size ")")
	}
	number_taken[server, number % index_size] = id
	call_number[id] = number
	call_summary[id] = summary
	calls[server, ++call_count[server]] = id
	for (arrow = 4; arrow <= n; arrow++)
		if (words[arrow] == "->")
			break
	parse_fields(id ".request", 4, arrow - 1, "request")
	parse_fields(id ".reply", arrow + 1, n, "reply")
}

{ sub(/\r$/, "") }
/^[ \t]*(#|$)/ { next }
{
	line_words = split_line()
	if ($1 != "kind" && $1 != "server" && server == "")
		fail("a file begins with: server NAME ENDPOINT | summary")
	else if ($1 == "kind")
		parse_kind(line_words)
	else if ($1 == "server")
		parse_server()
	else if ($1 == "flags" || $1 == "enum")
		parse_set(line_words)
	else if ($1 == "record" || $1 == "table")
		parse_record(line_words)
	else if ($1 == "call")
		parse_call(line_words)
	else
		fail("expected kind, server, flags, enum, record, table or call, not \"" $1 "\"")
}
