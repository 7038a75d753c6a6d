/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script_commands.c - a command of the shell as a function of Lua.
 *
 * It runs as with --json, prints nothing, and returns what it would have printed as a
 * table; or nil, why, and the error's name. A stream with a function among its arguments
 * gives that each of its lines, until it returns false.
 */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>

#include "command.h"
#include "result.h"
#include "script_private.h"

#define LINE_BYTES (1 << 20) /* of one line of a stream */

void script_push(lua_State *lua, const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	luaL_checkstack(lua, 4, "a table too deep");
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_OBJECT:
		lua_createtable(lua, 0, (int)json_object_size(value));
		json_object_foreach((json_t *)value, key, member)
		{
			script_push(lua, member);
			lua_setfield(lua, -2, key);
		}
		break;
	case JSON_ARRAY:
		lua_createtable(lua, (int)json_array_size(value), 0);
		json_array_foreach(value, i, member)
		{
			script_push(lua, member);
			lua_rawseti(lua, -2, (lua_Integer)i + 1);
		}
		break;
	case JSON_STRING:
		lua_pushlstring(lua, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		lua_pushinteger(lua, json_integer_value(value));
		break;
	case JSON_REAL:
		lua_pushnumber(lua, json_real_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		lua_pushboolean(lua, json_is_true(value));
		break;
	case JSON_NULL:
		lua_pushnil(lua);
		break;
	}
}

/* ---- lines of a stream ---- */

struct stream {
	lua_State *lua;
	int function; /* its place on the stack, 0: none */
	int failed;   /* it raised an error, which is on top of the stack */
	char *line;
	size_t bytes;
};

/* In a protected call. Stack: the function, the value as light userdata. */
static int call_with(lua_State *lua)
{
	const json_t *value = lua_touserdata(lua, 2);

	lua_settop(lua, 1);
	script_push(lua, value);
	lua_call(lua, 1, 1);
	return 1;
}

/* 1: go on. */
static int give(struct stream *stream, const char *line, size_t bytes)
{
	lua_State *lua = stream->lua;
	json_t *value = json_loadb(line, bytes, JSON_DECODE_ANY, NULL);
	int goes_on;

	if (!value)
		return 1;
	lua_pushcfunction(lua, call_with);
	lua_pushvalue(lua, stream->function);
	lua_pushlightuserdata(lua, value);
	stream->failed = lua_pcall(lua, 2, 1, 0) != LUA_OK;
	json_decref(value);
	if (stream->failed)
		return 0;
	goes_on = !lua_isboolean(lua, -1) || lua_toboolean(lua, -1);
	lua_pop(lua, 1);
	return goes_on;
}

/* What a command prints; an error of it ends the command, as a closed pipe does. */
static ssize_t take(void *cookie, const char *text, size_t bytes)
{
	struct stream *stream = cookie;

	if (stream->failed)
		return 0;
	for (size_t i = 0; stream->function && i < bytes; i++) {
		if (text[i] != '\n') {
			if (stream->bytes < LINE_BYTES)
				stream->line[stream->bytes++] = text[i];
			continue;
		}
		if (!give(stream, stream->line, stream->bytes))
			return 0;
		stream->bytes = 0;
	}
	return (ssize_t)bytes;
}

/* ---- arguments to words ---- */

struct words {
	char *list[COMMAND_WORDS];
	int count;
};

/* Strings stay on the Lua stack, which keeps them. */
static void add_word(lua_State *lua, struct words *words)
{
	if (words->count == COMMAND_WORDS - 1)
		luaL_error(lua, "too many words");
	luaL_checkstack(lua, 8, "too many words");
	words->list[words->count++] = (char *)luaL_checkstring(lua, -1);
}

/* { "a", path = "/x" }: a, path=/x */
static void add_table(lua_State *lua, int at, struct words *words)
{
	lua_Integer length = luaL_len(lua, at);

	for (lua_Integer i = 1; i <= length; i++) {
		lua_geti(lua, at, i);
		add_word(lua, words);
	}
	lua_pushnil(lua);
	while (lua_next(lua, at)) {
		if (lua_type(lua, -2) != LUA_TSTRING) {
			lua_pop(lua, 1);
			continue;
		}
		luaL_tolstring(lua, -1, NULL);
		lua_pushfstring(lua, "%s=%s", lua_tostring(lua, -3), lua_tostring(lua, -1));
		add_word(lua, words);
		/* Below the key lie the words so far: the new one goes there. */
		lua_insert(lua, -4);
		lua_pop(lua, 2);
	}
}

/* Returns the place of a function among the arguments, 0: none. */
static int add_arguments(lua_State *lua, struct words *words)
{
	int count = lua_gettop(lua), function = 0;

	for (int i = 1; i <= count; i++) {
		if (lua_isfunction(lua, i)) {
			function = i;
		} else if (lua_istable(lua, i)) {
			add_table(lua, i, words);
		} else {
			lua_pushvalue(lua, i);
			add_word(lua, words);
		}
	}
	return function;
}

/* ---- commands ---- */

static int run_words(struct running *running, struct words *words, FILE *out)
{
	struct shell *shell = running->shell;
	enum shell_status status = shell->status;
	int json = shell->json, silent = shell->silent, columns = shell->columns, result;
	FILE *out_before = shell->out, *beneath = shell->beneath;

	shell->out = out;
	shell->beneath = NULL;
	shell->json = 1;
	shell->silent = 1;
	result = shell_run_words(shell, words->list, words->count);
	shell->out = out_before;
	shell->beneath = beneath;
	shell->json = json;
	shell->silent = silent;
	shell->columns = columns;
	shell->status = status == SHELL_LOST || shell->lost ? shell->status : status;
	return result;
}

static void push_error(lua_State *lua, const json_t *error)
{
	lua_pushnil(lua);
	script_push(lua, json_object_get(error, "error"));
	script_push(lua, json_object_get(error, "code"));
}

static int run_command(lua_State *lua)
{
	static const cookie_io_functions_t functions = { .write = take };
	struct running *running = script_of(lua);
	struct words words = { { (char *)lua_tostring(lua, lua_upvalueindex(1)) }, 1 };
	struct stream stream = { .lua = lua };
	FILE *out;
	int result;

	stream.function = add_arguments(lua, &words);
	if (stream.function)
		stream.line = lua_newuserdatauv(lua, LINE_BYTES, 0);
	luaL_checkstack(lua, 16, "too many words");
	out = fopencookie(&stream, "w", functions);
	if (!out)
		return luaL_error(lua, "out of memory");
	result = run_words(running, &words, out);
	fclose(out);
	if (stream.failed)
		return lua_error(lua);
	if (script_is_late(running))
		return luaL_error(lua, "its time is over (--time)");
	if (result) {
		push_error(lua, running->shell->result);
		return 3;
	}
	script_push(lua, running->shell->result);
	return 1;
}

/* _G[name], where nothing is: the command. Stack: _G, name. */
static int find_command(lua_State *lua)
{
	int matches;

	if (lua_type(lua, 2) != LUA_TSTRING || !command_find(lua_tostring(lua, 2), 0, &matches))
		return 0;
	lua_pushvalue(lua, 2);
	lua_pushcclosure(lua, run_command, 1);
	return 1;
}

void script_open_commands(lua_State *lua)
{
	lua_createtable(lua, 0, 1);
	lua_pushcfunction(lua, find_command);
	lua_setfield(lua, -2, "__index");
	lua_newtable(lua);
	lua_pushvalue(lua, -2);
	lua_setmetatable(lua, -2);
	lua_setglobal(lua, "shell");
	lua_pushglobaltable(lua);
	lua_insert(lua, -2);
	lua_setmetatable(lua, -2);
	lua_pop(lua, 1);
}
