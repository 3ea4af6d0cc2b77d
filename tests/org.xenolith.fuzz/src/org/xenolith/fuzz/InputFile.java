// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file of one input, which is just its bytes, or of several for one world: a first line, then each with its length (4 bytes). */
final class InputFile {
  private static final byte[] SEVERAL = "xenolith fuzz inputs\n".getBytes(StandardCharsets.US_ASCII);

  private InputFile() {}

  static byte[] of(List<byte[]> inputs) {
    if (inputs.size() == 1) {
      return inputs.getFirst();
    }
    ByteBuffer bytes = ByteBuffer.allocate(SEVERAL.length + inputs.stream().mapToInt(i -> 4 + i.length).sum());
    bytes.put(SEVERAL);
    inputs.forEach(input -> bytes.putInt(input.length).put(input));
    return bytes.array();
  }

  static List<byte[]> inputs(byte[] file) {
    if (file.length < SEVERAL.length || !Arrays.equals(file, 0, SEVERAL.length, SEVERAL, 0, SEVERAL.length)) {
      return List.of(file);
    }
    List<byte[]> inputs = new ArrayList<>();
    for (ByteBuffer bytes = ByteBuffer.wrap(file).position(SEVERAL.length); bytes.hasRemaining();) {
      byte[] input = new byte[bytes.getInt()];
      bytes.get(input);
      inputs.add(input);
    }
    return inputs;
  }
}
