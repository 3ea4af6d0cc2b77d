// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.xenolith.efi.api.EfiGuid;

/** Device paths as text (UEFI 2.10, 10.6.1): nodes that layers here make by their names, others by type and bytes. */
public final class DevicePathText {
  private static final int HEADER = 4;
  private static final int GPT = 2;
  /** EISA identity PNP0A03. */
  private static final int PCI_ROOT = 0x0A03_41D0;

  private DevicePathText() {}

  /** The text. @param path with its end; what is cut off is left out */
  public static String of(byte[] path) {
    List<String> nodes = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(path).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + HEADER <= path.length && (path[at] & 0xFF) != DevicePath.END;) {
      int length = in.getShort(at + 2) & 0xFFFF;
      if (length < HEADER || length > path.length - at) {
        break;
      }
      byte[] data = new byte[length - HEADER];
      in.get(at + HEADER, data);
      nodes.add(node(path[at], path[at + 1], data));
      at += length;
    }
    return String.join("/", nodes);
  }

  private static String node(int type, int subtype, byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    if (type == DevicePath.HARDWARE && subtype == 4 && data.length >= EfiGuid.SIZE) {
      return vendor("VenHw", data);
    }
    if (type == DevicePath.MESSAGING && subtype == 10 && data.length >= EfiGuid.SIZE) {
      return vendor("VenMsg", data);
    }
    if (type == DevicePath.MEDIA && subtype == 3 && data.length >= EfiGuid.SIZE) {
      return vendor("VenMedia", data);
    }
    if (type == DevicePath.MEDIA && subtype == 1 && data.length == 38) {
      boolean gpt = data[37] == GPT;
      String signature = gpt ? upper(EfiGuid.ofBytes(data, 20)) : "0x%08X".formatted(in.getInt(20));
      return "HD(%d,%s,%s,0x%X,0x%X)".formatted(in.getInt(0), gpt ? "GPT" : "MBR", signature, in.getLong(4), in.getLong(12));
    }
    if (type == DevicePath.MEDIA && subtype == 2 && data.length == 20) {
      return "CDROM(0x%X,0x%X,0x%X)".formatted(in.getInt(0), in.getLong(4), in.getLong(12));
    }
    if (type == DevicePath.MEDIA && subtype == 4) {
      String name = new String(data, StandardCharsets.UTF_16LE);
      return name.endsWith("\0") ? name.substring(0, name.length() - 1) : name;
    }
    if (type == DevicePath.HARDWARE && subtype == 1 && data.length == 2) {
      return "Pci(0x%X,0x%X)".formatted(data[1], data[0]);
    }
    if (type == DevicePath.ACPI && subtype == 1 && data.length == 8 && in.getInt(0) == PCI_ROOT) {
      return "PciRoot(0x%X)".formatted(in.getInt(4));
    }
    if (type == DevicePath.MESSAGING && subtype == 23 && data.length == 12) {
      return "NVMe(0x%X,%s)".formatted(in.getInt(0), eui(data));
    }
    if (type == DevicePath.MESSAGING && subtype == 2 && data.length == 4) {
      return "Scsi(0x%X,0x%X)".formatted(in.getShort(0), in.getShort(2));
    }
    if (type == DevicePath.HARDWARE && subtype == 3 && data.length == 20) {
      return "MemoryMapped(0x%X,0x%X,0x%X)".formatted(in.getInt(0), in.getLong(4), in.getLong(12));
    }
    return "Path(%d,%d,%s)".formatted(type, subtype, hex(data, 0));
  }

  /** An EUI-64, whose last byte is the first in memory. */
  private static String eui(byte[] data) {
    StringBuilder text = new StringBuilder();
    for (int i = 11; i >= 4; i--) {
      text.append(i == 11 ? "" : "-").append("%02X".formatted(data[i]));
    }
    return text.toString();
  }

  private static String upper(EfiGuid guid) {
    return guid.toString().toUpperCase(Locale.ROOT);
  }

  private static String hex(byte[] data, int from) {
    return HexFormat.of().withUpperCase().formatHex(data, from, data.length);
  }

  private static String vendor(String name, byte[] data) {
    String rest = hex(data, EfiGuid.SIZE);
    return name + "(" + upper(EfiGuid.ofBytes(data, 0)) + (rest.isEmpty() ? "" : "," + rest) + ")";
  }
}
