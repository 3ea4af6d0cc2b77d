// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterSpec;

/**
 * The configuration space of a function as it is made: what each byte is after reset, which bits can be written and which are
 * cleared by writing 1, where the capabilities and the BARs are. Immutable; made by a {@link Builder}.
 */
public final class ConfigTable {
  /** Bytes of a function's configuration space (PCI Express Base 4.0, 7.2). */
  public static final int SIZE = 4096;
  /** Vendor ID, 16 bits. */
  public static final int VENDOR_ID = 0x00;
  /** Device ID, 16 bits. */
  public static final int DEVICE_ID = 0x02;
  /** Command, 16 bits. */
  public static final int COMMAND = 0x04;
  /** Command: I/O space. */
  public static final int COMMAND_IO = 1;
  /** Command: memory space. */
  public static final int COMMAND_MEMORY = 1 << 1;
  /** Command: bus master. */
  public static final int COMMAND_MASTER = 1 << 2;
  /** Command: no INTx. */
  public static final int COMMAND_INTX_DISABLE = 1 << 10;
  /** Status, 16 bits. */
  public static final int STATUS = 0x06;
  /** Status: INTx is pending. */
  public static final int STATUS_INTERRUPT = 1 << 3;
  /** The first BAR. */
  public static final int BAR0 = 0x10;
  /** Interrupt Line, 8 bits, and Interrupt Pin behind it. */
  public static final int INTERRUPT_LINE = 0x3C;
  /** Header Type, 8 bits. */
  static final int HEADER_TYPE = 0x0E;
  /** Bridges: secondary status, 16 bits. */
  static final int SECONDARY_STATUS = 0x1E;
  /** Bridges: bridge control, 16 bits. */
  static final int BRIDGE_CONTROL = 0x3E;
  private static final int CAPABILITIES = 0x34;
  private static final int EXTENDED = 0x100;
  private static final int STATUS_CAPABILITIES = 1 << 4;
  private static final int FIRST_CAPABILITY = 0x40;

  final byte[] reset;
  final byte[] writable;
  final byte[] clearable;
  final List<Bar> bars;
  final boolean bridge;
  private final List<Placed> capabilities;

  private ConfigTable(Builder builder) {
    reset = builder.reset.clone();
    writable = builder.writable.clone();
    clearable = builder.clearable.clone();
    bars = List.copyOf(builder.bars);
    bridge = builder.header == 1;
    capabilities = List.copyOf(builder.capabilities);
  }

  /** Kinds of BARs (PCI Local Bus 3.0, 6.2.5). */
  public enum BarKind {
    /** I/O space. */
    IO(1),
    /** 32-bit memory. */
    MEMORY32(0),
    /** 64-bit memory; takes two registers. */
    MEMORY64(4),
    /** 64-bit memory without side effects of reads. */
    PREFETCHABLE64(12);

    final int flags;

    BarKind(int flags) {
      this.flags = flags;
    }

    /** How many registers of the header it takes. */
    int registers() {
      return this == MEMORY64 || this == PREFETCHABLE64 ? 2 : 1;
    }
  }

  /**
   * A BAR.
   *
   * @param index number of its first register
   * @param kind  what it maps
   * @param size  bytes, a power of two
   */
  public record Bar(int index, BarKind kind, long size) {
    /** Checks the size. */
    public Bar {
      if (size < (kind == BarKind.IO ? 4 : 16) || Long.bitCount(size) != 1) {
        throw new IllegalArgumentException("BAR " + index + ": expected a power of two of at least 4 bytes (I/O) or 16, got " + size);
      }
    }
  }

  private record Placed(Capability capability, int offset) {
    int end() {
      return offset + capability.length();
    }

    boolean is(int id, boolean extended) {
      return capability.id() == id && capability.extended() == extended;
    }

    @Override
    public String toString() {
      return (capability.extended() ? "extended capability 0x" : "capability 0x") + Integer.toHexString(capability.id()) + " at 0x"
          + Integer.toHexString(offset) + "..0x" + Integer.toHexString(end() - 1);
    }
  }

  /**
   * Where a capability is.
   *
   * @param id capability id
   * @return its offset, or 0 if there is none
   */
  public int capability(int id) {
    return find(id, false);
  }

  /** Where an extended capability is; 0 if there is none. */
  public int extendedCapability(int id) {
    return find(id, true);
  }

  private int find(int id, boolean extended) {
    return capabilities.stream().filter(c -> c.is(id, extended)).mapToInt(Placed::offset).findFirst().orElse(0);
  }

  /** All registers, of header and capabilities, for who looks into the function. */
  List<ListedRegister> registers() {
    List<ListedRegister> all = new ArrayList<>(ConfigRegisters.header(bridge));
    capabilities.forEach(placed -> all.addAll(ConfigRegisters.capability(placed.capability, placed.offset)));
    return all.stream().map(each -> new ListedRegister(each.name(), masked(each.spec()), each.table())).toList();
  }

  private RegisterSpec masked(RegisterSpec spec) {
    return spec.rw(bits(writable, spec)).w1c(bits(clearable, spec));
  }

