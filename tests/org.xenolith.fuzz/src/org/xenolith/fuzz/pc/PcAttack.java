// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.WarmState;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * A guest attacks the devices of a PC. An input becomes machine code of two CPUs: the first byte says how they begin (bit 0 the second CPU
 * is started, bit 1 interrupts are on, bits 7:2 are the driver's), then each step its kind (bits 3:0; 12 up are the driver's own), more in
 * bits 6:4, and in bit 7 whose it is.
 */
abstract class PcAttack implements Attack {
  private static final int MOST_STEPS = 128;
  /** A second machine is compared with after each of the first inputs, among which are the seeds, then after one of so many. */
  private static final int FIRST = 24;
  private static final int EACH = 64;
  /** An input needs a few MiB of the host's memory. */
  private static final long MOST_BYTES = 256L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final PcGuest guest = new PcGuest();
  private PcMachine first;
  private PcMachine second;
  private int inputs;

  /** Who attacks. */
  abstract PcDriver driver();

  /** What is attacked. */
  PcMachine machine(PcGuest made) {
    return new PcMachine(made);
  }

  @Override
  public final void fresh() {
    if (first != null) {
      first.close();
    }
    if (second != null) {
      second.close();
    }
    first = null;
    second = null;
    inputs = 0;
  }

  @Override
  public final List<String> execute(byte[] input) {
    if (first == null) {
      first = machine(guest);
    }
    long had = THREADS.getCurrentThreadAllocatedBytes();
    List<byte[]> programs = programs(input);
    StopReason reason = first.execute(programs);
    List<String> wrong = new ArrayList<>(first.faults());
    if (reason == StopReason.FAULT || reason == StopReason.STOPPED) {
      wrong.add("the machine ended: " + reason);
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - had;
    if (bytes > MOST_BYTES) {
      wrong.add("it took " + (bytes >> 20) + " MiB of the host's memory");
    }
    if (wrong.isEmpty()) {
      String digest = first.machine.digest();
      first.execute(programs);
      if (!digest.equals(first.machine.digest())) {
        wrong.add("executed again it comes to another state");
      }
    }
    boolean compared = inputs++ < FIRST || inputs % EACH == 0;
    if (wrong.isEmpty() && compared) {
      wrong.addAll(compare(programs));
    }
    wrong.addAll(first.faults());
    return wrong;
  }

  /** What of the steps fits. */
  private List<byte[]> programs(byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    PcDriver driver = driver();
    PcScript script = new PcScript(guest);
    int flags = input.next();
    driver.begin(flags, script);
    if ((flags & 1) != 0) {
      // INIT, then a start-up IPI, both to all others.
      script.store4(PcPlace.LAPIC + 0x300, 0xC_4500);
      script.store4(PcPlace.LAPIC + 0x300, 0xC_4600 | PcPlace.START >> 12);
    }
    if ((flags & 2) != 0) {
      script.cpu(1);
      script.raw(0xFB);
      script.cpu(0);
      script.raw(0xFB);
    }
    for (int left = MOST_STEPS; left > 0 && !input.end(); left--) {
      int kind = input.next();
      script.cpu(kind >> 7);
      if (!script.full()) {
        step(driver, kind & 15, kind >> 4 & 7, input, script);
      }
    }
    return script.programs();
  }

  private static void step(PcDriver driver, int kind, int more, InputBytes input, PcScript script) {
    switch (kind) {
      case 0 -> script.out(PcValues.port(input), size(more % 3), PcValues.next(input, driver.values()));
      case 1 -> script.in(PcValues.port(input), size(more % 3));
      case 2 -> script.store(driver.register(input), size(more & 3), PcValues.next(input, driver.values()));
      case 3 -> script.load(driver.register(input), size(more & 3));
      case 4 -> script.store(PcValues.address(input), size(more & 3), PcValues.next(input, driver.values()));
      case 5 -> {
        if ((more & 1) == 0) {
          script.writeMsr(driver.msr(input), PcValues.next(input, driver.values()));
        } else {
          script.readMsr(driver.msr(input));
        }
      }
      case 6 -> {
        int which = input.next();
        int count = (which & 0x80) == 0 ? input.next() : (int) PcValues.next(input, driver.values());
        script.string(which & 15, size(more % 3), (which & 0x40) != 0, count, PcValues.port(input), PcValues.address(input), PcValues
            .address(input));
      }
      case 7 -> {
        int which = input.next();
        script.modify(which & 15, (which & 0x80) != 0, driver.register(input), PcValues.next(input, driver.values()));
      }
      case 8 -> script.sleep(input.next() << 2 * more);
      case 9 -> script.spin(input.next() << (more & 3));
      case 10 -> script.plain(input.next(), input);
      case 11 -> {
        if (more == 7) {
          script.call(PcValues.address(input));
        } else {
          script.store4(driver.register(input), PcValues.next(input, driver.values()));
        }
      }
      default -> driver.step(kind - 12, more, input, script);
    }
  }

  /** @param more 0 to 3: most often 4 bytes */
  static int size(int more) {
    return switch (more) {
      case 0 -> 4;
      case 1 -> 1;
      case 2 -> 2;
      default -> 8;
    };
  }

  /** What was saved and loaded is the same, and goes on as this does. */
  private List<String> compare(List<byte[]> programs) {
    if (second == null) {
      second = machine(guest);
    }
    double time = first.time();
    double instructions = first.instructions();
    List<String> wrong = new ArrayList<>(load("at the end", false));
    // By time, while the CPUs wait, most likely; and by instructions, while they don't.
    for (double[] part : new double[][] {{time / 8, 1}, {time * 5 / 8, 1}, {1, instructions / 3}, {1, instructions * 3 / 4}}) {
      first.begin(programs);
      first.more(part[0], part[1]);
      wrong.addAll(wrong.isEmpty() ? load("on the way", true) : List.of());
    }
    wrong.addAll(second.faults());
    return wrong;
  }

  /** The second machine gets what the first one is, and both go on. */
  private List<String> load(String when, boolean on) {
    second.load(first);
    List<String> wrong = new ArrayList<>();
    WarmState.differences(first.machine, second.machine).forEach(d -> wrong.add("saved and loaded " + when + " it isn't the same: " + d));
    if (wrong.isEmpty() && on) {
      first.more(1, 1);
      second.more(1, 1);
      WarmState.differences(first.machine, second.machine).forEach(d -> wrong.add("saved and loaded " + when + " it goes on otherwise: "
          + d));
    }
    return wrong;
  }
}
