// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.xenolith.pci.api.PciErrorMessage;

/**
 * What a root port makes of messages from below and of its own: power management events in root status, one by one (PCI Express Base
 * 4.0, 6.1.6 and 7.5.3.14), and errors in the root error registers (6.2.4.1 and 7.8.4.9 to 11). Either wants an interrupt while it is
 * there and enabled. All of it is in configuration space.
 */
final class RootEvents {
  private static final int FLAGS = 2;
  private static final int EXPRESS_MESSAGE = 9;
  private static final int ROOT_CONTROL = 28;
  private static final int ROOT_STATUS = 32;
  private static final int POWER_INTERRUPT = 1 << 3;
  private static final int POWER_STATUS = 1 << 16;
  private static final int POWER_PENDING = 1 << 17;
  private static final int ERROR_COMMAND = 44;
  private static final int ERROR_STATUS = 48;
  private static final int ERROR_SOURCE = 52;
  private static final int ERROR_MESSAGE = 27;
  private static final int CORRECTABLE = 1;
  private static final int MANY_CORRECTABLE = 1 << 1;
  private static final int UNCORRECTABLE = 1 << 2;
  private static final int MANY_UNCORRECTABLE = 1 << 3;
  private static final int FIRST_FATAL = 1 << 4;
  private static final int NONFATAL_SEEN = 1 << 5;
  private static final int FATAL_SEEN = 1 << 6;
  private static final int MESSAGES = 31;
  /** What the bridge keeps: how many requesters wait, and from the next place on which. */
  private static final int WAITING = 2;
  /** More than that don't wait: a function sends its event again if nobody cares (5.3.3.2). */
  private static final int MOST_WAITING = 16;

  private final ConfigSpace config;
  private final int express;
  /** 0 without. */
  private final int advanced;
  private final int powerMessage;
  private final int errorMessage;

  RootEvents(ConfigSpace config) {
    this.config = config;
    express = config.table().capability(Capability.EXPRESS);
    int errors = config.table().extendedCapability(Capability.ADVANCED_ERRORS);
    advanced = errors != 0 && rootErrors(config, errors) ? errors : 0;
    powerMessage = config.read(express + FLAGS, 2) >>> EXPRESS_MESSAGE & MESSAGES;
    errorMessage = advanced == 0 ? 0 : config.read(advanced + ERROR_STATUS, 4) >>> ERROR_MESSAGE & MESSAGES;
  }

  /** Whether an advanced error capability is a root port's: its command register can be written. */
  private static boolean rootErrors(ConfigSpace config, int errors) {
    return config.table().writable[errors + ERROR_COMMAND] != 0;
  }

  /** Whether a bridge is a root port. */
  static boolean in(ConfigTable table) {
    int express = table.capability(Capability.EXPRESS);
    return express != 0 && (table.reset[express + FLAGS] >>> 4 & 0xF) == 4;
  }

  // ---- Power management events

  void wake(int requester) {
    int status = config.read(express + ROOT_STATUS, 4);
    if ((status & POWER_STATUS) == 0) {
      config.set(express + ROOT_STATUS, 4, POWER_STATUS | requester & 0xFFFF);
    } else {
      wait(requester & 0xFFFF);
      config.set(express + ROOT_STATUS, 4, status | POWER_PENDING);
    }
  }

  private void wait(int requester) {
    int waiting = waiting();
    for (int i = 0; i < waiting; i++) {
      if (config.kept(WAITING + 2 + 2 * i) == requester) {
        return;
      }
    }
    if (waiting < MOST_WAITING) {
      config.keep(WAITING + 2 + 2 * waiting, requester);
      config.keep(WAITING, waiting + 1);
    }
  }

  private int waiting() {
    return Math.min(config.kept(WAITING), MOST_WAITING);
  }

  /** Root status may have been written: if the event was cleared, the next one is there. */
  private void next() {
    int waiting = waiting();
    if (waiting == 0 || (config.read(express + ROOT_STATUS, 4) & POWER_STATUS) != 0) {
      return;
    }
    config.set(express + ROOT_STATUS, 4, POWER_STATUS | config.kept(WAITING + 2) | (waiting > 1 ? POWER_PENDING : 0));
    for (int i = 1; i < waiting; i++) {
      config.keep(WAITING + 2 * i, config.kept(WAITING + 2 + 2 * i));
    }
    config.keep(WAITING, waiting - 1);
  }

  boolean powerInterrupt() {
    return (config.read(express + ROOT_STATUS, 4) & POWER_STATUS) != 0 && (config.read(express + ROOT_CONTROL, 2) & POWER_INTERRUPT) != 0;
  }

  int powerMessage() {
    return config.read(express + FLAGS, 2) >>> EXPRESS_MESSAGE & MESSAGES;
  }

  // ---- Errors

  void error(int requester, PciErrorMessage message) {
    if (advanced == 0) {
      return;
    }
    int status = config.read(advanced + ERROR_STATUS, 4);
    if (message == PciErrorMessage.CORRECTABLE) {
      if ((status & CORRECTABLE) == 0) {
        config.set(advanced + ERROR_SOURCE, 2, requester);
      }
      status |= (status & CORRECTABLE) == 0 ? CORRECTABLE : MANY_CORRECTABLE;
    } else {
      boolean fatal = message == PciErrorMessage.FATAL;
      if ((status & UNCORRECTABLE) == 0) {
        config.set(advanced + ERROR_SOURCE + 2, 2, requester);
        status |= UNCORRECTABLE | (fatal ? FIRST_FATAL : 0);
      } else {
        status |= MANY_UNCORRECTABLE;
      }
      status |= fatal ? FATAL_SEEN : NONFATAL_SEEN;
    }
    config.set(advanced + ERROR_STATUS, 4, status);
  }

  /** The enables of the command register are for correctable, non-fatal and fatal messages in this order. */
  boolean errorInterrupt() {
    if (advanced == 0) {
      return false;
    }
    int status = config.read(advanced + ERROR_STATUS, 4);
    int seen = status & CORRECTABLE | ((status & NONFATAL_SEEN) != 0 ? 2 : 0) | ((status & FATAL_SEEN) != 0 ? 4 : 0);
    return (seen & config.read(advanced + ERROR_COMMAND, 4)) != 0;
  }

  int errorMessage() {
    return config.read(advanced + ERROR_STATUS, 4) >>> ERROR_MESSAGE & MESSAGES;
  }

  // ---- Both

  /**
   * After a write from the bus.
   *
   * @param granted how many messages of MSI software has granted, if MSI is on; else 32. Message numbers are within them (7.5.3.2).
   */
  void written(int granted) {
    next();
    int flags = config.read(express + FLAGS, 2) & ~(MESSAGES << EXPRESS_MESSAGE);
    config.set(express + FLAGS, 2, flags | (powerMessage & granted - 1) << EXPRESS_MESSAGE);
    if (advanced != 0) {
      int status = config.read(advanced + ERROR_STATUS, 4) & ~(MESSAGES << ERROR_MESSAGE);
      config.set(advanced + ERROR_STATUS, 4, status | (errorMessage & granted - 1) << ERROR_MESSAGE);
    }
  }
}