  private static long bits(byte[] of, RegisterSpec spec) {
    long bits = 0;
    for (int i = spec.size() - 1; i >= 0; i--) {
      bits = bits << Byte.SIZE | of[spec.offset() + i] & 0xFF;
    }
    return bits;
  }

  /** The BARs, by number. */
  public List<Bar> bars() {
    return bars;
  }

  /** A function with a type 0 header. */
  public static Builder endpoint(int vendor, int device, int classCode, int revision) {
    return new Builder(vendor, device, classCode, revision, 0);
  }

  /** A bridge, with a type 1 header. */
  public static Builder bridge(int vendor, int device, int classCode, int revision) {
    Builder builder = new Builder(vendor, device, classCode, revision, 1);
    // Bus numbers; I/O, memory and prefetchable windows (64-bit); bridge control (PCI-to-PCI Bridge 1.2, 3.2.5).
    builder.field(0x18, 3, 0, 0xFF_FFFF, 0);
    builder.field(0x1C, 2, 0x0101, 0xF0F0, 0);
    builder.field(SECONDARY_STATUS, 2, 0, 0, 0xF900);
    builder.field(0x20, 4, 0, 0xFFF0_FFF0, 0);
    builder.field(0x24, 4, 0x0001_0001, 0xFFF0_FFF0, 0);
    builder.field(0x28, 4, 0, -1, 0);
    builder.field(0x2C, 4, 0, -1, 0);
    builder.field(0x30, 4, 0, -1, 0);
    builder.field(BRIDGE_CONTROL, 2, 0, 0x005F, 0);
    return builder;
  }

  /** Makes a table. Each method returns the builder. */
  public static final class Builder {
    private final byte[] reset = new byte[SIZE];
    private final byte[] writable = new byte[SIZE];
    private final byte[] clearable = new byte[SIZE];
    private final List<Bar> bars = new ArrayList<>();
    private final List<Placed> capabilities = new ArrayList<>();
    private final int header;

    private Builder(int vendor, int device, int classCode, int revision, int header) {
      this.header = header;
      field(VENDOR_ID, 2, vendor, 0, 0);
      field(DEVICE_ID, 2, device, 0, 0);
      field(COMMAND, 2, 0, 0x0547, 0);
      field(STATUS, 2, 0, 0, 0xF900);
      field(0x08, 4, classCode << 8 | revision & 0xFF, 0, 0);
      field(0x0C, 1, 0, 0xFF, 0);
      field(HEADER_TYPE, 1, header, 0, 0);
      field(INTERRUPT_LINE, 1, 0, 0xFF, 0);
    }

    /**
     * Any field.
     *
     * @param bytes     1 to 4
     * @param value     after reset
     * @param rw        bits that can be written
     * @param clearedBy1 bits that writing 1 clears
     */
    public Builder field(int offset, int bytes, int value, int rw, int clearedBy1) {
      for (int i = 0; i < bytes; i++) {
        reset[offset + i] = (byte) (value >>> 8 * i);
        writable[offset + i] = (byte) (rw >>> 8 * i);
        clearable[offset + i] = (byte) (clearedBy1 >>> 8 * i);
      }
      return this;
    }

    /** Subsystem ids of an endpoint. */
    public Builder subsystem(int vendor, int device) {
      return field(0x2C, 2, vendor, 0, 0).field(0x2E, 2, device, 0, 0);
    }

    /** It has several functions: the header type says so. */
    public Builder multifunction() {
      return field(HEADER_TYPE, 1, header | 0x80, 0, 0);
    }

    /** It uses INTx. @param pin 1 for INTA to 4 for INTD */
    public Builder pin(int pin) {
      return field(INTERRUPT_LINE + 1, 1, pin, 0, 0);
    }

    /**
     * A BAR. An endpoint has six registers for them, a bridge two.
     *
     * @throws IllegalArgumentException if the header has no such register, or another BAR has it
     */
    public Builder bar(int index, BarKind kind, long size) {
      int most = header == 0 ? 6 : 2;
      int registers = kind.registers();
      if (index < 0 || index + registers > most) {
        throw new IllegalArgumentException("BAR " + index + ": the header has " + most);
      }
      for (Bar other : bars) {
        if (index < other.index + other.kind.registers() && other.index < index + registers) {
          throw new IllegalArgumentException("BAR " + index + ": its register is BAR " + other.index + "'s already");
        }
      }
      bars.add(new Bar(index, kind, size));
      long mask = -size;
      field(BAR0 + 4 * index, 4, kind.flags, (int) mask & (kind == BarKind.IO ? ~3 : ~15), 0);
      return registers == 2 ? field(BAR0 + 4 * index + 4, 4, 0, (int) (mask >>> 32), 0) : this;
    }

