// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;

/** Nodes that a GUID is in: those of vendors, some of which have names of their own, and those of firmware's files. */
final class GuidForms {
  /** Vendors' messaging nodes with names of their own (UEFI 2.10, 10.3.4.6 to 10.3.4.8). */
  private static final Map<EfiGuid, String> NAMED = Map.of(EfiGuid.of("e0c14753-f9be-11d2-9a0c-0090273fc14d"), "VenPcAnsi", EfiGuid.of(
      "dfa66065-b419-11d3-9a2d-0090273fc14d"), "VenVt100", EfiGuid.of("7baec70b-57e0-4c76-8e87-2f9e28088343"), "VenVt100Plus", EfiGuid.of(
          "ad15a0d6-8bec-4acf-a073-d01de77e2d88"), "VenUtf8");

  private GuidForms() {}

  static List<NodeForm> all() {
    return List.of(new Named(), new Plain("Media", 4, 5), new Plain("FvFile", 4, 6), new Plain("Fv", 4, 7), new Vendor("VenHw", 1, 4),
        new Vendor(
            "VenMsg", 3, 10), new Vendor("VenMedia", 4, 3));
  }

  private record Plain(String name, int type, int subtype) implements NodeForm {
    @Override
    public @Nullable String text(int itsType, int itsSubtype, byte[] data) {
      return itsType == type && itsSubtype == subtype && data.length == EfiGuid.SIZE ? name + "(" + NodeForm.text(EfiGuid.ofBytes(data, 0))
          + ")"
          : null;
    }

    @Override
    public @Nullable DevicePath node(String itsName, List<String> arguments) {
      return itsName.equals(name) ? new DevicePath().node(type, subtype, EfiGuid.of(NodeForm.argument(arguments, 0)).toBytes()) : null;
    }
  }

  private record Named() implements NodeForm {
    @Override
    public @Nullable String text(int type, int subtype, byte[] data) {
      String name = type == DevicePath.MESSAGING && subtype == 10 && data.length == EfiGuid.SIZE ? NAMED.get(EfiGuid.ofBytes(data, 0))
          : null;
      return name == null ? null : name + "()";
    }

    @Override
    public DevicePath node(String name, List<String> arguments) {
      return NAMED.entrySet().stream().filter(each -> each.getValue().equals(name)).findFirst().map(each -> new DevicePath().vendor(
          DevicePath.MESSAGING, each.getKey(), new byte[0])).orElse(null);
    }
  }

  /** Bytes behind the GUID are written as hexadecimal digits. */
  private record Vendor(String name, int type, int subtype) implements NodeForm {
    @Override
    public @Nullable String text(int itsType, int itsSubtype, byte[] data) {
      if (itsType != type || itsSubtype != subtype || data.length < EfiGuid.SIZE) {
        return null;
      }
      String rest = HexFormat.of().withUpperCase().formatHex(data, EfiGuid.SIZE, data.length);
      List<String> parts = new ArrayList<>(List.of(NodeForm.text(EfiGuid.ofBytes(data, 0))));
      if (!rest.isEmpty()) {
        parts.add(rest);
      }
      return name + "(" + String.join(",", parts) + ")";
    }

    @Override
    public @Nullable DevicePath node(String itsName, List<String> arguments) {
      if (!itsName.equals(name)) {
        return null;
      }
      byte[] rest = HexFormat.of().parseHex(NodeForm.argument(arguments, 1));
      ByteBuffer out = NodeForm.room(EfiGuid.SIZE + rest.length).put(EfiGuid.of(NodeForm.argument(arguments, 0)).toBytes()).put(rest);
      return new DevicePath().node(type, subtype, Arrays.copyOf(out.array(), out.capacity()));
    }
  }
}
