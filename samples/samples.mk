# Example programs; those over libdvk alone link nothing of MUK.
CPPFLAGS_samples := -Ikernel/include
$(eval $(call program,ping_pong,samples/ping_pong.c,$(LIBDVK)))
$(eval $(call program,echo_server,samples/echo_server.c,$(LIBDVK)))
