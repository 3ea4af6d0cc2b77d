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
   * An exception or interrupt is over: the CPU goes on where it says.
   *
   * @param what the level or privilege that it returns to, in the architecture's words
   */
  default void returned(CpuPort cpu, String what) {}

  /**
   * A CPU, or a hypervisor in Java in its place, has read or written a model's window: told once the model has answered, within the exit that it is.
   *
   * @param place   the model's instance
   * @param address physical
   * @param size    1, 2, 4 or 8 bytes
   * @param value   read or written
   */
  default void accessed(String place, long address, int size, boolean write, long value) {}

  /**
   * A model has read or written a system register for a CPU, once it is done.
   *
   * @param place    the model's instance
   * @param register its encoding, as the architecture's instructions have it
   * @param value    read or written
   */
  default void accessedRegister(CpuPort cpu, String place, int register, boolean write, long value) {}

  /**
   * A bus master reads or writes memory. What its own translation and the memory say to it isn't known yet.
   *
   * @param place   the model's instance; of one of several requesters behind it, such as a function of its PCI bus, with that one's id in hexadecimal behind {@code #}
   * @param address as the device has it
   * @param length  bytes
   */
  default void transferred(String place, long address, int length, boolean write) {}

  /**
   * A wire from a device to an interrupt controller has changed its level.
   *
   * @param wire its name: the device's node and which of its wires
   */
  default void line(String wire, boolean level) {}

  /**
   * An event is reported to the machine's log, on the thread where it happens; each is told, unlike to {@code Machine.eventListener}'s.
   *
   * @param kind  as in {@code EventLog}
   * @param place as there
   * @param text  as there
   */
  default void event(String kind, String place, String text) {}

  /**
   * Whether it is to be told of {@link #translated translated code}; asked once. An engine may have to be made anew for that, without what it has translated, so that who looks at a single
   * instruction says no.
   */
  default boolean wantsTranslated() {
    return true;
  }

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
