// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

/**
 * A function of an endpoint as hardware has one: ids, a 64-bit memory BAR of 16 KiB with an MSI-X table and pending bits in its
 * third and fourth page, a memory BAR of 4 KiB, an I/O BAR, a ROM; capabilities that guests may find and others.
 */
final class CardFunction {
  static final int PM = 0x40;
  static final int VPD = 0x48;
  static final int MSI = 0x50;
  static final int EXPRESS = 0x70;
  static final int MSIX = 0xB0;
  static final int VENDOR = 0xC0;
  static final int SERIAL = 0x140;
  static final int ENTRIES = 4;
  private final int[] initial = new int[1024];
  private final int[] writable = new int[1024];
  private final int[] cleared = new int[1024];
  private final int[] now;
  int resets;
  int accesses;

  private CardFunction() {
    now = initial;
  }

  /** A bridge (type 1 header) without bus numbers, with a memory BAR of 4 KiB and a ROM of 64 KiB. */
  static CardFunction bridge(int device) {
    CardFunction bridge = new CardFunction();
    bridge.set(0x00, device << 16 | 0x1AF4, 0);
    bridge.set(0x04, 0, 0x0547);
    bridge.set(0x08, 0x0604_0001, 0);
    bridge.set(0x0C, 0x0001_0000, 0);
    bridge.set(0x10, 0, -0x1000);
    bridge.set(0x18, 0, 0x00FF_FFFF);
    bridge.set(0x1C, 0, 0xF0F0);
    bridge.set(0x20, 0, 0xFFF0_FFF0);
    bridge.set(0x24, 0, 0xFFF0_FFF0);
    bridge.set(0x38, 0, -0x10000 | 1);
    return bridge;
  }

  CardFunction(int device) {
    set(0x00, device << 16 | 0x1AF4, 0);
    set(0x04, 0x0010_0000, 0x0547);
    cleared[1] = 0xF900_0000;
    set(0x08, 0x0200_0001, 0);
    set(0x10, 0x4, -0x4000);
    set(0x14, 0, -1);
    set(0x18, 0, -0x1000);
    set(0x20, 0x1, -0x20);
    set(0x2C, 0x1100_1AF4, 0);
    set(0x30, 0, -0x10000 | 1);
    set(0x34, PM, 0);
    set(0x3C, 0x0100, 0xFF);
    set(PM, 0x0003_0001 | VPD << 8, 0);
    set(PM + 4, 0, 3);
    set(VPD, 0x0003 | MSI << 8, 0x7FFF_0000);
    set(VPD + 4, 0xC0DE, -1);
    set(MSI, 0x0180_0005 | EXPRESS << 8, 0x0071_0000);
    set(MSI + 4, 0, -4);
    set(MSI + 8, 0, -1);
    set(MSI + 12, 0, 0xFFFF);
    set(MSI + 16, 0, 1);
    set(EXPRESS, 0x0002_0010 | MSIX << 8, 0);
    set(EXPRESS + 4, 1 << 28, 0);
    set(EXPRESS + 8, 0x2810, 0x7FFF);
    set(MSIX, ENTRIES - 1 << 16 | 0x11 | VENDOR << 8, 0xC000_0000);
    set(MSIX + 4, 0x2000, 0);
    set(MSIX + 8, 0x3000, 0);
    set(VENDOR, 0x0010_0009, 0);
    set(VENDOR + 4, 0x1234_5678, -1);
    set(0x100, SERIAL << 20 | 0x1_0010, 0);
    set(SERIAL, 0x160 << 20 | 0x1_0003, 0);
    set(SERIAL + 4, 0xABCD, 0);
    set(0x160, 0x1_000F, 0);
    now = initial.clone();
  }

  /** Makes BAR 2 one of so many bytes. */
  CardFunction small(int bytes) {
    writable[0x18 / 4] = -bytes;
    return this;
  }

  private void set(int register, int value, int mask) {
    initial[register / 4] = value;
    writable[register / 4] = mask;
  }

  int now(int register) {
    return now[register / 4] >>> 8 * (register & 3);
  }

  void put(int register, int value) {
    now[register / 4] = value;
  }

  int read(int register, int size) {
    accesses++;
    return (int) (now[register / 4] >>> 8 * (register & 3) & Header.none(size));
  }

  void write(int register, int size, int value) {
    accesses++;
    int shift = 8 * (register & 3);
    int lanes = (int) Header.none(size) << shift;
    int at = register / 4;
    int bits = value << shift & lanes;
    boolean wakes = at == (PM + 4) / 4 && (now[at] & 3) == 3 && (lanes & 3) != 0 && (bits & 3) == 0;
    now[at] = now[at] & ~(writable[at] & lanes) & ~(cleared[at] & bits) | bits & writable[at];
    if (at == (EXPRESS + 8) / 4 && (bits & 0x8000) != 0 || wakes) {
      resets++;
      System.arraycopy(initial, 0, now, 0, now.length);
    }
  }
}
