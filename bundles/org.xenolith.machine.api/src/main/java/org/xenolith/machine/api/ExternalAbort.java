// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/**
 * The bus answers an access with an error, which the CPU takes as a synchronous external abort and a DMA master as its own
 * bus error. One preallocated instance without a stack: throwing it costs no allocation.
 */
public final class ExternalAbort extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** The only instance. */
  public static final ExternalAbort INSTANCE = new ExternalAbort();

  private ExternalAbort() {
    super("external abort", null, false, false);
  }
}
