// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;

/** Nodes of buses of disks and of USB that have names or texts in them (UEFI 2.10, 10.3.4): ATA, IEEE 1394, USB, SAS. */
final class BusForms {
  private static final int ATA = 1;
  private static final int FIREWIRE = 4;
  private static final int VENDOR = 10;
  private static final int USB_CLASS = 15;
  private static final int USB_WWID = 16;

  private BusForms() {}

  static List<NodeForm> all() {
    return List.of(new Ata(), new FireWire(), new UsbClass(), new UsbWwid(), new Sas());
  }

  /** The place of a name in a list, or the number that it is. */
  private static int choice(List<String> names, String text) {
    int at = names.indexOf(text);
    return at >= 0 ? at : (int) NodeForm.number(text, 1);
  }

  private record Ata() implements NodeForm {
    private static final List<String> CONTROLLERS = List.of("Primary", "Secondary");
    private static final List<String> DRIVES = List.of("Master", "Slave");

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != ATA || data.length != 4 || data[0] >>> 1 != 0 || data[1] >>> 1 != 0) {
        return null;
      }
      return "Ata(%s,%s,0x%X)".formatted(CONTROLLERS.get(data[0]), DRIVES.get(data[1]), NodeForm.in(data).getShort(2));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      return !name.equals("Ata") ? null : new DevicePath().node(DevicePath.MESSAGING, ATA, NodeForm.room(4).put((byte) choice(CONTROLLERS,
          NodeForm.argument(arguments, 0))).put((byte) choice(DRIVES, NodeForm.argument(arguments, 1))).putShort((short) NodeForm.number(
              NodeForm.argument(arguments, 2), 2)).array());
    }
  }

  /** By the device's EUI-64, without 0x. */
  private record FireWire() implements NodeForm {
    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      return type != DevicePath.MESSAGING || subtype != FIREWIRE || data.length != 12 ? null : "I1394(%016X)".formatted(NodeForm.in(data)
          .getLong(4));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("I1394")) {
        return null;
      }
      String digits = NodeForm.argument(arguments, 0);
      return new DevicePath().node(DevicePath.MESSAGING, FIREWIRE, NodeForm.room(12).putInt(0).putLong(Long.parseUnsignedLong(digits
          .regionMatches(true, 0, "0x", 0, 2) ? digits.substring(2) : digits, 16)).array());
    }
  }

  /** What is left out is all ones: any will do. */
  private record UsbClass() implements NodeForm {
    private static final int SIZE = 7;

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != USB_CLASS || data.length != SIZE) {
        return null;
      }
      ByteBuffer in = NodeForm.in(data);
      return "UsbClass(0x%X,0x%X,0x%X,0x%X,0x%X)".formatted(in.getShort(0), in.getShort(2), in.get(4), in.get(5), in.get(6));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("UsbClass")) {
        return null;
      }
      ByteBuffer out = NodeForm.room(SIZE);
      for (int i = 0; i < 5; i++) {
        String text = NodeForm.argument(arguments, i);
        long number = text.isEmpty() ? -1 : NodeForm.number(text, i < 2 ? 2 : 1);
        out = i < 2 ? out.putShort((short) number) : out.put((byte) number);
      }
      return new DevicePath().node(DevicePath.MESSAGING, USB_CLASS, out.array());
    }
  }

  /** The serial number is in quotes, and without a NUL in memory. */
  private record UsbWwid() implements NodeForm {
    private static final int NUMBERS = 6;

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != USB_WWID || data.length < NUMBERS || data.length % 2 != 0) {
        return null;
      }
      ByteBuffer in = NodeForm.in(data);
      return "UsbWwid(0x%X,0x%X,0x%X,\"%s\")".formatted(in.getShort(2), in.getShort(4), in.getShort(0), new String(data, NUMBERS,
          data.length - NUMBERS, StandardCharsets.UTF_16LE));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("UsbWwid")) {
        return null;
      }
      String serial = arguments.size() < 4 ? "" : String.join(",", arguments.subList(3, arguments.size()));
      if (serial.length() > 1 && serial.startsWith("\"") && serial.endsWith("\"")) {
        serial = serial.substring(1, serial.length() - 1);
      }
      byte[] text = serial.getBytes(StandardCharsets.UTF_16LE);
      return new DevicePath().node(DevicePath.MESSAGING, USB_WWID, NodeForm.room(NUMBERS + text.length).putShort((short) number(arguments,
          2)).putShort((short) number(arguments, 0)).putShort((short) number(arguments, 1)).put(text).array());
    }

    private static long number(List<String> arguments, int index) {
      return NodeForm.number(NodeForm.argument(arguments, index), 2);
    }
  }

  /** A vendor's node: GUID, reserved, address, LUN, topology, relative target port. */
  private record Sas() implements NodeForm {
    private static final EfiGuid MARK = EfiGuid.of("d487ddb4-008b-11d9-afdc-001083ffca4d");
    private static final int SIZE = EfiGuid.SIZE + 24;
    private static final int ADDRESS = 20;
    private static final int UNIT = 28;
    private static final int TOPOLOGY = 36;
    private static final int PORT = 38;
    // Topology: how many of its bytes are meant, then bits; the drive bay is in the second byte.
    private static final int SATA = 0x10;
    private static final int EXTERNAL = 0x20;
    private static final int EXPANDED = 0x40;
    private static final int BITS = SATA | EXTERNAL | EXPANDED;

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      boolean sas = type == DevicePath.MESSAGING && subtype == VENDOR && data.length == SIZE && EfiGuid.ofBytes(data, 0).equals(MARK);
      if (!sas) {
        return null;
      }
      ByteBuffer in = NodeForm.in(data);
      int topology = in.getShort(TOPOLOGY) & 0xFFFF;
      int bytes = topology & 0xFF & ~BITS;
      String said = "0x%X,0,0,0".formatted(topology);
      if (topology == 0) {
        said = "NoTopology,0,0,0";
      } else if (bytes == 2 || bytes == 1 && topology >>> 8 == 0) {
        said = "%s,%s,%s,%s".formatted((topology & SATA) != 0 ? "SATA" : "SAS", (topology & EXTERNAL) != 0 ? "External" : "Internal",
            (topology & EXPANDED) != 0 ? "Expanded" : "Direct", bytes == 1 ? "0" : "0x%X".formatted((topology >>> 8) + 1));
      }
      return "SAS(0x%X,0x%X,0x%X,%s,0x%X)".formatted(in.getLong(ADDRESS), in.getLong(UNIT), in.getShort(PORT), said, in.getInt(
          EfiGuid.SIZE));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("SAS")) {
        return null;
      }
      ByteBuffer out = NodeForm.room(SIZE).put(MARK.toBytes()).putInt((int) NodeForm.number(NodeForm.argument(arguments, 7), 4)).putLong(
          NodeForm.number(NodeForm.argument(arguments, 0))).putLong(NodeForm.number(NodeForm.argument(arguments, 1)));
      return new DevicePath().node(DevicePath.MESSAGING, VENDOR, out.putShort((short) topology(arguments)).putShort((short) NodeForm.number(
          NodeForm.argument(arguments, 2), 2)).array());
    }

    private static int topology(List<String> arguments) {
      String kind = NodeForm.argument(arguments, 3);
      if (!kind.equals("SAS") && !kind.equals("SATA")) {
        return kind.equals("NoTopology") ? 0 : (int) NodeForm.number(kind, 2);
      }
      int bay = (int) NodeForm.number(NodeForm.argument(arguments, 6), 2);
      if (bay > 256) {
        throw new IllegalArgumentException("drive bay " + bay);
      }
      return (kind.equals("SATA") ? SATA : 0) | choice(List.of("Internal", "External"), NodeForm.argument(arguments, 4)) % 2 * EXTERNAL
          | choice(List.of("Direct", "Expanded"), NodeForm.argument(arguments, 5)) % 2 * EXPANDED | (bay == 0 ? 1 : 2 | bay - 1 << 8);
    }
  }
}
