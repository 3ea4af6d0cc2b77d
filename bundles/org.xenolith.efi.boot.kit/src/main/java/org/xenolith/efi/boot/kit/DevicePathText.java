// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Device paths as text and back (UEFI 2.10, 10.6.1). Nodes whose kind has no form here are written by type, subtype and bytes, which every reader of such
 * texts understands.
 */
public final class DevicePathText {
  private static final int HEADER = 4;
  private static final int FILE = 4;
  private static final int INSTANCE = 1;
  private static final int LAST = 0xFF;
  /** What nodes of types 1 to 5 are called whose subtype has no name. */
  private static final List<String> TYPES = List.of("HardwarePath", "AcpiPath", "Msg", "MediaPath", "BbsPath");
  private static final List<NodeForm> FORMS = forms();

  private DevicePathText() {}

  private static List<NodeForm> forms() {
    List<NodeForm> all = new ArrayList<>(NumbersForm.all());
    all.addAll(BusForms.all()); // SAS before vendors' nodes, of which it is one
    all.addAll(GuidForms.all());
    all.addAll(MessagingForms.all());
    all.addAll(InternetForms.all());
    all.add(new AcpiForm());
    all.add(new AcpiExForm());
    all.add(new AcpiExForm.Address());
    all.add(new PartitionForm());
    return List.copyOf(all);
  }

  /** How a node is written. */
  @FunctionalInterface
  private interface Writer {
    String text(int type, int subtype, byte[] data);
  }

  /** The text, for people: the most usual form of each node. @param path with its end; what is cut off is left out */
  public static String of(byte[] path) {
    return of(path, DevicePathText::node);
  }

  /** The text, to be read again as the same path. @param path with its end; what is cut off is left out */
  public static String exact(byte[] path) {
    return of(path, DevicePathText::exactNode);
  }

  private static String of(byte[] path, Writer writer) {
    StringBuilder text = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(path).order(ByteOrder.LITTLE_ENDIAN);
    String before = "";
    for (int at = 0; at + HEADER <= path.length;) {
      int length = in.getShort(at + 2) & 0xFFFF;
      int subtype = path[at + 1] & 0xFF;
      boolean end = path[at] == DevicePath.END;
      if (length < HEADER || length > path.length - at || end && subtype == LAST) {
        break;
      }
      if (end && subtype == INSTANCE) {
        text.append(',');
        before = "";
      } else {
        byte[] data = new byte[length - HEADER];
        in.get(at + HEADER, data);
        text.append(before).append(writer.text(path[at] & 0xFF, subtype, data));
        before = "/";
      }
      at += length;
    }
    return text.toString();
  }

  /** The text of one node, for people. @param data without its header */
  public static String node(int type, int subtype, byte[] data) {
    if (type == DevicePath.MEDIA && subtype == FILE) {
      return Ucs2.text(data);
    }
    for (NodeForm form : FORMS) {
      String text = form.text(type, subtype, data);
      if (text != null) {
        return text;
      }
    }
    return bytes(type, subtype, data);
  }

  /**
   * The text of one node, to be read again as the same: without a form that keeps all of it (reserved bytes, characters that mean something
   * in a text) it is written by type, subtype and bytes.
   *
   * @param data without its header
   */
  public static String exactNode(int type, int subtype, byte[] data) {
    String text = node(type, subtype, data);
    try {
      // With another one behind it, which a parenthesis that isn't closed would take into the node.
      byte[] path = new DevicePath().node(type, subtype, data).node(DevicePath.HARDWARE, 0, new byte[0]).bytes();
      return text.indexOf(0) < 0 && Arrays.equals(parse(text + "/Path(1,0)"), path) ? text : bytes(type, subtype, data);
    } catch (IllegalArgumentException e) {
      return bytes(type, subtype, data);
    }
  }

  private static String bytes(int type, int subtype, byte[] data) {
    return "Path(%d,%d%s)".formatted(type, subtype, data.length == 0 ? "" : "," + HexFormat.of().withUpperCase().formatHex(data));
  }

  /**
   * The path of a text, with its end. A node that has no parentheses is a file.
   *
   * @throws IllegalArgumentException if a node has a name that is known and no such arguments; says which
   */
  public static byte[] parse(String text) {
    DevicePath path = new DevicePath();
    for (int at = 0; at < text.length();) {
      int end = end(text, at);
      if (end > at) {
        path.append(parseNode(text.substring(at, end)));
      }
      if (end < text.length() && text.charAt(end) == ',') {
        path.node(DevicePath.END, INSTANCE, new byte[0]);
      }
      at = end + 1;
    }
    return path.bytes();
  }

  /** Where the node ends that begins there: at a slash or, if another instance follows, a comma that isn't in parentheses. */
  private static int end(String text, int from) {
    int depth = 0;
    for (int at = from; at < text.length(); at++) {
      char each = text.charAt(at);
      depth += each == '(' ? 1 : each == ')' ? -1 : 0;
      if (depth <= 0 && (each == '/' || each == ',')) {
        return at;
      }
    }
    return text.length();
  }

  /** The node that a text begins with. @throws IllegalArgumentException as {@link #parse} */
  public static DevicePath parseNode(String path) {
    String text = path.substring(0, end(path, 0));
    int open = text.indexOf('(');
    if (open <= 0 || !text.endsWith(")")) {
      return new DevicePath().file(text);
    }
    String name = text.substring(0, open);
    List<String> arguments = List.of(text.substring(open + 1, text.length() - 1).split(",", -1)).stream().map(String::strip).toList();
    try {
      int type = name.equals("Path") ? (int) NodeForm.number(arguments.get(0), 1) : TYPES.indexOf(name) + 1;
      if (name.equals("Path") || type != 0) {
        int first = name.equals("Path") ? 1 : 0;
        byte[] data = HexFormat.of().parseHex(NodeForm.argument(arguments, first + 1));
        return new DevicePath().node(type, (int) NodeForm.number(NodeForm.argument(arguments, first), 1), data);
      }
      for (NodeForm form : FORMS) {
        DevicePath node = form.node(name, arguments);
        if (node != null) {
          return node;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("device path: " + text + ": " + e.getMessage(), e);
    }
    return new DevicePath().file(text);
  }
}
