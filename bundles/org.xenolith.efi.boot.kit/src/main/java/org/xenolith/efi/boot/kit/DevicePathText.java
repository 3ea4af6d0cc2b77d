// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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
  private static final List<NodeForm> FORMS = forms();

  private DevicePathText() {}

  private static List<NodeForm> forms() {
    List<NodeForm> all = new ArrayList<>(NumbersForm.all());
    all.addAll(GuidForms.all());
    all.addAll(MessagingForms.all());
    all.add(new AcpiForm());
    all.add(new PartitionForm());
    return List.copyOf(all);
  }

  /** The text. @param path with its end; what is cut off is left out */
  public static String of(byte[] path) {
    StringBuilder text = new StringBuilder();
    ByteBuffer in = ByteBuffer.wrap(path).order(ByteOrder.LITTLE_ENDIAN);
    String before = "";
    for (int at = 0; at + HEADER <= path.length;) {
      int length = in.getShort(at + 2) & 0xFFFF;
      boolean end = (path[at] & 0xFF) == DevicePath.END;
      if (length < HEADER || length > path.length - at || end && path[at + 1] != INSTANCE) {
        break;
      }
      byte[] data = new byte[length - HEADER];
      in.get(at + HEADER, data);
      if (!end) {
        text.append(before).append(node(path[at], path[at + 1] & 0xFF, data));
      }
      before = end ? "," : "/";
      at += length;
    }
    return text.toString();
  }

  /** The text of one node. @param data without its header */
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

  /** The node of a text. @throws IllegalArgumentException as {@link #parse} */
  public static DevicePath parseNode(String text) {
    int open = text.indexOf('(');
    if (open <= 0 || !text.endsWith(")")) {
      return new DevicePath().file(text);
    }
    String name = text.substring(0, open);
    List<String> arguments = List.of(text.substring(open + 1, text.length() - 1).split(",", -1)).stream().map(String::strip).toList();
    try {
      if (name.equals("Path")) {
        byte[] data = HexFormat.of().parseHex(NodeForm.argument(arguments, 2));
        return new DevicePath().node((int) NodeForm.number(arguments.get(0)), (int) NodeForm.number(NodeForm.argument(arguments, 1)), data);
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
