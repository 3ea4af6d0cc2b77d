// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Nodes of messaging with forms of their own (UEFI 2.10, 10.3.4): network cards, serial lines, namespaces of NVMe, URIs. */
final class MessagingForms {
  private static final int MAC = 11;
  private static final int UART = 14;
  private static final int NVME = 23;
  private static final int URI = 24;
  private static final int MAC_ROOM = 32;
  /** An Ethernet card's address. */
  private static final int ETHERNET = 6;

  private MessagingForms() {}

  static List<NodeForm> all() {
    return List.of(new Card(), new Line(), new Namespace(), new Place());
  }

  /** Addresses of Ethernet (kinds 0 and 1) have 6 bytes, others all that there are. */
  private record Card() implements NodeForm {
    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != MAC || data.length != MAC_ROOM + 1) {
        return null;
      }
      int kind = data[MAC_ROOM] & 0xFF;
      return "MAC(%s,0x%X)".formatted(HexFormat.of().withUpperCase().formatHex(data, 0, kind <= 1 ? ETHERNET : MAC_ROOM), kind);
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("MAC")) {
        return null;
      }
      byte[] data = Arrays.copyOf(NodeForm.atMost(HexFormat.of().parseHex(NodeForm.argument(arguments, 0)), MAC_ROOM), MAC_ROOM + 1);
      data[MAC_ROOM] = (byte) NodeForm.number(NodeForm.argument(arguments, 1), 1);
      return new DevicePath().node(DevicePath.MESSAGING, MAC, data);
    }
  }

  /** Speed, bits, parity and stop bits; what is left to the other side is called so. */
  private record Line() implements NodeForm {
    private static final int SIZE = 15;
    private static final String PARITIES = "DNEOMS";
    private static final List<String> STOPS = List.of("D", "1", "1.5", "2");
    private static final String DEFAULT = "DEFAULT";

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != UART || data.length != SIZE) {
        return null;
      }
      ByteBuffer in = NodeForm.in(data);
      int parity = in.get(13) & 0xFF;
      int stop = in.get(14) & 0xFF;
      return "Uart(%s,%s,%s,%s)".formatted(in.getLong(4) == 0 ? DEFAULT : Long.toUnsignedString(in.getLong(4)), in.get(12) == 0 ? DEFAULT
          : String.valueOf(in.get(12) & 0xFF), parity < PARITIES.length() ? PARITIES.charAt(parity) : 'x', stop < STOPS.size() ? STOPS.get(
              stop)
              : "x");
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("Uart")) {
        return null;
      }
      long baud = number(NodeForm.argument(arguments, 0), 8);
      long bits = number(NodeForm.argument(arguments, 1), 1);
      int parity = index(List.of(PARITIES.split("")), NodeForm.argument(arguments, 2));
      int stop = index(STOPS, NodeForm.argument(arguments, 3));
      return new DevicePath().node(DevicePath.MESSAGING, UART, NodeForm.room(SIZE).putInt(0).putLong(baud).put((byte) bits).put(
          (byte) parity).put((byte) stop).array());
    }

    private static long number(String text, int bytes) {
      return text.equals(DEFAULT) ? 0 : NodeForm.number(text, bytes);
    }

    private static int index(List<String> names, String name) {
      int index = name.isEmpty() ? 0 : names.indexOf(name);
      if (index < 0) {
        throw new IllegalArgumentException(name + " is none of " + names);
      }
      return index;
    }
  }

  /** An EUI-64's last byte is the first in memory. */
  private record Namespace() implements NodeForm {
    private static final int SIZE = 12;

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      return type != DevicePath.MESSAGING || subtype != NVME || data.length != SIZE ? null : "NVMe(0x%X,%s)".formatted(NodeForm.in(data)
          .getInt(),
          IntStream.range(0, 8).mapToObj(i -> "%02X".formatted(data[11 - i])).collect(Collectors.joining("-")));
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("NVMe")) {
        return null;
      }
      byte[] eui = NodeForm.atMost(HexFormat.ofDelimiter("-").parseHex(NodeForm.argument(arguments, 1)), 8);
      ByteBuffer out = NodeForm.room(SIZE).putInt((int) NodeForm.number(NodeForm.argument(arguments, 0), 4));
      for (int i = 7; i >= 0; i--) {
        out.put(eui[i]);
      }
      return new DevicePath().node(DevicePath.MESSAGING, NVME, out.array());
    }
  }

  private record Place() implements NodeForm {
    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      return type == DevicePath.MESSAGING && subtype == URI ? "Uri(" + new String(data, StandardCharsets.ISO_8859_1) + ")" : null;
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      if (!name.equals("Uri")) {
        return null;
      }
      String place = String.join(",", arguments);
      if (place.chars().anyMatch(each -> each > 0xFF)) {
        throw new IllegalArgumentException("characters that no URI has");
      }
      return new DevicePath().node(DevicePath.MESSAGING, URI, place.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
