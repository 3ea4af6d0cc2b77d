// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.ArrayList;
import java.util.List;

/**
 * A capability as a table.
 *
 * @param id       its id
 * @param extended whether it is behind the first 256 bytes
 * @param version  of an extended one
 * @param length   bytes with its header
 * @param fields   what is behind the header
 */
public record Capability(int id, boolean extended, int version, int length, List<Field> fields) {
  /** Power management. */
  public static final int POWER_MANAGEMENT = 0x01;
  /** Message-signalled interrupts. */
  public static final int MSI = 0x05;
  /** PCI Express. */
  public static final int EXPRESS = 0x10;
  /** MSI-X. */
  public static final int MSIX = 0x11;
  /** Extended: advanced error reporting. */
  public static final int ADVANCED_ERRORS = 0x0001;
  /** Extended: access control services. */
  public static final int ACCESS_CONTROL = 0x000D;

  /** @throws IllegalArgumentException if a field isn't within the capability */
  public Capability {
    fields = List.copyOf(fields);
    for (Field field : fields) {
      if (field.offset() < (extended ? 4 : 2) || field.offset() + field.bytes() > length) {
        throw new IllegalArgumentException("capability 0x" + Integer.toHexString(id) + ": a field of " + field.bytes() + " bytes at "
            + field.offset() + " isn't behind its header and within its " + length + " bytes");
      }
    }
  }

  /**
   * A field.
   *
   * @param offset     from the capability's first byte
   * @param bytes      1 to 4
   * @param value      after reset
   * @param rw         bits that can be written
   * @param clearedBy1 bits that writing 1 clears
   */
  public record Field(int offset, int bytes, int value, int rw, int clearedBy1) {}

  private static Field field(int offset, int bytes, int value, int rw) {
    return new Field(offset, bytes, value, rw, 0);
  }

  /**
   * Power management with D0 and D3hot (PCI Bus Power Management 1.2, 3.2).
   *
   * @param keeps whether it is not reset when it comes back from D3hot (No_Soft_Reset)
   */
  public static Capability powerManagement(boolean keeps) {
    return powerManagement(keeps, false);
  }

  /**
   * Power management with D0 and D3hot (PCI Bus Power Management 1.2, 3.2).
   *
   * @param keeps whether it is not reset when it comes back from D3hot (No_Soft_Reset)
   * @param wakes whether it can send power management events (PME) from both
   */
  public static Capability powerManagement(boolean keeps, boolean wakes) {
    int wake = wakes ? 1 << 8 : 0;
    return new Capability(POWER_MANAGEMENT, false, 0, 8, List.of(field(2, 2, 3 | (wakes ? 1 << 11 | 1 << 14 : 0), 0),
        new Field(4, 2, keeps ? 8 : 0, 3 | wake, wakes ? 1 << 15 : 0)));
  }

  /**
   * MSI with 64-bit addresses and masks (PCI Local Bus 3.0, 6.8.1).
   *
   * @param log2Vectors 0 to 5: it can send 2 to the power of that many messages
   */
  public static Capability msi(int log2Vectors) {
    return msi(log2Vectors, true, true);
  }

  /**
   * MSI in one of its four forms (PCI Local Bus 3.0, 6.8.1).
   *
   * @param log2Vectors 0 to 5: it can send 2 to the power of that many messages
   * @param wide        whether addresses have 64 bits, else 32
   * @param masks       whether there are mask and pending bits
   */
  public static Capability msi(int log2Vectors, boolean wide, boolean masks) {
    int bits = (1 << (1 << log2Vectors)) - 1 | (log2Vectors == 5 ? -1 : 0);
    int data = wide ? 12 : 8;
    List<Field> fields = new ArrayList<>(List.of(field(2, 2, (masks ? 1 << 8 : 0) | (wide ? 1 << 7 : 0) | log2Vectors << 1, 0x71),
        field(4, 4, 0, ~3), field(data, 2, 0, 0xFFFF)));
    if (wide) {
      fields.add(field(8, 4, 0, -1));
    }
    if (masks) {
      fields.add(field(data + 4, 4, 0, bits));
    }
    return new Capability(MSI, false, 0, data + (masks ? 12 : 4), fields);
  }

  /**
   * MSI-X (PCI Local Bus 3.0, 6.8.2).
   *
   * @param vectors 1 to 2048
   * @param bar     the BAR that holds table and pending bits
   * @param table   offset of the table in it
   * @param pending offset of the pending bits in it
   */
  public static Capability msix(int vectors, int bar, int table, int pending) {
    return new Capability(MSIX, false, 0, 12, List.of(field(2, 2, vectors - 1, 0xC000), field(4, 4, table | bar, 0),
        field(8, 4, pending | bar, 0)));
  }

