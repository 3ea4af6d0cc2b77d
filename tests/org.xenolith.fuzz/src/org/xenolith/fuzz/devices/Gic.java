// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.devices;

/** What a kernel does to the interrupt controller, as far as devices need it. */
final class Gic {
  private static final long VALID = 1L << 63;
  /** LPIs of an event: 8192 and 16 for each device. */
  static final int FIRST_LPI = 8192;
  static final int EVENTS = 16;
  private static final int SPIS = 96;
  /** Priority masks: private interrupts have priority 0, all others 0xA0. */
  static final int TIMERS_ONLY = 0x10;
  static final int ALL = 0xFF;

  private Gic() {}

  /** A GICv2: all interrupts enabled, to the first CPU. */
  static void version2(Script script) {
    for (int i = 0; i <= SPIS / 32; i++) {
      script.store4(Place.GICD + 0x100 + 4 * i, 0xFFFF_FFFFL);
    }
    for (int i = 8; i < 8 + SPIS / 4; i++) {
      script.store4(Place.GICD + 0x800 + 4 * i, 0x0101_0101);
    }
    priorities(script);
    script.store4(Place.GICD, 3);
    script.store4(Place.GICC + 4, 0xFF);
    script.store4(Place.GICC, 1);
  }

  private static void priorities(Script script) {
    for (int i = 8; i < 8 + SPIS / 4; i++) {
      script.store4(Place.GICD + 0x400 + 4 * i, 0xA0A0_A0A0L);
    }
  }

  /** A GICv3: all interrupts in group 1 and enabled, to the first CPU. @param cpus how many are woken */
  static void version3(Script script, int cpus) {
    script.store4(Place.GICD, 0x37);
    for (int i = 1; i <= SPIS / 32; i++) {
      script.store4(Place.GICD + 0x80 + 4 * i, 0xFFFF_FFFFL);
      script.store4(Place.GICD + 0x100 + 4 * i, 0xFFFF_FFFFL);
    }
    priorities(script);
    for (int cpu = 0; cpu < cpus; cpu++) {
      long frame = Place.GICR + 0x2_0000L * cpu;
      script.store4(frame + 0x14, 0);
      script.store4(frame + 0x1_0080, 0xFFFF_FFFFL);
      script.store4(frame + 0x1_0100, 0xFFFF_FFFFL);
    }
    script.writeSystem(0xC665, 7);
    script.writeSystem(0xC230, 0xFF);
    script.writeSystem(0xC667, 1);
  }

  /** LPIs and the ITS. @param devices numbers on the root bus, whose events are mapped */
  static void messages(Script script, int... devices) {
    script.fill(Place.PROPERTIES, 64, 0xA1A1_A1A1_A1A1_A1A1L);
    script.store8(Place.GICR + 0x70, Place.PROPERTIES | 13);
    script.store8(Place.GICR + 0x78, Place.PENDING);
    script.store4(Place.GICR, 1);
    script.store8(Place.ITS + 0x100, VALID | 1L << 56 | 7L << 48 | Place.ITS_DEVICES);
    script.store8(Place.ITS + 0x108, VALID | 4L << 56 | 7L << 48 | Place.ITS_COLLECTIONS);
    script.store8(Place.ITS + 0x80, VALID | Place.ITS_COMMANDS);
    script.store4(Place.ITS, 1);
    int count = 0;
    command(script, count++, 9, 0, VALID, 0);
    for (int device : devices) {
      long id = (long) device << 3 << 32;
      command(script, count++, 8 | id, 3, VALID | Place.ITS_EVENTS + 0x100L * device, 0);
      for (int event = 0; event < 4; event++) {
        command(script, count++, 0xA | id, (long) (FIRST_LPI + EVENTS * device + event) << 32 | event, 0, 0);
      }
    }
    script.store8(Place.ITS + 0x88, 32L * count);
  }

  /** How many commands {@link #messages} left behind. */
  static int commands(int devices) {
    return 1 + 5 * devices;
  }

  /** Note the order of the ITS's words: 0, 1, 2, 3. */
  static void command(Script script, int index, long first, long second, long third, long fourth) {
    long at = Place.ITS_COMMANDS + 32L * (index & 127);
    script.store8(at, first);
    script.store8(at + 8, second);
    script.store8(at + 16, third);
    script.store8(at + 24, fourth);
  }
}
