// The header of a model as the compiler writes it, for a model of two bytes.
#define STUB_ARENA_BYTES 4
#define STUB_NUM_INPUTS 1
#define STUB_NUM_OUTPUTS 1
#define STUB_INPUT_0_BYTES 2
#define STUB_OUTPUT_0_BYTES 1

int stub_run(const unsigned char *input, unsigned char *output, void *arena);
