
// SPDX-License-Identifier: EPL-2.0
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;

/**
 * Whether a window could be opened, asked of the library that will open it: exits with 0 if GTK finds the display, 3 if it doesn't or
 * takes longer than a person would wait, with another code if it can't be asked.
 */
class OpenDisplay {
  private static final int SECONDS = 10;
  private static final int ABSENT = 3;

  public static void main(String[] arguments) throws Throwable {
    Thread.ofPlatform().daemon().start(() -> {
      try {
        TimeUnit.SECONDS.sleep(SECONDS);
      } catch (InterruptedException e) {
        return;
      }
      Runtime.getRuntime().halt(ABSENT);
    });
    // gtk_init_check(int *argc, char ***argv), https://docs.gtk.org/gtk3/func.init_check.html
    MethodHandle open = Linker.nativeLinker().downcallHandle(
        SymbolLookup.libraryLookup("libgtk-3.so.0", Arena.global()).findOrThrow("gtk_init_check"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    int there = (int) open.invokeExact(MemorySegment.NULL, MemorySegment.NULL);
    Runtime.getRuntime().halt(there == 0 ? ABSENT : 0);
  }
}
