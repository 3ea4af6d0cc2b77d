// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * What the Debian guest prints when its command line says {@code xl.dump}: blocks of text ({@code =====BEGIN name}) or of
 * compressed bytes ({@code =====B64 name}), each up to {@code =====END}.
 */
public final class GuestDump {
  private static final String TEXT = "=====BEGIN ";
  private static final String PACKED = "=====B64 ";
  private static final String END = "=====END";

  private final Map<String, List<String>> texts = new LinkedHashMap<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /** Reads a console's output. */
  public GuestDump(String console) {
    String name = null;
    boolean packed = false;
    List<String> block = new ArrayList<>();
    for (String line : console.replace("\r", "").split("\n")) {
      if (name == null && (line.startsWith(TEXT) || line.startsWith(PACKED))) {
        packed = line.startsWith(PACKED);
        name = line.substring((packed ? PACKED : TEXT).length());
        block = new ArrayList<>();
      } else if (name != null && line.equals(END)) {
        if (packed) {
          files.put(name, unpacked(name, block));
          // bytes of binary files are kept as they are
          texts.put(name, List.of(new String(files.get(name), StandardCharsets.ISO_8859_1).split("\n")));
        } else {
          texts.put(name, block);
        }
        name = null;
      } else if (name != null) {
        block.add(line);
      }
    }
    if (name != null) {
      throw new AssertionError("the guest's dump ends inside of '" + name + "'");
    }
  }

  private static byte[] unpacked(String name, List<String> base64) {
    try (var stream = new GZIPInputStream(new ByteArrayInputStream(Base64.getMimeDecoder().decode(String.join("", base64))))) {
      return stream.readAllBytes();
    } catch (IOException | IllegalArgumentException e) {
      throw new AssertionError("the guest's dump of '" + name + "' is damaged: " + e, e);
    }
  }

  /** The lines of a block. */
  public List<String> block(String name) {
    List<String> lines = texts.get(name);
    if (lines == null) {
      throw new AssertionError("the guest dumped no '" + name + "', only " + texts.keySet());
    }
    return lines;
  }

  /** A file that the guest dumped as it is. */
  public byte[] file(String name) {
    byte[] file = files.get(name);
    if (file == null) {
      throw new AssertionError("the guest dumped no file '" + name + "', only " + files.keySet());
    }
    return file;
  }
}
