// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.watch;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;

/**
 * Is told when a watched address is met, on the machine's thread at a safe point; see {@code Machine.watch}. It may look at the machine, and stop it ({@code
 * Machine.stop}); it must change nothing. One that throws isn't told anything more.
 */
@FunctionalInterface
@ConsumerType
public interface AddressWatcher {
  /**
   * An address was met. Of an instruction this is told before it is executed, once for each time; else behind the instruction that made the access, once for each
   * instruction and watched address, with the first such access.
   *
   * @param cpu     which made it, or executed while a device or a hypervisor in Java did; empty if none executed
   * @param watched which of the addresses that were given
   * @param address of the instruction or access, of the kind that {@code watched} has
   * @param size    bytes of the access, at most a page; 0 for an instruction
   * @param write   whether it wrote
   */
  void met(Optional<CpuPort> cpu, WatchedAddress watched, long address, int size, boolean write);
}
