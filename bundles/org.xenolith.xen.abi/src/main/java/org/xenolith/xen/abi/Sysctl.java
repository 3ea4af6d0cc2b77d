// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * The frame of every sysctl; the operation's own argument begins at {@link #ARGUMENT} ({@code struct xen_sysctl}).
 */
public final class Sysctl extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 136;
  public static final int CMD = 0;
  public static final int INTERFACE_VERSION = 4;
  public static final int ARGUMENT = 8;
  /** Bytes of {@code argument}. */
  public static final int ARGUMENT_BYTES = 128;

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
