// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.cpu.api.CpuEngineFactory;

/**
 * Whether the tests' process has the engine that writes machine code. What compares engines does without it on hosts that no code is written for, and
 * {@link #check} fails where it is missing although the host can.
 */
public final class MachineCodeHost {
  /** The engine's name. */
  public static final String ENGINE = "machinecode";
  /** What compares it with the interpreter on each way through it. */
  public static final String LOCKSTEP = ENGINE + "-lockstep";

  private MachineCodeHost() {}

  /** Whether code is written for such a host. */
  private static boolean possible() {
    return System.getProperty("os.arch").equals("amd64") && System.getProperty("os.name").equals("Linux");
  }

  /** Whether the engine is offered. */
  public static boolean here() {
    return InstalledProduct.get().offers(CpuEngineFactory.class, "(xenolith.engine=" + ENGINE + ")");
  }

  /** Fails if the engine is offered on a host that can't have it, or isn't on one that can. */
  public static void check() {
    assertEquals(possible(), here(), () -> "machine code on " + System.getProperty("os.name") + ", " + System.getProperty("os.arch")
        + "; a process that isn't told -Dxenolith.memory=outside and --enable-native-access doesn't have it");
    System.out.println(here() ? "machine code is compared" : "no machine code is written for this host: it isn't compared");
  }
}
