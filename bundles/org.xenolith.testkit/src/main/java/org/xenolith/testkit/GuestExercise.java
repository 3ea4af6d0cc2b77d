// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.Register;
import org.xenolith.regs.StateRecord;

/** A guest without a plan: random accesses, time that goes on, input from outside. What it saw is a list of lines. */
final class GuestExercise {
  private static final int MOST_NANOSECONDS = 2_000_000;
  private static final long MOST_WAIT = 1_000_000_000_000L;

  private final List<? extends Register> registers;
  private final BiConsumer<FakeContext, RandomGenerator> input;
  private final long seed;
  private final Random random;
  /** How accesses are made; apart, so that which ones there are doesn't depend on it. */
  private final Random protection;
  private FakeContext context;
  private FakeContext gone;
  private DeviceModel model;
  private int step;
  private long last;

  GuestExercise(FakeContext context, DeviceModel model, List<? extends Register> registers,
      BiConsumer<FakeContext, RandomGenerator> input, long seed) {
    this.context = context;
    this.model = model;
    this.registers = registers;
    this.input = input;
    this.seed = seed;
    random = new Random(seed);
    protection = new Random(~seed);
  }

  FakeContext context() {
    return context;
  }

  DeviceModel model() {
    return model;
  }

  /** Goes on for that many steps; a line for each. */
  List<String> run(int steps) {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      step++;
      seen.add(step());
    }
    return seen;
  }

  private String step() {
    String what = "";
    try {
      int kind = random.nextInt(8);
      if (kind == 0) {
        what = "time";
        context.clock().advance(random.nextInt(MOST_NANOSECONDS));
      } else if (kind == 1 || context.bus().windows() == 0) {
        what = "input";
        input.accept(context, random);
      } else {
        what = access();
      }
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ", step " + step + ": an access threw " + e, e);
    }
    return step + " " + what + " lines " + lines() + " alarms " + context.deadlines();
  }

  private String access() {
    int window = random.nextInt(4) == 0 ? random.nextInt(context.bus().windows()) : 0;
    if (!context.claimed(window)) {
      return "window " + window + " not claimed";
    }
    int size = random.nextInt(4) == 0 ? 1 << random.nextInt(4) : 4;
    long end = context.node().windows().get(window).size();
    long wanted = offset(window);
    while (size > 1 && (wanted & -size) + size > end) {
      // As few ports as some registers have.
      size >>= 1;
    }
    long offset = wanted & -size;
    context.initiator(random.nextInt(Math.max(1, context.cpus().size())));
    boolean secure = protection.nextBoolean();
    boolean privileged = protection.nextBoolean();
    String place = (secure ? "secure " : "") + (privileged ? "" : "unprivileged ") + window + ":0x" + Long.toHexString(offset) + " /"
        + size;
    boolean before = context.protection(secure, privileged);
    try {
      if (random.nextBoolean()) {
        return "read " + place + " = 0x" + Long.toHexString(context.read(window, offset, size));
      }
      long value = value(window, offset, size) & -1L >>> 64 - 8 * size;
      context.write(window, offset, size, value);
      return "write " + place + " = 0x" + Long.toHexString(value);
    } catch (ExternalAbort e) {
      return place + " aborts";
    } finally {
      context.protection(before, true);
    }
  }

  /** Small values, single bits, one bit changed, and anything: control bits want the first three. */
  private long value(int window, long offset, int size) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(256);
      case 1 -> 1L << random.nextInt(32);
      case 2 -> context.read(window, offset, size) ^ 1L << random.nextInt(16);
      default -> random.nextLong();
    };
  }

  /** Mostly where window 0 has a register; often the same as before, as a driver that empties a queue. */
  private long offset(int window) {
    if (window != 0 || random.nextInt(3) != 0) {
      last = newOffset(window);
    }
    return last % context.node().windows().get(window).size();
  }

  private long newOffset(int window) {
    if (window == 0 && !registers.isEmpty() && random.nextInt(8) != 0) {
      return registers.get(random.nextInt(registers.size())).spec().offset();
    }
    return random.nextLong(context.node().windows().get(window).size());
  }

  /** The levels of all interrupt lines of the node. */
  String lines() {
    StringBuilder levels = new StringBuilder();
    for (int i = 0; i < context.lines().interrupts(); i++) {
      levels.append(context.interrupt(i).level() ? '1' : '0');
      for (int cpu = 0; cpu < context.cpus().size(); cpu++) {
        levels.append(context.interrupt(i, cpu).level() ? '1' : '0');
      }
    }
    return levels.toString();
  }

  /** Another model of the same node takes over, as in a machine that goes on. */
  void replaceModel(DeviceModelFactory factory) {
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    model = context.create(factory, DeviceOrigin.HAND_OVER, record, old);
  }

  /** The model goes away and nobody takes over. */
  void removeModel() {
    model.removed();
    gone = context;
    context = context.successor();
  }

  /** After {@link #removeModel} another model of the same node goes on from what was kept. */
  void bringBack(DeviceModelFactory factory, StateRecord kept) {
    model = context.create(factory, DeviceOrigin.RETURN, kept, gone);
  }

  /** Lets the next alarm ring that isn't too far away: a guest's random steps are too short for what takes seconds. */
  void untilAlarm() {
    long next = context.clock().nextDeadline();
    if (next != Long.MAX_VALUE && next > context.clock().now() && next - context.clock().now() <= MOST_WAIT) {
      context.clock().advanceTo(next);
    }
  }

  /** Input from outside, and time, when no guest looks. */
  void outside() {
    input.accept(context, random);
    context.clock().advance(random.nextInt(MOST_NANOSECONDS));
  }
}