  /** What a PCI Express function is (PCI Express Base 4.0, table 7-16). */
  public enum Express {
    /** An endpoint; on a root bus it reads as {@link #INTEGRATED}, without a link. */
    ENDPOINT(0),
    /** A root port. */
    ROOT_PORT(4),
    /** A switch's port towards the root. */
    UPSTREAM_PORT(5),
    /** A port of a switch away from the root. */
    DOWNSTREAM_PORT(6),
    /** An endpoint that is part of the root complex, without a link. */
    INTEGRATED(9);

    private final int type;

    Express(int type) {
      this.type = type;
    }
  }

  /** PCI Express, version 2, one lane at 2.5 GT/s, function-level reset in endpoints (PCI Express Base 4.0, 7.5.3). */
  public static Capability express(Express kind) {
    return express(kind, 0);
  }

  /**
   * PCI Express as {@link #express(Express)} has it.
   *
   * @param message which message a root port sends for a power management event, 0 to 31 (Interrupt Message Number)
   */
  public static Capability express(Express kind, int message) {
    boolean port = kind == Express.ROOT_PORT || kind == Express.DOWNSTREAM_PORT;
    boolean reset = kind == Express.ENDPOINT || kind == Express.INTEGRATED;
    List<Field> fields = new ArrayList<>();
    fields.add(field(2, 2, 2 | kind.type << 4 | (port ? 1 << 8 : 0) | message(message) << 9, 0));
    fields.add(field(4, 4, 1 << 15 | (reset ? 1 << 28 : 0), 0));
    fields.add(field(8, 2, 0x2810, reset ? 0xFFFF : 0x7FFF));
    fields.add(new Field(10, 2, 0, 0, 0xF));
    if (kind != Express.INTEGRATED) {
      fields.add(field(12, 4, 1 | 1 << 4 | (port ? 1 << 20 : 0), 0));
      fields.add(field(16, 2, 0, port ? 0x0FFB : 0x03CB));
      fields.add(field(18, 2, 1 | 1 << 4 | (port ? 1 << 13 : 0), 0));
    }
    if (port) {
      fields.add(field(20, 4, 0, 0));
      fields.add(new Field(26, 2, 1 << 6, 0, 0x1F));
    }
    if (kind == Express.ROOT_PORT) {
      // Root control with CRS visibility, and that it can (root capabilities).
      fields.add(field(28, 2, 0, 0x1F));
      fields.add(field(30, 2, 1, 0));
      fields.add(new Field(32, 4, 0, 0, 1 << 16));
    }
    fields.add(field(36, 4, 0x1F, 0));
    fields.add(field(40, 2, 0, 0x1F));
    fields.add(field(44, 4, kind == Express.INTEGRATED ? 0 : 2, 0));
    fields.add(field(48, 2, kind == Express.INTEGRATED ? 0 : 1, 0x3F));
    return new Capability(EXPRESS, false, 0, 60, fields);
  }

  private static int message(int number) {
    if (number < 0 || number > 31) {
      throw new IllegalArgumentException("message " + number + ": an interrupt message number is 0 to 31");
    }
    return number;
  }

  /** Advanced error reporting (PCI Express Base 4.0, 7.8.4). @param root whether it is a root port's, with what messages of errors need */
  public static Capability advancedErrors(boolean root) {
    return advancedErrors(root, 0);
  }

  /**
   * Advanced error reporting (PCI Express Base 4.0, 7.8.4).
   *
   * @param root    whether it is a root port's, with what messages of errors need
   * @param message which message a root port sends for an error, 0 to 31 (Advanced Error Interrupt Message Number)
   */
  public static Capability advancedErrors(boolean root, int message) {
    int errors = 0x01FF_F030;
    List<Field> fields = new ArrayList<>(List.of(new Field(4, 4, 0, 0, errors), field(8, 4, 0, errors), field(12, 4, 0x0046_2030, errors),
        new Field(16, 4, 0, 0, 0xF1C1), field(20, 4, 0x2000, 0xF1C1), field(24, 4, 0, 0)));
    if (root) {
      fields.add(field(44, 4, 0, 7));
      fields.add(new Field(48, 4, message(message) << 27, 0, 0x7F));
    }
    return new Capability(ADVANCED_ERRORS, true, 2, root ? 56 : 44, fields);
  }

  /** Access control services of a root port: source validation, translation blocking, request and completion redirect, upstream forwarding (7.7.8). */
  public static Capability accessControl() {
    return new Capability(ACCESS_CONTROL, true, 1, 8, List.of(field(4, 2, 0x1F, 0), field(6, 2, 0, 0x1F)));
  }
}
