// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/**
 * Waits for a kernel, whose names a debugger has from before it had turned translation on, to run where it stays: kernels link themselves to the upper half of addresses, and draw where there only
 * while they start (KASLR). It is looked for every {@value #PERIOD} instructions of a processor, so that what runs within these first ones above is missed.
 */
final class KernelMove implements MachineWatcher {
  private static final int PERIOD = 256;
  /** A processor may be above before all of the kernel is mapped there. */
  private static final int MOST_LOOKS = 8;
  private final Consumer<MachineWatcher> watch;
  private final Consumer<MachineWatcher> forget;
  private final IntToLongFunction where;
  private final IntFunction<Optional<GuestKernel>> kernel;
  private final Runnable halt;
  private Optional<GuestKernel> early = Optional.empty();
  private boolean watching;
  private OptionalInt above = OptionalInt.empty();
  private int looks;

  /**
   * Of a machine.
   *
   * @param watch  has a watcher told
   * @param forget ends that
   * @param where  where a processor is, by its index
   * @param kernel the kernel that it executes now
   * @param halt   halts the machine, on its thread
   */
  KernelMove(Consumer<MachineWatcher> watch, Consumer<MachineWatcher> forget, IntToLongFunction where, IntFunction<Optional<
      GuestKernel>> kernel, Runnable halt) {
    this.watch = watch;
    this.forget = forget;
    this.where = where;
    this.kernel = kernel;
    this.halt = halt;
  }

  /** A debugger is given a kernel's names. Returns whether they are those of one that has yet to move. */
  boolean named(GuestKernel named) {
    // Hypervisors say no version, and stay in the lower half.
    early = named.base() >= 0 && !named.version().isEmpty() ? Optional.of(named) : Optional.empty();
    looks = 0;
    return early.isPresent();
  }

  /** Whether the names are those of one that had yet to move. */
  boolean awaited() {
    return early.isPresent();
  }

  /** Whether an address is in the kernel that has yet to move. */
  boolean holds(long address) {
    return early.isPresent() && address >= early.get().base() && address < end(early.get());
  }

  private static long end(GuestKernel named) {
    Symbol last = named.symbols().all().getLast();
    return last.address() + Math.max(1, last.size());
  }

  /** The machine is about to go on. @param wanted whether somebody waits for the move */
  void begin(boolean wanted) {
    if (wanted && early.isPresent() && !watching && looks < MOST_LOOKS) {
      watching = true;
      watch.accept(this);
    }
  }

  /** Whether the machine was halted for this. */
  boolean reached() {
    return above.isPresent();
  }

  /** The machine was halted. Returns by how many bytes the kernel has moved, once. */
  OptionalLong happened() {
    if (above.isEmpty() || early.isEmpty()) {
      return OptionalLong.empty();
    }
    Optional<GuestKernel> now = kernel.apply(above.getAsInt()).filter(each -> each.base() < 0);
    above = OptionalInt.empty();
    looks++;
    if (now.isPresent() || looks == MOST_LOOKS) {
      end();
    }
    return now.map(each -> OptionalLong.of(each.base() - early.get().base())).orElse(OptionalLong.empty());
  }

  /** Nobody waits any more. */
  void end() {
    if (watching) {
      watching = false;
      forget.accept(this);
    }
  }

  @Override
  public long period() {
    return PERIOD;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
    sample(cpu.index());
  }

  /** A processor has executed some instructions. */
  void sample(int cpu) {
    if (above.isEmpty() && where.applyAsLong(cpu) < 0) {
      above = OptionalInt.of(cpu);
      halt.run();
    }
  }

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {}

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {}

  @Override
  public boolean wantsTranslated() { return false; }

  @Override
  public void translated(long instructions, String wayOut) {}
}
