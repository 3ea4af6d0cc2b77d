// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ends of connections by IPv4 and IPv6 (UEFI 2.10, 10.3.4.12 and 10.3.4.13): the other one's address is the first of the text. Ports aren't
 * written.
 */
final class InternetForms {
  private static final int UDP = 17;
  private static final int TCP = 6;

  private InternetForms() {}

  static List<NodeForm> all() {
    return List.of(new Four(), new Six());
  }

  private static String protocol(int number) {
    return number == UDP ? "UDP" : number == TCP ? "TCP" : "0x%X".formatted(number);
  }

  private static short protocol(String text) {
    return (short) (text.isEmpty() || text.equals("UDP") ? UDP : text.equals("TCP") ? TCP : NodeForm.number(text, 2));
  }

  private static byte choice(List<String> names, String text) {
    int at = text.isEmpty() ? 0 : names.indexOf(text);
    if (at < 0) {
      throw new IllegalArgumentException(text + " is none of " + names);
    }
    return (byte) at;
  }

  /** Local address, remote address, ports, protocol, origin, gateway, subnet mask. */
  private record Four() implements NodeForm {
    private static final int SUBTYPE = 12;
    private static final int SIZE = 23;
    private static final int PROTOCOL = 12;
    private static final int ORIGIN = 14;
    private static final List<String> ORIGINS = List.of("DHCP", "Static");

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != SUBTYPE || data.length != SIZE || data[ORIGIN] >>> 1 != 0) {
        return null;
      }
      return "IPv4(%s,%s,%s,%s,%s,%s)".formatted(address(data, 4), protocol(NodeForm.in(data).getShort(PROTOCOL) & 0xFFFF), ORIGINS.get(
          data[ORIGIN]), address(data, 0), address(data, 15), address(data, 19));
    }

    private static String address(byte[] data, int at) {
      return IntStream.range(at, at + 4).mapToObj(i -> String.valueOf(data[i] & 0xFF)).collect(Collectors.joining("."));
    }

    private static byte[] address(String text) {
      String[] parts = text.isEmpty() ? new String[] {"0", "0", "0", "0"} : text.split("\\.", -1);
      if (parts.length != 4) {
        throw new IllegalArgumentException(text + " is no address of IPv4");
      }
      ByteBuffer out = NodeForm.room(4);
      for (String part : parts) {
        int number = part.isEmpty() || part.length() > 3 ? 256 : Integer.parseUnsignedInt(part);
        if (number > 255) {
          throw new IllegalArgumentException(text + " is no address of IPv4");
        }
        out.put((byte) number);
      }
      return out.array();
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      return !name.equals("IPv4") ? null : new DevicePath().node(DevicePath.MESSAGING, SUBTYPE, NodeForm.room(SIZE).put(address(NodeForm
          .argument(arguments, 3))).put(address(NodeForm.argument(arguments, 0))).putInt(0).putShort(protocol(NodeForm.argument(arguments,
              1))).put(choice(ORIGINS, NodeForm.argument(arguments, 2))).put(address(NodeForm.argument(arguments, 4))).put(address(NodeForm
                  .argument(arguments, 5))).array());
    }
  }

  /** Local address, remote address, ports, protocol, origin, bits of the prefix, gateway. */
  private record Six() implements NodeForm {
    private static final int SUBTYPE = 13;
    private static final int SIZE = 56;
    private static final int ADDRESS = 16;
    private static final int GROUPS = 8;
    private static final int PROTOCOL = 36;
    private static final int ORIGIN = 38;
    private static final int PREFIX = 39;
    private static final List<String> ORIGINS = List.of("Static", "StatelessAutoConfigure", "StatefulAutoConfigure");

    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      if (type != DevicePath.MESSAGING || subtype != SUBTYPE || data.length != SIZE || data[ORIGIN] < 0 || data[ORIGIN] >= ORIGINS
          .size()) {
        return null;
      }
      return "IPv6(%s,%s,%s,%s,%s,0x%X)".formatted(address(data, ADDRESS), protocol(NodeForm.in(data).getShort(PROTOCOL) & 0xFFFF), ORIGINS
          .get(data[ORIGIN]), address(data, 0), address(data, PREFIX + 1), data[PREFIX]);
    }

    private static String address(byte[] data, int at) {
      return IntStream.range(0, GROUPS).mapToObj(i -> "%x".formatted((data[at + 2 * i] & 0xFF) << 8 | data[at + 2 * i + 1] & 0xFF)).collect(
          Collectors.joining(":"));
    }

    /** Also with the zeros left out, once (RFC 4291, 2.2). */
    private static byte[] address(String text) {
      int gap = text.indexOf("::");
      String[] before = groups(gap < 0 ? text : text.substring(0, gap));
      String[] behind = groups(gap < 0 ? "" : text.substring(gap + 2));
      int given = before.length + behind.length;
      if (!text.isEmpty() && (gap < 0 ? given != GROUPS : given >= GROUPS)) {
        throw new IllegalArgumentException(text + " is no address of IPv6");
      }
      byte[] out = new byte[ADDRESS];
      for (int i = 0; i < given; i++) {
        String group = i < before.length ? before[i] : behind[i - before.length];
        int at = i < before.length ? i : GROUPS - given + i;
        if (group.isEmpty() || group.length() > 4) {
          throw new IllegalArgumentException(text + " is no address of IPv6");
        }
        int number = Integer.parseUnsignedInt(group, 16);
        out[2 * at] = (byte) (number >>> 8);
        out[2 * at + 1] = (byte) number;
      }
      return out;
    }

    private static String[] groups(String text) {
      return text.isEmpty() ? new String[0] : Arrays.stream(text.split(":", -1)).toArray(String[]::new);
    }

    @Override
    public @Nullable DevicePath node(String name, List<String> arguments) {
      return !name.equals("IPv6") ? null : new DevicePath().node(DevicePath.MESSAGING, SUBTYPE, NodeForm.room(SIZE).put(address(NodeForm
          .argument(arguments, 3))).put(address(NodeForm.argument(arguments, 0))).putInt(0).putShort(protocol(NodeForm.argument(arguments,
              1))).put(choice(ORIGINS, NodeForm.argument(arguments, 2))).put((byte) NodeForm.number(NodeForm.argument(arguments, 5), 1))
          .put(address(NodeForm.argument(arguments, 4))).array());
    }
  }
}
