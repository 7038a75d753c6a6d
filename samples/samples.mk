# Example programs; those over libdvk alone link nothing of MUK.
CPPFLAGS_samples := -Ikernel/include
