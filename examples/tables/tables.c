// A table of handlers that the initialiser builds. `tables.wat` is the same guest, written by hand.
//
//   clang-22 --target=wasm32 -O2 -mreference-types -nostdlib -Wl,--no-entry tables.c -o tables.wasm
//
// In clang 22 the builtins for tables (`__builtin_wasm_table_grow` and the others) take tables of `externref` only, and a
// C function cannot become a `funcref`. So the table's instructions are in assembly. A C function pointer is a slot of
// the linker's own `__indirect_function_table`, and a null pointer a slot of it that is empty: what `table.get` finds
// there is the reference that the pointer means.

typedef int handler(int);

int handlers_grow(handler *fill, int count);
void handlers_set(int slot, handler *to);
void handlers_fill(int slot, handler *with, int count);
void handlers_copy(int to, int from, int count);
int handlers_size(void);
int handlers_call(int slot, int argument);

__asm__(".tabletype __indirect_function_table, funcref\n"
        ".tabletype handlers, funcref\n"
        "handlers:\n");

#define FUNCTION(name, signature, ...)                                                                                 \
  __asm__(".section .text." #name ",\"\",@\n" #name ":\n  .functype " #name " " signature "\n" __VA_ARGS__             \
          "  end_function\n")
#define LOCAL(number) "  local.get " #number "\n"
#define REFERENCE(number) LOCAL(number) "  table.get __indirect_function_table\n"

FUNCTION(handlers_grow, "(i32, i32) -> (i32)", REFERENCE(0) LOCAL(1) "  table.grow handlers\n");
FUNCTION(handlers_set, "(i32, i32) -> ()", LOCAL(0) REFERENCE(1) "  table.set handlers\n");
FUNCTION(handlers_fill, "(i32, i32, i32) -> ()", LOCAL(0) REFERENCE(1) LOCAL(2) "  table.fill handlers\n");
FUNCTION(handlers_copy, "(i32, i32, i32) -> ()", LOCAL(0) LOCAL(1) LOCAL(2) "  table.copy handlers, handlers\n");
FUNCTION(handlers_size, "() -> (i32)", "  table.size handlers\n");
FUNCTION(handlers_call, "(i32, i32) -> (i32)", LOCAL(1) LOCAL(0) "  call_indirect handlers, (i32) -> (i32)\n");

static int increment(int x) { return x + 1; }
static int twice(int x) { return 2 * x; }
static int square(int x) { return x * x; }
static int negate(int x) { return -x; }

// What the table holds after each line; `.` is a hole.
__attribute__((export_name("wizer-initialize"))) void initialise(void) {
  handlers_grow(increment, 2);    // increment increment
  handlers_set(1, twice);         // increment twice
  handlers_grow(0, 6);            // increment twice . . . . . .
  handlers_fill(3, square, 3);    // increment twice . square square square . .
  handlers_copy(5, 0, 3);         // increment twice . square square increment twice .
  handlers_set(4, negate);        // increment twice . square negate increment twice .
  handlers_copy(1, 2, 4);         // increment . square negate increment increment twice .
}

// Calls the handler in a slot with 10. A hole traps, and so does a slot beyond the end.
__attribute__((export_name("call"))) int call(int slot) { return handlers_call(slot, 10); }

__attribute__((export_name("size"))) int size(void) { return handlers_size(); }
