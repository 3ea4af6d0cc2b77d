// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.watch;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/**
 * Is told what a machine does and where host time goes, on the machine's thread; see {@code Machine.watch}. It must change
 * nothing: a machine comes to the same digest whether it is watched or not. One that throws isn't told anything more.
 */
@ConsumerType
public interface MachineWatcher {
  /** Instructions of one CPU from one {@link #sample} to the next, at least 1; asked once. */
  long period();

  /**
   * A CPU has executed {@link #period} instructions since its last sample. It stands between two instructions: all of its
   * state is exact.
   *
   * @param instructions executed since the last sample of this CPU
   * @param nanoseconds  host time that its engine took for them, exits included
   * @param inExits      host nanoseconds of these in exits
   */
  void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits);

  /**
   * Guest code is left. Exits nest: a hypervisor in Java uses devices.
   *
   * @param place the model's instance; for a hypervisor the kind of exception
   * @param now   the host's clock, in nanoseconds from anywhere
   */
  void exitBegins(ExitKind kind, String place, long now);

  /**
   * The exit that began last is over.
   *
   * @param now the host's clock, in nanoseconds from the same place
   */
  void exitEnds(long now);

  /**
   * An exception or interrupt is taken.
   *
   * @param what the level that it is taken to, and which one it is, in the architecture's words
   */
  void exception(CpuPort cpu, String what);

  /**
   * An event is reported to the machine's log, on the thread where it happens; each is told, unlike to {@code Machine.eventListener}'s.
   *
   * @param kind  as in {@code EventLog}
   * @param place as there
   * @param text  as there
   */
  default void event(String kind, String place, String text) {}

  /**
   * Translated code was left.
   *
   * @param instructions executed since it was entered
   * @param wayOut       why it was left, the same object for the same reason
   */
  void translated(long instructions, String wayOut);

  /** The machine is closed: nothing more will be told. */
  default void closed() {}
}
