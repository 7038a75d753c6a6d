# SPDX-License-Identifier: GPL-2.0-or-later
#
# wireshark.awk - the protocol tables as tables of Lua, for wireshark.lua; in place
# of tables.awk behind generate.awk. Writes to standard output.

function lua_fields(owner,    i, argument)
{
	for (i = 1; i <= field_count[owner]; i++) {
		if (field_name[owner, i] ~ /^pad/)
			continue
		argument = field_argument[owner, i]
		printf " {\"%s\",\"%s\",%d,%d,\"%s\"},", field_name[owner, i], field_kind[owner, i],
			field_offset[owner, i], field_bytes[owner, i],
			field_kind[owner, i] ~ /^(flags|enum)$/ ? qualified(argument, owner_of(owner)) : ""
	}
}

function owner_of(id) { sub(/\..*/, "", id); return id }

function lua_call(s, id)
{
	printf "  [%d] = { name = \"%s\", request = {", call_number[id], substr(id, length(s) + 2)
	lua_fields(id ".request")
	printf " }, reply = {"
	lua_fields(id ".reply")
	print " } },"
}

END {
	check_references()
	if (errors)
		exit 1
	print "-- Made from the protocol tables. What follows them is wireshark.lua.\nlocal servers = {"
	for (i = 1; i <= server_count; i++) {
		printf " [\"%s\"] = {\n", servers[i]
		for (j = 1; j <= call_count[servers[i]]; j++)
			lua_call(servers[i], calls[servers[i], j])
		print " },"
	}
	print "}\nlocal sets = {"
	for (i = 1; i <= set_count; i++) {
		printf " [\"%s\"] = {", sets[i]
		for (j = 1; j <= set_size[sets[i]]; j++)
			printf " {\"%s\",%d,%s},", value_name[sets[i], j],
				number_of(value_number[sets[i], j]),
				number_of(value_mask[sets[i], j])
		print " },"
	}
	print "}"
}
