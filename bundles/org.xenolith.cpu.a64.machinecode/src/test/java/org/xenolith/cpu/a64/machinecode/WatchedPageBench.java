// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.testkit.a64.RandomGuest;

/** What a loop costs that writes to another word of a watched page, beside the same without a watchpoint: prints ratios. */
final class WatchedPageBench {
  private static final long DATA = MappedProgram.DATA;
  private static final int LENGTH = 20_000_000;
  private static final int ROUNDS = 5;
  /** STR X1, [X0, #8]; ADD X1, X1, #1; SUB X2, X2, #1; CBNZ X2, . - 12. */
  private static final int[] LOOP = {0xF900_0401, 0x9100_0421, 0xD100_0442, 0xB5FF_FFA2};

  private WatchedPageBench() {}

  /** Prints nanoseconds an iteration and the ratio. */
  public static void main(String[] arguments) {
    for (int i = 0; i < ROUNDS; i++) {
      double plain = nanoseconds(List.of());
      double virtual = nanoseconds(List.of(new WatchedAddress(WatchedAddress.Kind.WRITE, WatchedAddress.Space.PROCESSOR, DATA + 0x800, 8)));
      double read = nanoseconds(List.of(new WatchedAddress(WatchedAddress.Kind.READ, WatchedAddress.Space.PROCESSOR, DATA + 0x800, 8)));
      System.out.printf("plain %.2f ns, write watched %.2f ns: %.1f times; read watched %.2f ns: %.1f times%n", plain, virtual, virtual
          / plain,
          read, read / plain);
    }
  }

  private static double nanoseconds(List<WatchedAddress> watched) {
    RandomGuest guest = new RandomGuest(1, new MappedProgram(DATA, -1, LOOP), cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null));
    guest.watch(watched, told -> {});
    guest.runTo(LENGTH / 10, null);
    long begin = System.nanoTime();
    guest.runTo(LENGTH / 10 + LENGTH, null);
    return (System.nanoTime() - begin) / (LENGTH / 4.0);
  }
}
