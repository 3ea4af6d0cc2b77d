// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.List;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.kit.Processor;

/**
 * Who makes the access that is being answered. Of an access of a window only one number is written, whether anybody asks or not; what follows from it is worked out when
 * a model asks.
 */
public final class Initiator implements BusAccess {
  /** Nobody's: no CPU, and by its lowest bit non-secure. */
  private static final int NOBODY = -1;

  private final List<Processor> cpus;
  /** Number of the port by which the access comes. */
  private int port = NOBODY;
  private long requester = MessageInput.NO_ID;

  /** @param cpus the machine's, in the order of their indexes; it may be filled later */
  public Initiator(List<Processor> cpus) {
    this.cpus = cpus;
  }

  /**
   * The number of one of a CPU's ports.
   *
   * @param secure whether it leads to the secure physical address space
   */
  public static int port(int cpu, boolean secure) {
    return cpu << 1 | (secure ? 0 : 1);
  }

  /** An access comes by a port. */
  public void by(int newPort) {
    port = newPort;
  }

  /** Nobody accesses any more. */
  public void none() {
    port = NOBODY;
  }

  /**
   * A bus master's message is being answered, within what may be a CPU's access.
   *
   * @return what {@link #endMessage} is to be given
   */
  int message(long device) {
    int outer = port;
    port = NOBODY;
    requester = device;
    return outer;
  }

  /** The message is answered. Messages lead to none. */
  void endMessage(int outer) {
    port = outer;
    requester = MessageInput.NO_ID;
  }

  @Override
  public int cpu() {
    return port >> 1;
  }

  @Override
  public boolean secure() {
    return (port & 1) == 0;
  }

  @Override
  public boolean privileged() {
    return port != NOBODY && cpus.get(port >> 1).privileged();
  }

  @Override
  public long requester() {
    return requester;
  }
}
