// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import org.xenolith.hyp.api.PciFunction;

/**
 * Resets one function, with what it can: function level reset (PCI Express Base 4.0, 6.6.2; Advanced Features ECN), from D3hot to D0
 * (PCI Power Management 1.2, 5.4), or the bus that it is alone on. Where its registers are in the address space it finds again.
 */
final class FunctionReset {
  private static final int COMMAND = 0x04;
  private static final int MASTER_AND_SPACES = 7;
  private static final int CACHE_LINE = 0x0C;
  private static final int BAR0 = 0x10;
  private static final int BARS = 6;
  private static final int ROM = 0x30;
  private static final int INTERRUPT_LINE = 0x3C;
  private static final int BRIDGE_CONTROL = 0x3E;
  private static final int SECONDARY_RESET = 1 << 6;
  private static final int DEVICE_CAPABILITIES = 4;
  private static final int HAS_RESET = 1 << 28;
  private static final int DEVICE_CONTROL = 8;
  private static final int DEVICE_RESET = 1 << 15;
  /** Error reporting and payload size, which go with the link: they survive; what the one before chose does not. */
  private static final int HOSTS_CONTROL = 0xEF;
  private static final int GUESTS_CONTROL = ~DEVICE_RESET & ~HOSTS_CONTROL;
  private static final int DEVICE_STATUS = 10;
  private static final int PENDING = 1 << 5;
  private static final int FEATURES = 3;
  private static final int FEATURES_RESET = 2;
  private static final int FEATURES_CONTROL = 4;
  private static final int POWER_CONTROL = 4;
  private static final int POWER_STATE = 3;
  private static final int NO_SOFT_RESET = 8;
  /** Reads until a function must have come back; each takes its time on the bus. */
  private static final int PATIENCE = 1000;
  private static final int RETRY = 0xFFFF_0001;

  private final Topology topology;

  /** How a function can be reset. */
  enum Way {
    /** Function level reset of PCI Express. */
    FUNCTION_LEVEL,
    /** Function level reset of conventional PCI's Advanced Features. */
    ADVANCED_FEATURES,
    /** D3hot and back. */
    POWER,
    /** Reset of the bus behind the bridge above. */
    SECONDARY_BUS,
    /** Not at all. */
    NONE
  }

  FunctionReset(Topology topology) {
    this.topology = topology;
  }

  /** The best way that there is. */
  Way way(PciFunction function) {
    int express = Capabilities.find(function, Capabilities.EXPRESS);
    if (express != 0 && (function.read(express + DEVICE_CAPABILITIES, 4) & HAS_RESET) != 0) {
      return Way.FUNCTION_LEVEL;
    }
    int features = Capabilities.find(function, Capabilities.ADVANCED_FEATURES);
    if (features != 0 && (function.read(features + FEATURES, 1) & FEATURES_RESET) != 0) {
      return Way.ADVANCED_FEATURES;
    }
    int power = Capabilities.find(function, Capabilities.POWER);
    if (power != 0 && (function.read(power + POWER_CONTROL, 2) & NO_SOFT_RESET) == 0) {
      return Way.POWER;
    }
    return topology.above(function) != null && topology.alone(function) ? Way.SECONDARY_BUS : Way.NONE;
  }

  /** Resets a function, which decodes nothing and reaches no memory afterwards. @return whether that worked */
  boolean reset(PciFunction function) {
    Way way = way(function);
    if (way == Way.NONE) {
      return false;
    }
    int express = Capabilities.find(function, Capabilities.EXPRESS);
    int[] bars = new int[BARS];
    for (int i = 0; i < BARS; i++) {
      bars[i] = function.read(BAR0 + 4 * i, 4);
    }
    int rom = function.read(ROM, 4);
    int line = function.read(INTERRUPT_LINE, 1);
    int cache = function.read(CACHE_LINE, 1);
    int control = express == 0 ? 0 : function.read(express + DEVICE_CONTROL, 2) & ~DEVICE_RESET;
    function.write(COMMAND, 2, function.read(COMMAND, 2) & ~MASTER_AND_SPACES);
    if (express != 0) {
      settle(function, express);
    }
    pull(way, function, express);
    if (!answers(function)) {
      return false;
    }
    for (int i = 0; i < BARS; i++) {
      function.write(BAR0 + 4 * i, 4, bars[i]);
    }
    function.write(ROM, 4, rom);
    function.write(INTERRUPT_LINE, 1, line);
    function.write(CACHE_LINE, 1, cache);
    if (express != 0) {
      function.write(express + DEVICE_CONTROL, 2, control & HOSTS_CONTROL | function.read(express + DEVICE_CONTROL, 2) & GUESTS_CONTROL);
    }
    return true;
  }

  private void pull(Way way, PciFunction function, int express) {
    switch (way) {
      case FUNCTION_LEVEL -> function.write(express + DEVICE_CONTROL, 2, function.read(express + DEVICE_CONTROL, 2) | DEVICE_RESET);
      case ADVANCED_FEATURES -> function.write(Capabilities.find(function, Capabilities.ADVANCED_FEATURES) + FEATURES_CONTROL, 1, 1);
      case POWER -> {
        int at = Capabilities.find(function, Capabilities.POWER) + POWER_CONTROL;
        int state = function.read(at, 2) & ~POWER_STATE;
        function.write(at, 2, state | POWER_STATE);
        function.write(at, 2, state);
      }
      case SECONDARY_BUS -> {
        PciFunction bridge = topology.above(function);
        int control = bridge.read(BRIDGE_CONTROL, 2);
        bridge.write(BRIDGE_CONTROL, 2, control | SECONDARY_RESET);
        bridge.write(BRIDGE_CONTROL, 2, control & ~SECONDARY_RESET);
      }
      case NONE -> {
      }
    }
  }

  /** Transactions that are on their way come back first. */
  private static void settle(PciFunction function, int express) {
    for (int i = 0; i < PATIENCE && (function.read(express + DEVICE_STATUS, 2) & PENDING) != 0; i++) {
      // The next read.
    }
  }

  private static boolean answers(PciFunction function) {
    for (int i = 0; i < PATIENCE; i++) {
      int ids = function.read(0, 4);
      if (ids != -1 && ids != RETRY) {
        return true;
      }
    }
    return false;
  }
}
