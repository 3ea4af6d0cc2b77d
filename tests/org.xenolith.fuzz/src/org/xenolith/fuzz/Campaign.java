// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many inputs one after another; a finding is tried again in a new world and written so that it can be repeated. */
final class Campaign {
  /** Inputs after which a world is made anew, so that what led to a finding is short enough to keep. */
  private static final int MOST_INPUTS = 500;

  private final String word;
  private final Attack attack;
  private final Map<Integer, Life> lives = new TreeMap<>();

  /** A world with what it went through. */
  private static final class Life {
    private final Attack attack;
    private final List<byte[]> inputs = new ArrayList<>();

    private Life(Attack attack) {
      this.attack = attack;
      begin();
    }

    private void begin() {
      inputs.clear();
      attack.fresh();
    }
  }

  /** @param word of an attack */
  Campaign(String word) {
    this.word = word;
    attack = Attacks.named(word);
  }

  List<String> execute(byte[] input) {
    Life life = lives.computeIfAbsent(attack.world(input), number -> new Life(Attacks.named(word)));
    life.inputs.add(input);
    List<String> wrong = Trial.of(life.attack, input);
    boolean last = life.inputs.size() == MOST_INPUTS;
    if (wrong.isEmpty() && last) {
      wrong = life.attack.left();
    }
    if (wrong.isEmpty()) {
      if (last) {
        life.begin();
      }
      return wrong;
    }
    List<String> found = new ArrayList<>(wrong);
    List<byte[]> inputs = Shortest.of(life.attack, life.inputs);
    life.begin();
    found.add("repeat it with: ./xenolith fuzz --input " + keep(inputs) + " " + word);
    return found;
  }

  /** What the inputs left behind in the worlds there are; nothing is executed any more. */
  List<String> left() {
    return lives.values().stream().flatMap(life -> life.attack.left().stream()).toList();
  }

  private Path keep(List<byte[]> inputs) {
    byte[] content = InputFile.of(inputs);
    Path file = Path.of(System.getProperty("xenolith.fuzz.findings"), word + "-" + HexFormat.of()
        .toHexDigits(Arrays.hashCode(content)) + ".input");
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
