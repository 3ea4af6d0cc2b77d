// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.pci.api.PciError;
import org.xenolith.pci.api.PciErrorMessage;

/**
 * What a function notes of an error, and what it says of it upstream (PCI Express Base 4.0, 6.2.5): in the device status of its PCI
 * Express capability and in advanced error reporting, as far as it has them.
 */
final class ErrorReport {
  private static final int DEVICE_CONTROL = 8;
  private static final int DEVICE_STATUS = 10;
  /** Device status: correctable, non-fatal, fatal, unsupported request; device control has their enables at the same places. */
  private static final int CORRECTABLE = 1;
  private static final int NONFATAL = 1 << 1;
  private static final int FATAL = 1 << 2;
  private static final int UNSUPPORTED = 1 << 3;
  private static final int UNCORRECTABLE_STATUS = 4;
  private static final int UNCORRECTABLE_MASK = 8;
  private static final int UNCORRECTABLE_SEVERITY = 12;
  private static final int CORRECTABLE_STATUS = 16;
  private static final int CORRECTABLE_MASK = 20;
  private static final int CONTROL = 24;
  private static final int FIRST_ERROR = 0x1F;
  private static final int HEADER_LOG = 28;
  private static final int HEADER_WORDS = 4;
  /** What is fatal if software hasn't said (table 7-80). */
  private static final int USUALLY_FATAL = 0x0046_2030;
  private static final int SYSTEM_ERROR = 1 << 8;
  private static final int SIGNALLED_SYSTEM_ERROR = 1 << 14;

  private final ConfigSpace config;
  private final int express;
  private final int advanced;

  ErrorReport(ConfigSpace config) {
    this.config = config;
    express = config.table().capability(Capability.EXPRESS);
    advanced = config.table().extendedCapability(Capability.ADVANCED_ERRORS);
  }

  /**
   * Notes an error.
   *
   * @param header of the packet that it was found in, at most four words
   * @return what goes upstream; null for nothing
   */
  @Nullable
  PciErrorMessage note(PciError error, int... header) {
    if (express == 0) {
      return null;
    }
    return error.correctable() ? correctable(error) : uncorrectable(error, header);
  }

  private @Nullable PciErrorMessage correctable(PciError error) {
    config.set(express + DEVICE_STATUS, CORRECTABLE, true);
    boolean masked = false;
    if (advanced != 0) {
      masked = (config.read(advanced + CORRECTABLE_MASK, 4) & error.mask()) != 0;
      config.set(advanced + CORRECTABLE_STATUS, 4, config.read(advanced + CORRECTABLE_STATUS, 4) | error.mask());
    }
    return !masked && (control() & CORRECTABLE) != 0 ? PciErrorMessage.CORRECTABLE : null;
  }

  private @Nullable PciErrorMessage uncorrectable(PciError error, int... header) {
    int severity = advanced == 0 ? USUALLY_FATAL : config.read(advanced + UNCORRECTABLE_SEVERITY, 4);
    boolean fatal = (severity & error.mask()) != 0;
    boolean unsupported = error == PciError.UNSUPPORTED_REQUEST;
    config.set(express + DEVICE_STATUS, (fatal ? FATAL : NONFATAL) | (unsupported ? UNSUPPORTED : 0), true);
    if (advanced != 0 && !logged(error, header)) {
      return null;
    }
    boolean system = (config.read(ConfigTable.COMMAND, 2) & SYSTEM_ERROR) != 0;
    boolean enabled = (control() & (fatal ? FATAL : NONFATAL)) != 0 && (!unsupported || (control() & UNSUPPORTED) != 0);
    if (!system && !enabled) {
      return null;
    }
    if (system) {
      config.set(ConfigTable.STATUS, SIGNALLED_SYSTEM_ERROR, true);
    }
    return fatal ? PciErrorMessage.FATAL : PciErrorMessage.NONFATAL;
  }

  /** Puts it into the registers of advanced error reporting. @return whether it isn't masked */
  private boolean logged(PciError error, int... header) {
    int status = config.read(advanced + UNCORRECTABLE_STATUS, 4);
    boolean masked = (config.read(advanced + UNCORRECTABLE_MASK, 4) & error.mask()) != 0;
    int control = config.read(advanced + CONTROL, 4);
    boolean first = (status >>> (control & FIRST_ERROR) & 1) == 0;
    config.set(advanced + UNCORRECTABLE_STATUS, 4, status | error.mask());
    if (masked || !first) {
      return !masked;
    }
    config.set(advanced + CONTROL, 4, control & ~FIRST_ERROR | Integer.numberOfTrailingZeros(error.mask()));
    for (int i = 0; i < HEADER_WORDS; i++) {
      config.set(advanced + HEADER_LOG + 4 * i, 4, i < header.length ? header[i] : 0);
    }
    return true;
  }

  private int control() {
    return config.read(express + DEVICE_CONTROL, 2);
  }
}
