// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFaults.Kind;

/**
 * What is between the local APICs and brings them messages: interprocessor interrupts (SDM volume 3, 12.6) and those that bus masters and I/O APICs write
 * (12.11).
 */
public final class LapicFabric {
  // Delivery modes (table 12-2; 12.11.2).
  /** An interrupt of a vector. */
  public static final int FIXED = 0;
  /** An interrupt of a vector for one of several CPUs. */
  public static final int LOWEST_PRIORITY = 1;
  /** A system management interrupt. */
  public static final int SMI = 2;
  /** A non-maskable interrupt. */
  public static final int NMI = 4;
  /** INIT. */
  public static final int INIT = 5;
  /** Of interprocessor interrupts only. */
  public static final int START_UP = 6;
  /** An interrupt whose vector an 8259A gives. */
  public static final int EXTINT = 7;

  private static final int RESERVED = 3;
  private static final int LOGICAL = 1 << 11;
  private static final int ASSERTED = 1 << 14;
  private static final int LEVEL = 1 << 15;
  private static final int NO_SHORTHAND = 0;
  private static final int SELF = 1;
  private static final int ALL = 2;
  private static final int LOWEST_LEGAL_VECTOR = 16;
  // In the address of a message.
  private static final int REDIRECTED = 1 << 3;
  private static final int LOGICAL_MESSAGE = 1 << 2;

  private final LapicFeatures features;
  private final RegisterFaults faults;
  private final LocalApic[] apics;

  /**
   * Joins local APICs.
   *
   * @param faults told of interrupt commands that are invalid, at the offset of {@link LapicRegister#ICR_LOW}
   * @param apics  all that there are; whoever makes them fills it
   */
  public LapicFabric(LapicFeatures features, RegisterFaults faults, LocalApic[] apics) {
    this.features = features;
    this.faults = faults;
    this.apics = apics;
  }

  /**
   * A CPU has written its interrupt command register.
   *
   * @param command     its lower half
   * @param destination in 8 bits, or 32
   * @param wide        whether it has 32
   */
  void command(LocalApic from, int command, int destination, boolean wide) {
    int delivery = command >> 8 & 7;
    int vector = command & 0xFF;
    int shorthand = command >> 18 & 3;
    if (delivery == INIT && (command & (LEVEL | ASSERTED)) == LEVEL) {
      // INIT level de-assert set the arbitration ids of the P6 family; there are none.
      return;
    }
    if (delivery == RESERVED || delivery == EXTINT || delivery != FIXED && (shorthand == SELF || shorthand == ALL)) {
      // Invalid by table 12-4.
      faults.report(Kind.BAD_VALUE, LapicRegister.ICR_LOW.spec().offset(), command & 0xFFFF_FFFFL);
    } else if (delivery == LOWEST_PRIORITY && !features.lowestPriorityIpis()) {
      from.error(LapicErrors.REDIRECTIBLE_IPI);
    } else if (delivery <= LOWEST_PRIORITY && vector < LOWEST_LEGAL_VECTOR) {
      from.error(LapicErrors.SEND_ILLEGAL_VECTOR);
    } else if (shorthand == NO_SHORTHAND) {
      deliver(destination, wide, (command & LOGICAL) != 0, delivery, vector, false, delivery == LOWEST_PRIORITY);
    } else if (shorthand == SELF) {
      from.deliver(delivery, vector, false);
    } else if (delivery == LOWEST_PRIORITY) {
      lowest(from, -1, true, false, vector, false);
    } else {
      for (LocalApic apic : apics) {
        if ((shorthand == ALL || apic != from) && apic.enabled()) {
          apic.deliver(delivery, vector, false);
        }
      }
    }
  }

  /**
   * A message has been written.
   *
   * @param offset its address, from the start of the area of messages
   * @return why it is lost; null if it isn't
   */
  public @Nullable String message(long offset, int data) {
    int delivery = data >> 8 & 7;
    if (delivery == RESERVED || delivery == START_UP) {
      return "its delivery mode is reserved";
    }
    boolean level = (data & LEVEL) != 0;
    if (level && (data & ASSERTED) == 0) {
      return null;
    }
    boolean lowest = delivery == LOWEST_PRIORITY || delivery == FIXED && (offset & REDIRECTED) != 0;
    boolean any = deliver((int) (offset >> 12) & 0xFF, false, (offset & LOGICAL_MESSAGE) != 0, delivery, data & 0xFF, level, lowest);
    return any ? null : "no local APIC is its destination";
  }

  /** @return whether there is a destination */
  private boolean deliver(int destination, boolean wide, boolean logical, int delivery, int vector, boolean level, boolean lowest) {
    if (lowest) {
      return lowest(null, destination, wide, logical, vector, level);
    }
    boolean any = false;
    for (LocalApic apic : apics) {
      if (apic.matches(destination, wide, logical)) {
        any = true;
        apic.deliver(delivery, vector, level);
      }
    }
    return any;
  }

  /** To the destination of the lowest priority, of several the one of the first CPU; among those that receive interrupts. */
  private boolean lowest(@Nullable LocalApic but, int destination, boolean wide, boolean logical, int vector, boolean level) {
    LocalApic chosen = null;
    for (LocalApic apic : apics) {
      if (apic != but && apic.receives() && apic.matches(destination, wide, logical) && (chosen == null
          || apic.arbitrationPriority() < chosen.arbitrationPriority())) {
        chosen = apic;
      }
    }
    if (chosen != null) {
      chosen.deliver(LOWEST_PRIORITY, vector, level);
    }
    return chosen != null;
  }
}