    /**
     * A capability in the first place that has room for it.
     *
     * @throws IllegalArgumentException if none has
     */
    public Builder capability(Capability capability) {
      boolean extended = capability.extended();
      int step = extended ? 16 : 4;
      int at = extended ? EXTENDED : FIRST_CAPABILITY;
      int end = extended ? SIZE : EXTENDED;
      while (at + capability.length() <= end) {
        Placed placed = new Placed(capability, at);
        Placed other = overlapped(placed);
        if (other == null) {
          return place(placed);
        }
        at = other.end() + step - 1 & -step;
      }
      throw new IllegalArgumentException("capability 0x" + Integer.toHexString(capability.id()) + ": no room for its "
          + capability.length() + " bytes below 0x" + Integer.toHexString(end));
    }

    /**
     * A capability at an offset, as the hardware has it. The lists lead from one to the next in the order of these calls, whichever
     * is first in configuration space; the first extended one is at 0x100, where software begins to look (PCI Express Base 4.0, 7.6).
     *
     * @param at a multiple of 4; 0x40 to 0xFF, or 0x100 to 0xFFF for an extended one
     * @throws IllegalArgumentException if it isn't there as a whole, or overlaps another one
     */
    public Builder capability(Capability capability, int at) {
      Placed placed = new Placed(capability, at);
      int from = capability.extended() ? EXTENDED : FIRST_CAPABILITY;
      int end = capability.extended() ? SIZE : EXTENDED;
      if (at < from || (at & 3) != 0 || placed.end() > end) {
        throw new IllegalArgumentException(placed + ": expected a multiple of 4, with all of it from 0x" + Integer.toHexString(from)
            + " to 0x" + Integer.toHexString(end - 1));
      }
      Placed other = overlapped(placed);
      if (other != null) {
        throw new IllegalArgumentException(placed + " overlaps " + other);
      }
      return place(placed);
    }

    private Placed overlapped(Placed placed) {
      return capabilities.stream().filter(other -> placed.offset < other.end() && other.offset < placed.end()).findFirst().orElse(null);
    }

    private Builder place(Placed placed) {
      Capability capability = placed.capability;
      int at = placed.offset;
      Placed last = capabilities.stream().filter(c -> c.capability.extended() == capability.extended()).reduce((a, b) -> b).orElse(null);
      if (capability.extended()) {
        if (last == null && at != EXTENDED) {
          throw new IllegalArgumentException(placed + ": the first extended capability is at 0x100, where software begins to look");
        }
        field(at, 4, capability.id() | capability.version() << 16, 0, 0);
        if (last != null) {
          field(last.offset + 2, 2, reset[last.offset + 2] & 0xF | at << 4, 0, 0);
        }
      } else {
        field(at, 2, capability.id(), 0, 0);
        field(last == null ? CAPABILITIES : last.offset + 1, 1, at, 0, 0);
        field(STATUS, 2, STATUS_CAPABILITIES, 0, 0xF900);
      }
      capability.fields().forEach(f -> field(at + f.offset(), f.bytes(), f.value(), f.rw(), f.clearedBy1()));
      capabilities.add(placed);
      return this;
    }

    /**
     * The table.
     *
     * @throws IllegalArgumentException if MSI-X's table or pending bits aren't within a BAR for memory, or overlap
     */
    public ConfigTable build() {
      capabilities.stream().filter(c -> c.is(Capability.MSIX, false)).findFirst().ifPresent(this::checkMessages);
      return new ConfigTable(this);
    }

    private void checkMessages(Placed msix) {
      int vectors = (word(msix.offset) >>> 16 & 0x7FF) + 1;
      int table = word(msix.offset + 4);
      int pending = word(msix.offset + 8);
      long tableEnd = inBar(msix + ": table", table, 16L * vectors);
      long pendingEnd = inBar(msix + ": pending bits", pending, 8L * ((vectors + 63) / 64));
      if ((table & 7) != (pending & 7)) {
        throw new IllegalArgumentException(msix + ": expected table and pending bits in the same BAR, got " + (table & 7) + " and "
            + (pending & 7));
      }
      if ((table & ~7) < pendingEnd && (pending & ~7) < tableEnd) {
        throw new IllegalArgumentException(msix + ": the pending bits at 0x" + Integer.toHexString(pending & ~7)
            + " overlap the table at 0x"
            + Integer.toHexString(table & ~7) + ", which has " + vectors + " vectors");
      }
    }

    private int word(int at) {
      return reset[at] & 0xFF | (reset[at + 1] & 0xFF) << 8 | (reset[at + 2] & 0xFF) << 16 | reset[at + 3] << 24;
    }

    private long inBar(String what, int place, long length) {
      long end = (place & 0xFFFF_FFF8L) + length;
      if (bars.stream().noneMatch(b -> b.index == (place & 7) && b.kind != BarKind.IO && end <= b.size)) {
        throw new IllegalArgumentException(what + ": BAR " + (place & 7) + " is no memory of at least 0x" + Long.toHexString(end)
            + " bytes");
      }
      return end;
    }
  }

  @Override
  public String toString() {
    return "%02x%02x:%02x%02x".formatted(reset[1], reset[0], reset[3], reset[2]) + " " + Arrays.toString(bars.toArray());
  }
}
