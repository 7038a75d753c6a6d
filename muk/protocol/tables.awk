# SPDX-License-Identifier: GPL-2.0-or-later
#
# tables.awk - the third part of generate.awk: the descriptors, and the end.
#
# Each server's are a file of their own, so that a program links those of the
# servers that it knows; protocol_tables.c, the list of all, is for who shows any.

function owner_of(id) { sub(/\..*/, "", id); return id }

function emit_externs(file,    i)
{
	print "" > file
	for (i = 1; i <= set_count; i++)
		printf "extern const struct protocol_set protocol_set_%s;\n", symbol(sets[i]) > file
	for (i = 1; i <= record_count; i++)
		printf "extern const struct protocol_record protocol_record_%s;\n",
			symbol(records[i]) > file
}

function emit_sets(file, s,    i, j, id, all)
{
	for (i = 1; i <= set_count; i++) {
		id = sets[i]
		all = "0"
		if (owner_of(id) != s)
			continue
		printf "\nstatic const struct protocol_value values_%s[] = {\n", symbol(id) > file
		for (j = 1; j <= set_size[id]; j++) {
			printf "\t{ \"%s\", %s, %s },\n", value_name[id, j], value_number[id, j],
				value_mask[id, j] > file
			all = all " | " value_number[id, j]
		}
		printf "};\nconst struct protocol_set protocol_set_%s = {\n\t\"%s\", %d, %s, %d, values_%s\n};\n",
			symbol(id), id, set_kind[id] == "flags", all, set_size[id], symbol(id) > file
	}
}

function emit_fields(file, s, owner, name,    i, argument, kind, set, record)
{
	if (!field_count[owner])
		return
	printf "\nstatic const struct protocol_field fields_%s[] = {\n", symbol(owner) > file
	for (i = 1; i <= field_count[owner]; i++) {
		kind = field_kind[owner, i]
		argument = symbol(qualified(field_argument[owner, i], s))
		set = kind ~ /^(flags|enum)$/ ? "&protocol_set_" argument : "NULL"
		record = kind ~ /^(in|out)$/ && field_argument[owner, i] != "" ? "&protocol_record_" argument : "NULL"
		printf "\t{ \"%s\", PROTOCOL_%s, %d, %d, %s, %s },\n", field_name[owner, i],
			toupper(kind), field_offset[owner, i], field_bytes[owner, i], set, record > file
	}
	print "};" > file
	for (i = 1; i <= field_count[owner]; i++)
		printf "static_assert(offsetof(struct %s, %s) == %d, \"layout\");\n", name,
			field_name[owner, i], field_offset[owner, i] > file
}

function fields_of(owner) { return field_count[owner] ? "fields_" symbol(owner) : "NULL" }

function emit_records(file, s,    i, id)
{
	for (i = 1; i <= record_count; i++) {
		id = records[i]
		if (owner_of(id) != s)
			continue
		emit_fields(file, s, id, symbol(id) (record_kind[id] == "table" ? "_row" : ""))
		printf "const struct protocol_record protocol_record_%s = {\n", symbol(id) > file
		printf "\t\"%s\", \"%s\", %d, %d, %d, %d, %s,\n};\n", id, record_summary[id],
			record_version[id], record_kind[id] == "table", struct_bytes[id],
			field_count[id], fields_of(id) > file
	}
}

# Insertion sort: tables are short, and awk has none.
function sort_calls(s,    i, j, id)
{
	for (i = 2; i <= call_count[s]; i++) {
		id = calls[s, i]
		for (j = i - 1; j > 0 && call_number[calls[s, j]] > call_number[id]; j--)
			calls[s, j + 1] = calls[s, j]
		calls[s, j + 1] = id
	}
}

function emit_protocol(file, s,    i, id)
{
	for (i = 1; i <= call_count[s]; i++) {
		id = calls[s, i]
		emit_fields(file, s, id ".request", symbol(id) "_request")
		emit_fields(file, s, id ".reply", symbol(id) "_reply")
	}
	printf "\nstatic const struct protocol_call calls_%s[] = {\n", s > file
	for (i = 1; i <= call_count[s]; i++) {
		id = calls[s, i]
		printf "\t{ \"%s\", \"%s\", %d, %d, %d, %d, %d, %s, %s },\n",
			substr(id, length(s) + 2), call_summary[id], call_number[id],
			struct_bytes[id ".request"], struct_bytes[id ".reply"],
			field_count[id ".request"], field_count[id ".reply"],
			fields_of(id ".request"), fields_of(id ".reply") > file
	}
	printf "};\nstatic const uint8_t index_%s[PROTOCOL_INDEX] = {\n", s > file
	for (i = 1; i <= call_count[s]; i++)
		printf "\t[%d] = %d,\n", call_number[calls[s, i]] % index_size, i > file
	printf "};\nconst struct protocol protocol_%s = { \"%s\", \"%s\", %s, %d, calls_%s, index_%s };\n",
		s, s, server_summary[s], server_ep[s], call_count[s], s, s > file
}

function emit_server_tables(file, s)
{
	banner(file, server_file[s])
	printf "#include \"protocol/%s.h\"\n", s > file
	emit_externs(file)
	emit_sets(file, s)
	emit_records(file, s)
	emit_protocol(file, s)
	close(file)
}

function emit_list(file,    i)
{
	banner(file, "the .proto tables")
	for (i = 1; i <= server_count; i++)
		printf "#include \"protocol/%s.h\"\n", servers[i] > file
	print "\nconst char *const protocol_kind_names[] = {" > file
	for (i = 1; i <= kind_count; i++)
		printf "\t\"%s\",\n", kinds[i] > file
	print "};\nconst char *const protocol_kind_summaries[] = {" > file
	for (i = 1; i <= kind_count; i++)
		printf "\t\"%s\",\n", kind_summary[kinds[i]] > file
	print "};" > file
	emit_externs(file)
	print "\nconst struct protocol_record *const protocol_records[] = {" > file
	for (i = 1; i <= record_count; i++)
		printf "\t&protocol_record_%s,\n", symbol(records[i]) > file
	print "};\nconst int protocol_record_count = " record_count ";" > file
	print "\nconst struct protocol *const protocols[] = {" > file
	for (i = 1; i <= server_count; i++)
		printf "\t&protocol_%s,\n", servers[i] > file
	print "};\nconst int protocol_count = " server_count ";" > file
	close(file)
}

END {
	check_references()
	if (errors)
		exit 1
	for (i = 1; i <= server_count; i++)
		sort_calls(servers[i])
	emit_kinds(out "/kinds.h")
	for (i = 1; i <= server_count; i++) {
		emit_header(out "/" servers[i] ".h", servers[i])
		emit_server_tables(out "/" servers[i] "_tables.c", servers[i])
	}
	emit_list(out "/protocol_tables.c")
}
