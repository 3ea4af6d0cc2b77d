// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.List;
import org.xenolith.machine.watch.WatchedAddress;

/** What a loop costs that writes to another word of a watched page, beside the same without a watchpoint: prints ratios. */
final class WatchedPageBench {
  private static final long DATA = WatchedProgram.DATA;
  private static final int LENGTH = 20_000_000;
  private static final int ROUNDS = 5;
  /** MOV [R9], RAX. */
  private static final String STORE = "498901";
  /** INC QWORD [R9]. */
  private static final String INCREMENT = "49ff01";

  private WatchedPageBench() {}

  /** Prints nanoseconds an iteration and the ratio. */
  public static void main(String[] arguments) {
    WatchedAddress write = new WatchedAddress(WatchedAddress.Kind.WRITE, WatchedAddress.Space.PROCESSOR, DATA + 0x800, 8);
    for (int i = 0; i < ROUNDS; i++) {
      for (String body : List.of(STORE, INCREMENT)) {
        double plain = nanoseconds(body, List.of());
        double watched = nanoseconds(body, List.of(write));
        System.out.printf("%s: plain %.2f ns, write watched %.2f ns: %.1f times%n", body.equals(STORE) ? "mov" : "inc", plain, watched,
            watched
                / plain);
      }
    }
  }

  private static double nanoseconds(String body, List<WatchedAddress> watched) {
    WatchedProgram program = new WatchedProgram(cpu -> new MachineCodeEngine(cpu, null), body, DATA + 8, 0, -1);
    program.watch(watched, told -> {});
    program.runTo(LENGTH / 10);
    long begin = System.nanoTime();
    program.runTo(LENGTH / 10 + LENGTH);
    return (System.nanoTime() - begin) / (LENGTH / (double) WatchedProgram.LOOP);
  }
}
