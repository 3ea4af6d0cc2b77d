// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** An extra slot ({@code struct netif_extra_info}). */
public final class NetifExtraInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int TYPE = 0;
  public static final int FLAGS = 1;
  public static final int GSO_SIZE = 2;
  public static final int GSO_TYPE = 4;
  public static final int GSO_FEATURES = 6;
  public static final int MCAST_ADDR = 2;

  public int type() {
    return memory.read8(address + TYPE) & 0xff;
  }

  public void type(int value) {
    memory.write8(address + TYPE, (byte) value);
  }

  public int flags() {
    return memory.read8(address + FLAGS) & 0xff;
  }

  public void flags(int value) {
    memory.write8(address + FLAGS, (byte) value);
  }

  public int gsoSize() {
    return memory.read16(address + GSO_SIZE) & 0xffff;
  }

  public void gsoSize(int value) {
    memory.write16(address + GSO_SIZE, (short) value);
  }

  public int gsoType() {
    return memory.read8(address + GSO_TYPE) & 0xff;
  }

  public void gsoType(int value) {
    memory.write8(address + GSO_TYPE, (byte) value);
  }

  public int gsoFeatures() {
    return memory.read16(address + GSO_FEATURES) & 0xffff;
  }

  public void gsoFeatures(int value) {
    memory.write16(address + GSO_FEATURES, (short) value);
  }
  /** Bytes of {@code mcast_addr}. */
  public static final int MCAST_ADDR_BYTES = 6;
}
