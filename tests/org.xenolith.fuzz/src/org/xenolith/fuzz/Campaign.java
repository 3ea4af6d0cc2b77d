package org.xenolith.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many inputs one after another; a finding is tried again in a new world and written so that it can be repeated. */
final class Campaign {
  /** Inputs after which a world is made anew, so that what led to a finding is short enough to keep. */
  private static final int MOST_INPUTS = 500;

  private final Entry entry;
  private final Map<Integer, Life> lives = new TreeMap<>();

  /** A world with what it went through. */
  private static final class Life {
    private final Fuzzing fuzzing;
    private final List<byte[]> inputs = new ArrayList<>();

    private Life(Fuzzing fuzzing) {
      this.fuzzing = fuzzing;
    }

    private void begin() {
      inputs.clear();
      fuzzing.fresh();
    }
  }

  Campaign(Entry entry) {
    this.entry = entry;
  }

  List<String> execute(byte[] input) {
    Life life = lives.computeIfAbsent(entry.gic(input), gic -> new Life(new Fuzzing(entry, gic)));
    life.inputs.add(input);
    List<String> wrong = life.fuzzing.execute(input);
    boolean last = life.inputs.size() == MOST_INPUTS;
    if (wrong.isEmpty() && last) {
      wrong = life.fuzzing.left();
    }
    if (wrong.isEmpty()) {
      if (last) {
        life.begin();
      }
      return wrong;
    }
    List<String> found = new ArrayList<>(wrong);
    List<byte[]> inputs = shortest(life, input);
    life.begin();
    found.add("repeat it with: ./xenolith fuzz --input " + keep(inputs) + " " + entry.word());
    return found;
  }

  /** The input alone if that is enough in a new world, else all that the world went through. */
  private static List<byte[]> shortest(Life life, byte[] input) {
    life.fuzzing.fresh();
    boolean enough = !life.fuzzing.execute(input).isEmpty() || !life.fuzzing.left().isEmpty();
    return enough ? List.of(input) : List.copyOf(life.inputs);
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
