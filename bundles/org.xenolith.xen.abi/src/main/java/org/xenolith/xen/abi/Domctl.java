// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * The frame of every domctl; the operation's own argument begins at {@link #ARGUMENT} ({@code struct xen_domctl}).
 */
public final class Domctl extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 144;
  public static final int CMD = 0;
  public static final int INTERFACE_VERSION = 4;
  public static final int DOMAIN = 8;
  public static final int ARGUMENT = 16;
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

  public int domain() {
    return memory.read16(address + DOMAIN) & 0xffff;
  }

  public void domain(int value) {
    memory.write16(address + DOMAIN, (short) value);
  }
}
