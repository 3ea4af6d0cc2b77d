// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.IOException;
import org.xenolith.a64.isa.InsnGroup;

/** The comparison without a test framework: {@code [sequences [seed [group|all [qemu-cpu]]]]}. */
public final class DifferentialMain {
  private DifferentialMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    InsnGroup group = args.length > 2 && !args[2].equals("all") ? InsnGroup.valueOf(args[2]) : null;
    String cpu = args.length > 3 ? args[3] : "max";
    long start = System.nanoTime();
    Differential differential = new Differential(new Qemu(cpu), new EngineUnderTest(EngineUnderTest.factory()),
        new SequenceGenerator(group), 1);
    differential.run(seed, count);
    differential.findings().forEach(System.out::println);
    System.out.println(differential.coverage());
    System.out.printf("%d sequences from seed %d, %d differ, %.1f s%n", count, seed, differential.differing(),
        (System.nanoTime() - start) / 1e9);
    System.exit(differential.differing() == 0 ? 0 : 1);
  }
}
