// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/**
 * The current instruction does not complete but takes the exception that {@link Cpu} has noted. Preallocated, without a
 * stack; thrown by the memory path and caught by the engine, which calls {@link Exceptions#takeNoted}.
 */
public final class GuestFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** The only instance. */
  public static final GuestFault INSTANCE = new GuestFault();

  private GuestFault() {
    super("guest fault", null, false, false);
  }
}
