# SPDX-License-Identifier: GPL-2.0-or-later
#
# emit.awk - the second part of generate.awk: kinds.h and the headers.

function symbol(id) { gsub(/[.]/, "_", id); return id }

function banner(file, from)
{
	print "/* SPDX-License-Identifier: GPL-2.0-or-later */" > file
	print "/* Made from " from " by generate.awk; change that instead. */" > file
}

function check_references(    i, part)
{
	for (i = 1; i <= reference_count; i++) {
		split(references[i], part, " ")
		if (part[2] ~ /^(flags|enum)$/ && set_kind[part[1]] != part[2])
			report(reference_place[part[1], part[2]], "there is no " part[2] " " part[1])
		if (part[2] ~ /^(in|out)$/ && !(part[1] in record_kind))
			report(reference_place[part[1], part[2]], "there is no record " part[1])
	}
}

function emit_kinds(file,    i)
{
	banner(file, "kinds.proto")
	print "#ifndef PROTOCOL_KINDS_H\n#define PROTOCOL_KINDS_H\n\nenum protocol_kind {" > file
	for (i = 1; i <= kind_count; i++)
		printf "\tPROTOCOL_%s,\n", toupper(kinds[i]) > file
	print "};\n#define PROTOCOL_KIND_COUNT " kind_count "\n\n#endif" > file
	close(file)
}

function emit_struct(file, owner, name,    i)
{
	printf "\nstruct %s {\n", name > file
	for (i = 1; i <= field_count[owner] + 1; i++) {
		if (field_pad[owner, i])
			printf "\tuint8_t pad%d[%d];\n", i, field_pad[owner, i] > file
		if (i <= field_count[owner])
			printf "\t%s %s%s;\n", kind_type[field_kind[owner, i]], field_name[owner, i],
				(field_kind[owner, i] == "text" ? "[" field_bytes[owner, i] "]" : "") > file
	}
	print "} __attribute__((may_alias));" > file
	printf "static_assert(sizeof(struct %s) == %d, \"layout\");\n", name, struct_bytes[owner] > file
}

function emit_constants(file, s,    i, j, id)
{
	if (call_count[s])
		print "\nenum {" > file
	for (i = 1; i <= call_count[s]; i++) {
		id = calls[s, i]
		printf "\t%s_CALL_%s = %d,\n", toupper(s), toupper(substr(id, length(s) + 2)),
			call_number[id] > file
	}
	if (call_count[s])
		print "};" > file
	for (i = 1; i <= set_count; i++) {
		id = sets[i]
		if (index(id, s ".") != 1)
			continue
		print "\nenum {" > file
		for (j = 1; j <= set_size[id]; j++)
			printf "\t%s_%s = %s,\n", toupper(symbol(id)), value_name[id, j],
				value_number[id, j] > file
		print "};" > file
	}
}

# The parameters of a stub for one field, and how they go into the request.
function parameter(kind, name)
{
	if (kind ~ /^(path|name|text)$/)
		return "const char *" name
	if (kind == "in")
		return "const void *" name ", uint32_t " name "_bytes"
	if (kind == "out")
		return "void *" name ", uint32_t " name "_bytes"
	return kind_type[kind] " " name
}

function assignment(kind, name)
{
	if (kind ~ /^(path|name)$/)
		return "protocol_put_" kind "(&call_request->" name ", " name ");"
	if (kind == "text")
		return "protocol_put_text(call_request->" name ", sizeof(call_request->" name "), " name ");"
	if (kind ~ /^(in|out)$/)
		return "call_request->" name ".address = dvk_address(" name ");\n\tcall_request->" \
			name ".bytes = " name "_bytes;"
	return "call_request->" name " = " name ";"
}

