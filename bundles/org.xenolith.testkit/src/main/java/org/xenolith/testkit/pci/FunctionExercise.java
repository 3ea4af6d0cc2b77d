// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;

/** A function on a bus, and a guest without a plan. What it saw is a list of lines. */
final class FunctionExercise {
  private static final int MOST_NANOSECONDS = 200_000;
  final FakePciHost pci;
  FakeContext function;
  DeviceModel model;
  private final BiConsumer<FakeContext, RandomGenerator> input;
  private final Random random;

  FunctionExercise(FakePciHost pci, FakeContext function, DeviceModel model, BiConsumer<FakeContext, RandomGenerator> input,
      Random random) {
    this.pci = pci;
    this.function = function;
    this.model = model;
    this.input = input;
    this.random = random;
  }

  List<String> run(int steps) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      String what;
      try {
        what = step();
      } catch (RuntimeException e) {
        throw new AssertionError("an access threw " + e, e);
      }
      seen.add(what + (pci.pin().level() ? " high " : " low ") + pci.context().sentMessages().size() + " " + function.deadlines());
    }
    return seen;
  }

  private String step() {
    int size = 1 << random.nextInt(3);
    int register = random.nextInt(random.nextInt(4) == 0 ? ConfigTable.SIZE : 0x100) & -size;
    int wide = 1 << random.nextInt(4);
    long offset = random.nextInt(random.nextBoolean() ? 0x40 : 0x1000) & -wide;
    switch (random.nextInt(8)) {
      case 0 -> {
        pci.context().clock().advance(random.nextInt(MOST_NANOSECONDS));
        return "time";
      }
      case 1 -> {
        input.accept(function, random);
        return "input";
      }
      case 2 -> {
        pci.enable();
        return "enable";
      }
      case 3 -> {
        pci.config(register, size, random.nextInt());
        return "config " + register + " /" + size;
      }
      case 4 -> {
        return "config " + register + " /" + size + " = " + pci.config(register, size);
      }
      case 5, 6 -> {
        pci.write(offset, wide, (random.nextBoolean() ? random.nextInt(16) : random.nextLong()) & -1L >>> 64 - 8 * wide);
        return "write " + offset + " /" + wide;
      }
      default -> {
        return "read " + offset + " /" + wide + " = " + pci.read(offset, wide);
      }
    }
  }

  /** Another model of the same node takes over, as in a machine that goes on. */
  void replace(DeviceModelFactory factory) {
    StateRecord record = model.state().save();
    FakeContext old = function;
    function = old.successor();
    model = function.create(factory, DeviceOrigin.HAND_OVER, record, old);
  }
}
