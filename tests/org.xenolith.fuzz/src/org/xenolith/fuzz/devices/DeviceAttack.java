// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.WarmState;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * A guest attacks devices of a machine without a hypervisor, while they work for it. An input is a list of steps, which become a
 * script that code of the guest carries out: loads and stores at registers, queues and tables, system registers, and pauses
 * between them. The first byte is the driver's. Then each step: its kind (bits 3:0; 8 up are the driver's own), and more in bits 7:4.
 */
abstract class DeviceAttack implements Attack {
  private static final int MOST_STEPS = 96;
  /** Inputs from one comparison with a second machine to the next. */
  private static final int COMPARED = 128;
  private static final long CPU_NANOSECONDS = 10_000_000_000L;
  /** An input needs a few hundred KiB of the host's memory. */
  private static final long MOST_BYTES = 256L << 20;
  private static final String ENGINE = System.getProperty("xenolith.fuzz.engine", "regions");
  private static final String OTHER_ENGINE = ENGINE.equals("interpreter") ? "regions" : "interpreter";
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AttackedMachine first;
  private AttackedMachine second;
  private int inputs;

  /** What is attacked. @param world as of {@link #world} */
  abstract DeviceBoard board(int world);

  /** Who attacks. */
  abstract Driver driver(int world);

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
      first = machine(input, ENGINE);
    }
    long begun = THREADS.getCurrentThreadCpuTime();
    long had = THREADS.getCurrentThreadAllocatedBytes();
    Driver driver = driver(world(input));
    byte[] script = script(driver, input);
    StopReason reason = first.execute(script);
    List<String> wrong = new ArrayList<>(first.faults());
    if (reason == StopReason.FAULT || reason == StopReason.STOPPED) {
      wrong.add("the machine ended: " + reason);
    }
    if (!first.warm().holds(Place.CANARY, Place.PAGE) && !named(driver.bigEndian(), script)) {
      wrong.add("memory changed that no device was told of");
    }
    wrong.addAll(driver.wrong(first));
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - had;
    if (bytes > MOST_BYTES) {
      wrong.add("it took " + (bytes >> 20) + " MiB of the host's memory");
    }
    if (wrong.isEmpty() && inputs++ % COMPARED == 0) {
      wrong.addAll(compare(input, script));
    }
    long spent = THREADS.getCurrentThreadCpuTime() - begun;
    if (spent > CPU_NANOSECONDS) {
      wrong.add("it took " + spent / 1_000_000 + " ms of CPU time");
    }
    return wrong;
  }

  private AttackedMachine machine(byte[] input, String engine) {
    return new AttackedMachine(board(world(input)), engine, (machine, script) -> driver(world(input)).prepare(machine, script));
  }

  /** What of the steps fits. */
  private byte[] script(Driver driver, byte[] bytes) {
    InputBytes input = new InputBytes(bytes);
    driver.prepare(null, new Script(first.code()));
    Script script = new Script(first.code());
    driver.begin(input.next(), script);
    for (int left = MOST_STEPS; left > 0 && !input.end() && !script.full(); left--) {
      int kind = input.next();
      step(driver, kind & 15, kind >> 4, input, script);
    }
    return script.bytes();
  }

  private static void step(Driver driver, int kind, int more, InputBytes input, Script script) {
    switch (kind) {
      case 0 -> {
        long at = driver.register(input);
        script.store(at, size(more), Values.next(input, driver.values()));
      }
      case 1 -> script.load(driver.register(input), size(more));
      case 2 -> {
        long at = Values.place(input);
        script.store(at, size(more), Values.next(input, driver.values()));
      }
      case 3 -> {
        long to = (more & 1) == 0 ? Values.place(input) : driver.register(input);
        script.move(to, (more & 2) == 0 ? Values.place(input) : driver.register(input), (more & 4) == 0 ? 4 : 8);
      }
      case 4 -> script.sleep(16 << more);
      case 5 -> script.spin(input.next() << (more & 3) * 2);
      case 6 -> script.interrupts((more & 1) == 0);
      case 7 -> {
        long at = Values.place(input);
        switch (more & 3) {
          case 0 -> script.fill(at & -8, 1 + input.next(), Values.next(input, driver.values()));
          case 1 -> script.add2(at & -2, (int) Values.next(input, driver.values()));
          default -> script.copy(at & -8, Values.place(input) & -8, 1 + input.next());
        }
      }
      default -> driver.step(kind & 7, more, input, script);
    }
  }

  private static int size(int more) {
    return switch (more & 3) {
      case 0 -> 4;
      case 1 -> 8;
      case 2 -> 2;
      default -> 1;
    };
  }

  /**
   * Whether anything in memory is a number that leads to the canaries, or a word that leads to the page below, from where a buffer's length
   * reaches them: then who wrote there may have been told to.
   *
   * @param bigEndian whether devices read numbers of the other order, too
   * @param script    what the CPU executed, as it was at the beginning
   */
  private boolean named(boolean bigEndian, byte[] script) {
    return named(bigEndian, ByteBuffer.wrap(first.machine.peek(Place.SCRIPT, (int) (Place.RAM + Place.SIZE - Place.SCRIPT))))
        // What a device was told may lie under what it wrote.
        || named(bigEndian, ByteBuffer.wrap(script));
  }

  private static boolean named(boolean bigEndian, ByteBuffer memory) {
    memory.order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at <= memory.capacity() - Integer.BYTES; at++) {
      long value = memory.getInt(at) & 0xFFFF_FFFFL;
      // Parts of two words that are neighbours look like the first page all the time: zeros, then 0x40.
      long lowest = at % Integer.BYTES == 0 ? Place.RAM : Place.CANARY;
      long turned = bigEndian ? Integer.reverseBytes((int) value) & 0xFFFF_FFFFL : 0;
      if (value >= lowest && value < Place.CANARY + Place.PAGE || turned >= lowest && turned < Place.CANARY + Place.PAGE) {
        return true;
      }
    }
    return false;
  }

  /** The other engine does the same with the same input; and what was saved and loaded is the same, and goes on as this does. */
  private List<String> compare(byte[] input, byte[] script) {
    if (second == null) {
      second = machine(input, OTHER_ENGINE);
    }
    List<String> wrong = new ArrayList<>();
    second.execute(script);
    WarmState.differences(first.machine, second.machine).forEach(d -> wrong.add("engine " + OTHER_ENGINE + " disagrees: " + d));
    double time = first.time();
    double instructions = first.instructions();
    wrong.addAll(load("at the end", false));
    // While requests are under way, most likely; and when most of the script is executed.
    for (double part : new double[] {1, time / 4}) {
      first.begin(script);
      first.more(part, instructions * 7 / 8);
      wrong.addAll(wrong.isEmpty() ? load("on the way", goesOn()) : List.of());
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

  /** Whether a machine that was loaded does exactly what the one does that was saved. */
  boolean goesOn() {
    return true;
  }
}
