// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.StateRecord;

/**
 * The register table is the manual's, and the model is what the table says: reset values, writable bits, ones that clear, and nothing where
 * there is no register.
 */
abstract class RegisterTableContract extends HostIndependenceContract {
  @Test
  protected final void theTableIsTheManuals() {
    if (!manual().isBlank()) {
      List<String> manual = ManualTable.of(manual());
      List<String> table = ManualTable.of(there());
      assertEquals(String.join("\n", without(manual, table)), String.join("\n", without(table, manual)),
          "registers that manual() has otherwise than the table");
    }
  }

  private static List<String> without(List<String> lines, List<String> others) {
    return lines.stream().filter(line -> !others.contains(line)).toList();
  }

  private List<? extends Register> there() {
    return registers().stream().filter(row -> !absent().contains(row)).toList();
  }

  /** Else a register that reads zero would pass all checks without being there. */
  @Test
  protected final void everyRegisterOfTheTableIsThere() {
    for (Register register : there()) {
      FakeContext context = powered();
      read(context, register);
      if ((register.spec().rw() | register.spec().w1c()) != 0) {
        write(context, register, read(context, register));
      }
      assertEquals(List.of(), context.reportedFaults().stream().map(FakeContext.Fault::kind).filter(kind -> kind == Kind.UNKNOWN_READ
          || kind == Kind.UNKNOWN_WRITE).toList(), "faults reported at " + register.name());
    }
  }

  @Test
  protected final void everyRegisterReadsItsResetValue() {
    check(register -> {
      FakeContext context = powered();
      assertEquals(hex(register.spec().reset()), hex(read(context, register)), register.name() + " after reset");
    });
  }

  @Test
  protected final void everyRegisterKeepsItsWritableBitsAndNoOthers() {
    check(register -> {
      FakeContext context = powered();
      long all = mask(register);
      long rw = register.spec().rw();
      long fixed = register.spec().reset() & ~rw;
      long ones = all & ~register.spec().w1c() & ~register.spec().unimp();
      write(context, register, ones);
      assertEquals(hex(fixed | rw), hex(read(context, register)), register.name() + " after writing " + hex(ones));
      write(context, register, 0);
      assertEquals(hex(fixed), hex(read(context, register)), register.name() + " after writing 0");
    });
  }

  @Test
  protected final void aWrittenOneClears() {
    check(register -> {
      FakeContext context = powered();
      write(context, register, register.spec().w1c());
      assertEquals("0x0", hex(read(context, register) & register.spec().w1c()), register.name() + " after ones that clear");
    });
  }

  /** An unknown register of a live device reads zero, ignores writes and is reported. A table without a gap has none. */
  @Test
  protected final void anUnknownOffsetIsReportedAndDoesNothing() {
    FakeContext context = context();
    DeviceModel model = context.create(factory());
    long unknown = context.bus().windows() == 0 ? -1 : gap(context.node().windows().getFirst().size());
    if (unknown >= 0) {
      StateRecord before = model.state().save();
      assertEquals(0, context.read(unknown), "read at " + hex(unknown));
      context.write(unknown, 1);
      assertEquals(List.of(Kind.UNKNOWN_READ, Kind.UNKNOWN_WRITE),
          context.reportedFaults().stream().map(FakeContext.Fault::kind).toList(), "faults reported at " + hex(unknown));
      assertEquals(before, model.state().save(), "state after accesses at " + hex(unknown));
    }
  }

  /** Runs a check on each register that is not computed and reports all that fail. */
  private void check(Consumer<Register> check) {
    // A few ports hold no register of a table, whose registers have four bytes at least.
    boolean none = node().windows().isEmpty() || node().windows().getFirst().size() < Integer.BYTES;
    assertEquals(none, registers().isEmpty(), "whether the register table is empty, as it is without a window of four bytes");
    Stream<Executable> checks = registers().stream().filter(r -> !computed().contains(r)).map(r -> () -> check.accept(r));
    assertAll(checks);
  }

  private static long mask(Register register) {
    return -1L >>> 64 - 8 * register.spec().size();
  }

  /** The first word of window 0 where no register is, or -1. */
  private long gap(long windowSize) {
    for (long offset = 0; offset + 4 <= windowSize; offset += 4) {
      long at = offset;
      if (registers().stream().noneMatch(r -> at >= r.spec().offset() && at < r.spec().offset() + r.spec().size())) {
        return at;
      }
    }
    return -1;
  }
}
