// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import com.google.gson.GsonBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.hyp.api.Domain;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * What the hypervisor's work costs the host: a small guest does one thing very often on the real machine, and the time of the
 * same loop without it is taken off. {@code ./xenolith costs} prints nanoseconds, with {@code --json} as docs/json/costs.json describes it; nothing is asserted.
 */
final class Costs {
  private static final int TIMES = 400_000;
  private static final int ROUNDS = 7;
  private static final long MAP = GuestPlace.DATA;
  private static final long UNMAP = GuestPlace.DATA + 0x100;
  private static final long SEND = GuestPlace.DATA + 0x200;
  /** A free frame of the guest's where a granted page goes. */
  private static final long HOLE = 0x5000_0000L;
  private static final int STORE_PORT = 2;

  /** One thing. @param body the instructions, x20 to x25 are addresses; x27 counts */
  private record Work(String name, int instructions, String body) {}

  private static final Work[] WORKS = {
      new Work("null hypercall (xen_version)", 4, "mov x16, #17\n mov x0, #0\n mov x1, #0\n hvc #0xea1"),
      new Work("unknown hypercall (-ENOSYS)", 4, "mov x16, #63\n mov x0, #0\n mov x1, #0\n hvc #0xea1"),
      new Work("PSCI_VERSION by HVC", 2, "movz x0, #0x8400, lsl #16\n hvc #0"),
      new Work("read of a trapped register (CNTP_CTL_EL0)", 1, "mrs x0, cntp_ctl_el0"),
      new Work("read of an emulated register (GICD_CTLR)", 1, "ldr w0, [x23]"),
      new Work("stage-2 fault, abort given to the guest", 11, "ldr w0, [x24]"),
      new Work("event to a back end in Java and its answer", 5, "mov x16, #32\n mov x0, #4\n mov x1, x22\n hvc #0xea1"),
      new Work("grant mapped and unmapped", 14, """
        mov x16, #20
         mov x0, #0
         mov x1, x20
         mov x2, #1
         hvc #0xea1
         ldr w3, [x20, #20]
         str w3, [x21, #16]
         mov x16, #20
         mov x0, #1
         mov x1, x21
         mov x2, #1
         hvc #0xea1"""),
  };

  private Costs() {}

  /** The figures, as lines or as one JSON document. */
  private record Answer(String kind, int version, int rounds, int times, List<OfMachine> machines) {
    record OfMachine(String machine, List<Cost> costs) {}

    /** @param median nanoseconds of host time each, as least */
    record Cost(String name, double median, double least) {}
  }

  /** Measures on GICv2 and GICv3. */
  public static void main(String[] arguments) {
    boolean json = List.of(arguments).contains("--json");
    List<Answer.OfMachine> machines = new ArrayList<>();
    for (int gic = 2; gic <= 3; gic++) {
      if (!json) {
        System.out.printf("GICv%d: ns of host time each, median of %d rounds of %,d (least)%n", gic, ROUNDS, TIMES);
      }
      machines.add(new Answer.OfMachine("GICv" + gic, measured(gic, json)));
    }
    if (json) {
      System.out.println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(new Answer("costs", 1, ROUNDS, TIMES,
          machines)));
    }
  }

  private static List<Answer.Cost> measured(int gic, boolean quiet) {
    List<Answer.Cost> costs = new ArrayList<>();
    try (World world = new World(gic)) {
      long[] empty = measure(world, "nop");
      costs.add(new Answer.Cost("the loop itself", median(empty), least(empty)));
      tell(costs.getLast(), quiet);
      for (Work work : WORKS) {
        long[] times = measure(world, work.body);
        costs.add(new Answer.Cost(work.name, median(times) - median(empty), least(times) - least(empty)));
        tell(costs.getLast(), quiet);
      }
    }
    return costs;
  }

  private static void tell(Answer.Cost cost, boolean quiet) {
    if (!quiet) {
      System.out.printf("  %-46s %8.1f (%.1f)%n", cost.name, cost.median, cost.least);
    }
  }

  private static double median(long[] times) {
    return times[times.length / 2] / (double) TIMES;
  }

  private static double least(long[] times) {
    return times[0] / (double) TIMES;
  }

  private static long[] measure(World world, String body) {
    Domain guest = GuestDomains.make(world, Fuzzing.DOMID, "guest", program(body));
    prepare(guest);
    guest.unpause();
    long[] times = new long[ROUNDS];
    // One round more: the first one warms the host's compiler up.
    for (int round = -1; round < ROUNDS; round++) {
      guest.vcpu(0).powerOn(GuestPlace.CODE, 0);
      long from = System.nanoTime();
      StopReason reason = world.run(60_000_000_000L, 40L * TIMES);
      if (round >= 0) {
        times[round] = System.nanoTime() - from;
      }
      long left = guest.vcpu(0).x(27);
      if (left != 0 || reason == StopReason.FAULT) {
        throw new IllegalStateException("the guest didn't finish: " + reason + ", " + left + " left; " + world.faults());
      }
    }
    if (body.contains("x20")) {
      int status = (short) guest.memory().read16(MAP + 18);
      if (status != 0) {
        throw new IllegalStateException("the grant wasn't mapped: status " + status);
      }
    }
    world.domains.destroy(guest);
    world.store.remove(GuestDomains.home(guest));
    world.run(1_000_000, 10_000);
    Arrays.sort(times);
    return times;
  }

  private static void prepare(Domain guest) {
    ByteBuffer map = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    map.putLong(0, HOLE).putInt(8, 2).putInt(12, Witness.WRITABLE).putShort(16, (short) World.WITNESS);
    guest.memory().write(MAP, map.array(), 0, 32);
    guest.memory().write64(UNMAP, HOLE);
    guest.memory().write32(SEND, STORE_PORT);
  }

  private static byte[] program(String body) {
    return Assembler.program(GuestPlace.CODE, """
              movz x0, #0x4000, lsl #16
              orr  x0, x0, #0x800
              msr  vbar_el1, x0
              isb
              movz x20, #0x4001, lsl #16
              add  x21, x20, #0x100
              add  x22, x20, #0x200
              movz x23, #0x0300, lsl #16
              add  x23, x23, #1, lsl #12
              movz x24, #0x6000, lsl #16
              movz x27, #%d
              movk x27, #%d, lsl #16
        again: %s
              subs x27, x27, #1
              b.ne again
        done: wfi
              b    done
        """.formatted(TIMES & 0xFFFF, TIMES >> 16, body)).bytes();
  }
}
