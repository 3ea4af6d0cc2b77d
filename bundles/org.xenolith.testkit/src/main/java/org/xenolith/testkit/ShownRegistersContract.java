// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.regs.RegisterWords;

/** Who looks into a machine is shown every register that a guest finds: what {@code DeviceState.visitRegisters} tells of leaves none out, and showing changes nothing. */
abstract class ShownRegistersContract extends RegisterTableContract {
  /** Bytes of a window that are looked at; what is beyond repeats what is before, or is data. */
  private static final long MOST = 0x4_0000;
  private static final int[] SIZES = {1, 2, 4, 8};

  @Test
  protected final void everyRegisterThatAGuestFindsIsShown() {
    FakeContext context = context();
    DeviceModel model = context.create(factory());
    Map<String, List<Register>> shown = shown(model);
    for (AddressWindow window : node().windows()) {
      TreeSet<Long> found = new TreeSet<>();
      context.claims().stream().filter(claim -> claim.base() >= window.base() && claim.end() <= window.end()).forEach(claim -> found.addAll(
          found(context, claim, claim.base() - window.base())));
      List<Long> missing = shown.values().stream().map(registers -> without(found, registers)).min(Comparator.comparing(List::size)).orElse(
          List.copyOf(found));
      if (!missing.isEmpty()) {
        fail("window at " + hex(window.base()) + ": a guest finds registers at " + missing.stream().limit(16).map(ModelUnderTest::hex)
            .toList() + ", " + missing.size() + " in all, of which the windows " + shown.keySet()
            + " have none: declare them by DeviceState.registers, or show them by DeviceState.shows");
      }
    }
  }

  /** System registers, or model-specific ones, are shown with their encodings as offsets. */
  @Test
  protected final void everyRegisterThatIsClaimedOnACpuIsShown() {
    FakeContext context = context();
    Collection<List<Register>> shown = shown(context.create(factory())).values();
    for (FakeCpu cpu : context.cpus()) {
      TreeSet<Integer> missing = new TreeSet<>();
      for (int register : cpu.claimedRegisters()) {
        if (shown.stream().flatMap(List::stream).noneMatch(each -> each.spec().offset() == register)) {
          missing.add(register);
        }
      }
      assertEquals(List.of(), missing.stream().map(Integer::toHexString).toList(), "registers that are claimed on cpu " + cpu.index()
          + ", and not shown");
    }
  }

  /** Of a table with a text of the manual's words beside it, all registers are said, and a bit that can be written belongs to a field, unless the register is one value. */
  @Test
  protected final void everyBitThatCanBeWrittenBelongsToAField() {
    Set<String> wrong = new TreeSet<>();
    shown(context().create(factory())).forEach((window, registers) -> {
      boolean said = registers.stream().anyMatch(each -> !each.words().equals(RegisterWords.UNSAID));
      Set<String> names = registers.stream().map(Register::name).collect(Collectors.toSet());
      for (Register register : said ? registers : List.<Register>of()) {
        wrong.addAll(wrong(window + "." + register.name(), register.spec(), register.words()));
        if (register instanceof Enum<?> row) {
          Stream.of(row.getDeclaringClass().getEnumConstants()).forEach(each -> names.add(each.name()));
          FieldText.beside(row.getDeclaringClass()).unknown(names).forEach(each -> wrong.add(each + " is in "
              + row.getDeclaringClass().getSimpleName() + ".fields, and no register"));
        }
      }
    });
    assertEquals(Set.of(), wrong);
  }

  private static Set<String> wrong(String name, RegisterSpec spec, RegisterWords words) {
    long unnamed = (spec.rw() | spec.w1c()) & ~words.named();
    if (words.title().isEmpty()) {
      return Set.of(name + " has no title in the text beside its table");
    } else if (unnamed != 0) {
      return Set.of(name + ": bits " + hex(unnamed) + " can be written, and belong to no field");
    }
    return words.fields().stream().filter(each -> each.high() >= Byte.SIZE * spec.size()).map(each -> name + " has no bits for " + each
        .name()).collect(Collectors.toSet());
  }

  @Test
  protected final void showingChangesNothing() {
    for (long seed : SEEDS) {
      GuestExercise exercise = powered(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String when = exercise.run(STEPS / ROUNDS).getLast();
        Observed before = Observed.of(exercise);
        shown(exercise.model());
        assertEquals(List.of(), before.changes(Observed.of(exercise)), "what showing registers changes, seed " + seed + ", after " + when);
      }
    }
  }

  private static Map<String, List<Register>> shown(DeviceModel model) {
    Map<String, List<Register>> shown = new LinkedHashMap<>();
    model.state().visitRegisters((window, register, value, stored) -> shown.computeIfAbsent(window, name -> new ArrayList<>()).add(
        register));
    return shown;
  }

  /** Offsets at which something answers, in the window of which a claim is a part: a word's first, or each byte of a few ports. */
  private static TreeSet<Long> found(FakeContext context, AddressWindow claim, long first) {
    TreeSet<Long> found = new TreeSet<>();
    int step = claim.size() < 0x100 ? 1 : Integer.BYTES;
    for (long offset = 0; offset < Math.min(MOST, claim.size()); offset += step) {
      if (answers(context, claim, offset)) {
        found.add(first + offset);
      }
    }
    return found;
  }

  private static boolean answers(FakeContext context, AddressWindow window, long offset) {
    for (int size : SIZES) {
      if (offset % size == 0 && offset + size <= window.size()) {
        long unknown = unknown(context);
        try {
          context.readAt(window.base() + offset, size);
          return unknown(context) == unknown;
        } catch (ExternalAbort e) {
          // Perhaps another size is allowed.
        }
      }
    }
    return false;
  }

  private static long unknown(FakeContext context) {
    List<FakeContext.Fault> faults = context.reportedFaults();
    return faults.isEmpty() || faults.getLast().kind() != Kind.UNKNOWN_READ ? -1 : faults.size();
  }

  private static List<Long> without(Collection<Long> offsets, List<Register> registers) {
    TreeSet<Long> missing = new TreeSet<>(offsets);
    for (Register register : registers) {
      RegisterSpec spec = register.spec();
      missing.subSet((long) spec.offset(), (long) spec.offset() + spec.size()).clear();
    }
    return List.copyOf(missing);
  }
}
