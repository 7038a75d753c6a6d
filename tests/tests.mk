# Tests and benches: a folder per thing tested.
CPPFLAGS_tests := -Ikernel/include -Ikernel/engine -Ikernel/embedded -Imuk -Imuk/protocol -Iinspect -Imukshell -I$(GEN)
