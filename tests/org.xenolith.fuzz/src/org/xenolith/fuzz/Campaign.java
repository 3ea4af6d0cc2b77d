package org.xenolith.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Many inputs one after another; a finding is tried again in a new world and written so that it can be repeated. */
final class Campaign {
  /** Inputs after which a world is made anew, so that what led to a finding is short enough to keep. */
  private static final int LIFE = 500;

  private final Entry entry;
  private final List<byte[]> since = new ArrayList<>();
  private Fuzzing fuzzing;

  Campaign(Entry entry) {
    this.entry = entry;
  }

  List<String> execute(byte[] input) {
    if (fuzzing == null) {
      fuzzing = new Fuzzing(entry, gic());
    } else if (since.size() >= LIFE) {
      since.clear();
      fuzzing.fresh();
    }
    since.add(input);
    List<String> wrong = fuzzing.execute(input);
    if (wrong.isEmpty()) {
      return wrong;
    }
    List<String> found = new ArrayList<>(wrong);
    fuzzing.fresh();
    List<byte[]> inputs = fuzzing.execute(input).isEmpty() ? List.copyOf(since) : List.of(input);
    since.clear();
    fuzzing.fresh();
    found.add("repeat it with: ./xenolith fuzz --input " + keep(inputs) + " " + entry.word());
    return found;
  }

  static int gic() {
    return Integer.getInteger("xenolith.fuzz.gic", 2);
  }

  private Path keep(List<byte[]> inputs) {
    byte[] content = InputFile.of(inputs);
    Path file = Path.of(System.getProperty("xenolith.fuzz.findings"), entry.word() + "-" + HexFormat.of()
        .toHexDigits(java.util.Arrays.hashCode(content)) + ".input");
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
