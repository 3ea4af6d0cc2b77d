// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

/**
 * Where the process keeps guests' memory, which must be known before the first bundle is started: outside of the JVM's heap, where generated code reaches it, if
 * this is a host that code is generated for. Engines in Java are faster on the heap: who asks for one of them gets that.
 */
public final class GuestMemory {
  /** The system property of {@code HostMemory}; who sets it has chosen. */
  static final String PROPERTY = "xenolith.memory";
  private static final String OUTSIDE = "outside";
  /** The option for an engine, and the engine that generates code. */
  private static final String OPTION = "--engine";
  private static final String GENERATES = "machinecode";

  private GuestMemory() {}

  /** Chooses for a command line on this host, unless somebody has chosen. */
  public static void choose(String... arguments) {
    if (System.getProperty(PROPERTY) == null && outside(System.getProperty("os.arch"), System.getProperty("os.name"), arguments)) {
      System.setProperty(PROPERTY, OUTSIDE);
    }
  }

  /** Whether it is outside of the heap in this process. */
  static boolean isOutside() {
    return OUTSIDE.equals(System.getProperty(PROPERTY));
  }

  /** Whether it is outside of the heap. */
  static boolean outside(String architecture, String system, String... arguments) {
    if (!machineCode(architecture, system)) {
      return false;
    }
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      String engine = argument.startsWith(OPTION + "=") ? argument.substring(OPTION.length() + 1) : argument.equals(OPTION) && i
          + 1 < arguments.length ? arguments[i + 1] : GENERATES;
      // Without a name it is the default; what is checked in lock-step has the name first, too.
      if (!engine.isEmpty() && !engine.startsWith(GENERATES)) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is an engine that writes a host's machine code. */
  static boolean machineCode(String architecture, String system) {
    return architecture.equals("amd64") && system.equals("Linux");
  }
}
