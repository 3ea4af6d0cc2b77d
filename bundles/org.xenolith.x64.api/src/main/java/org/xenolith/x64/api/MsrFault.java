// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

/** An access to a model-specific register is refused with #GP(0); preallocated, without a stack. */
public final class MsrFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  /** The one. */
  public static final MsrFault INSTANCE = new MsrFault();

  private MsrFault() {
    super("MSR access refused", null, false, false);
  }
}
