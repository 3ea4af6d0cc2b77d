// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.Lane;

/**
 * Debian's kernel is booted on boards of its package, most of which have hardware that nobody modelled: none of them ends as if all were
 * well without its marker, and each that doesn't come to it says what is missing. The sample is drawn anew for another
 * {@code xenolith.boards.seed}.
 */
class SampledBoardsTest {
  private static final long SEED = Long.getLong("xenolith.boards.seed", 63);
  private static final int FULL = 20;
  /** The second of the sample, hi6220-hikey, comes to the marker although clock and pins of its console have no model. */
  private static final int SHORT = 2;
  /** What the guest says before it powers off. */
  private static final String MARKER = "XENOLITH-MARKER";
  private static final Pattern SENTENCE = Pattern.compile("(?m)^xenolith: (?!\\d+ nodes without a model).*\\w.*$");

  @Test
  void noBoardEndsWellWithoutItsMarkerAndNoneWithoutASentence() throws InterruptedException {
    List<Path> boards = new ArrayList<>(DebianParts.fetched().boards());
    Collections.sort(boards);
    Collections.shuffle(boards, new Random(SEED));
    List<Path> sample = boards.subList(0, Lane.full() ? FULL : SHORT);
    List<String> wrong = new ArrayList<>();
    for (Path board : sample) {
      String name = board.getFileName().toString();
      Outcome outcome = Product.run("boot", board, "--memory", "512M", "--guest", "debian", "--limit", "5");
      System.out.println(name + " | " + outcome.exit() + " | " + outcome.out().length() + " | " + sentences(outcome.err()));
      if (outcome.exit() == 0 && !outcome.out().contains(MARKER)) {
        wrong.add(name + ": exit code 0 without the marker; " + outcome);
      }
      if (!outcome.out().contains(MARKER) && !SENTENCE.matcher(outcome.err()).find()) {
        wrong.add(name + ": not a sentence; " + outcome);
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static List<String> sentences(String err) {
    List<String> all = new ArrayList<>();
    Matcher matcher = SENTENCE.matcher(err);
    while (matcher.find()) {
      all.add(matcher.group().substring("xenolith: ".length()));
    }
    return all;
  }
}
