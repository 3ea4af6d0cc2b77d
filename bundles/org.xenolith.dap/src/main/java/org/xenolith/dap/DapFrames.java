// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes apart what a client sends: lines of a header, of which one says how many bytes follow, an empty line, and as many bytes of JSON. Source: Debug Adapter Protocol, overview, "Base
 * Protocol".
 */
final class DapFrames {
  /** Bytes of a message at most: far more than any that makes sense. */
  static final int MOST = 1 << 22;
  private static final int MOST_HEADER = 1 << 12;
  private static final Pattern LENGTH = Pattern.compile("(?:^|\r\n)Content-Length: *([0-9]{1,9}) *(?:\r\n|$)", Pattern.CASE_INSENSITIVE);
  private static final Pattern HEADER = Pattern.compile("(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r\n|$))+");
  private static final String END = "\r\n\r\n";

  /** What has come isn't the protocol; nothing behind it can be read. */
  static final class BadFrame extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadFrame(String message) {
      super(message);
    }
  }

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int headerEnd;
  /** Bytes of the message whose header has come; -1 while it hasn't. */
  private int length = -1;

  /**
   * Takes what has come.
   *
   * @return the messages that are complete with it
   * @throws BadFrame if that is none
   */
  List<String> take(byte[] come, int count) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < count;) {
      if (length < 0) {
        header(come[i++]);
      } else {
        int part = Math.min(count - i, length - bytes.size());
        bytes.write(come, i, part);
        i += part;
      }
      if (length >= 0 && bytes.size() == length) {
        found.add(bytes.toString(StandardCharsets.UTF_8));
        bytes.reset();
        length = -1;
        headerEnd = 0;
      }
    }
    return found;
  }

  private void header(byte one) {
    bytes.write(one);
    headerEnd = one == END.charAt(headerEnd) ? headerEnd + 1 : one == '\r' ? 1 : 0;
    if (headerEnd < END.length()) {
      if (bytes.size() > MOST_HEADER || headerEnd == 0 && one != '\t' && (one & 0xFF) < ' ') {
        throw new BadFrame("what it sends has no header of the Debug Adapter Protocol");
      }
      return;
    }
    String header = bytes.toString(StandardCharsets.ISO_8859_1);
    header = header.substring(0, header.length() - END.length());
    Matcher said = LENGTH.matcher(header);
    if (!HEADER.matcher(header).matches() || !said.find()) {
      throw new BadFrame("what it sends has no header of the Debug Adapter Protocol");
    }
    length = Integer.parseInt(said.group(1));
    if (length > MOST) {
      throw new BadFrame("it announces a message of " + length + " bytes; " + MOST + " are the most");
    }
    bytes.reset();
  }
}
