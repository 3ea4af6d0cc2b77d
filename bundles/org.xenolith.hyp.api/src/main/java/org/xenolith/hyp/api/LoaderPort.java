// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.function.LongConsumer;

/** The port of the {@link LoaderNode}: where who starts the hypervisor hears that the machine is handed over. */
public final class LoaderPort {
  private LongConsumer server;

  /**
   * Takes the machine over when something in it says so.
   *
   * @param newServer given the physical address of a block as {@link LoaderNode} describes it, of which nothing is believed yet; called on the
   *                  machine's thread between two instructions, all CPUs off. It throws nothing
   */
  public void serve(LongConsumer newServer) {
    server = newServer;
  }

  /** Model: whether a hypervisor waits. */
  public boolean isServed() { return server != null; }

  /** Model: hands over. @param block physical address */
  public void handOver(long block) {
    if (server != null) {
      server.accept(block);
    }
  }
}
