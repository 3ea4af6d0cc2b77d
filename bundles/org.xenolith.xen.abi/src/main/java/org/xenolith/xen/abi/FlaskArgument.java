// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of xsm_op under a Flask policy; the operation's own argument begins at {@link #ARGUMENT} ({@code struct
 * xen_flask_op}).
 */
public final class FlaskArgument extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int CMD = 0;
  public static final int INTERFACE_VERSION = 4;
  public static final int ARGUMENT = 8;
  /** Bytes of {@code argument}. */
  public static final int ARGUMENT_BYTES = 32;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int interfaceVersion() {
    return memory.read32(address + INTERFACE_VERSION);
  }

  public void interfaceVersion(int value) {
    memory.write32(address + INTERFACE_VERSION, value);
  }
}