function emit_stub(file, s, id,    i, owner, name, has_reply)
{
	owner = id ".request"
	name = symbol(id)
	has_reply = field_count[id ".reply"] > 0
	printf "\n/* %s: %s. */\nstatic inline int %s_call_%s(int server_ep", id, call_summary[id], s,
		substr(id, length(s) + 2) > file
	for (i = 1; i <= field_count[owner]; i++)
		printf ", %s", parameter(field_kind[owner, i], field_name[owner, i]) > file
	if (has_reply)
		printf ", struct %s_reply *ret_reply", name > file
	printf ")\n{\n\tmessage call_m = { .m_type = %d };\n", call_number[id] > file
	if (field_count[owner])
		printf "\tstruct %s_request *call_request = (void *)call_m.payload;\n", name > file
	print "\tint call_result;\n" > file
	for (i = 1; i <= field_count[owner]; i++)
		print "\t" assignment(field_kind[owner, i], field_name[owner, i]) > file
	print "\tcall_result = dvk_sendrec(server_ep, &call_m);" > file
	print "\tif (call_result < 0)\n\t\treturn call_result;" > file
	print "\tif (call_m.m_type < 0)\n\t\treturn call_m.m_type;" > file
	if (has_reply)
		printf "\t*ret_reply = *(const struct %s_reply *)call_m.payload;\n", name > file
	print "\treturn 0;\n}" > file
}

# A handler's parameters (names 0) or the arguments of its call (names 1).
function handler_list(id, names,    list, name)
{
	name = symbol(id)
	list = names ? "state, call" : "void *state, struct server_call *call"
	if (field_count[id ".request"])
		list = list (names ? ", request" : ", const struct " name "_request *request")
	if (field_count[id ".reply"])
		list = list (names ? ", reply" : ", struct " name "_reply *reply")
	return list
}

function emit_dispatch(file, s,    i, id, name)
{
	print "\nstruct server_call;\n" > file
	printf "/* Handlers that are NULL answer EDVSNOSYS. */\nstruct %s_handlers {\n", s > file
	for (i = 1; i <= call_count[s]; i++) {
		id = calls[s, i]
		printf "\tint (*%s)(%s);\n", substr(id, length(s) + 2), handler_list(id, 0) > file
	}
	printf "};\n\nstatic inline int %s_dispatch(const void *handlers, void *state, int number,\n", s > file
	print "\t\tstruct server_call *call, const void *request, void *reply)\n{" > file
	printf "\tconst struct %s_handlers *h = handlers;\n\n", s > file
	print "\t(void)request;\n\t(void)reply;\n\tswitch (number) {" > file
	for (i = 1; i <= call_count[s]; i++) {
		id = calls[s, i]
		name = substr(id, length(s) + 2)
		printf "\tcase %d:\n\t\treturn h->%s ? h->%s(%s) : EDVSNOSYS;\n", call_number[id],
			name, name, handler_list(id, 1) > file
	}
	print "\t}\n\treturn EDVSBADCALL;\n}" > file
}

function emit_header(file, s,    i, id, guard)
{
	guard = "PROTOCOL_" toupper(s) "_CALLS_H"
	banner(file, server_file[s])
	printf "#ifndef %s\n#define %s\n\n#include <dvk/dvk.h>\n#include \"protocol.h\"\n\n", guard, guard > file
	printf "extern const struct protocol protocol_%s;\n", s > file
	emit_constants(file, s)
	for (i = 1; i <= record_count; i++) {
		id = records[i]
		if (index(id, s ".") != 1)
			continue
		emit_struct(file, id, symbol(id) (record_kind[id] == "table" ? "_row" : ""))
		printf "enum { %s_VERSION = %d };\n", toupper(symbol(id)), record_version[id] > file
	}
	for (i = 1; i <= call_count[s]; i++) {
		id = calls[s, i]
		if (field_count[id ".request"])
			emit_struct(file, id ".request", symbol(id) "_request")
		if (field_count[id ".reply"])
			emit_struct(file, id ".reply", symbol(id) "_reply")
	}
	for (i = 1; i <= call_count[s]; i++)
		emit_stub(file, s, calls[s, i])
	emit_dispatch(file, s)
	print "\n#endif" > file
	close(file)
}
